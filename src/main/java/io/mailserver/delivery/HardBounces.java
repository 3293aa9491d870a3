package io.mailserver.delivery;

import io.mailserver.account.Suppressions;
import io.mailserver.log.EventLog;
import io.mailserver.queue.Outcomes;
import io.mailserver.queue.QueuedMessage;
import io.mailserver.returnpath.SenderRewriting;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.ServerReply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Keeps each account's list of addresses that do not exist: a server's word at RCPT that it knows no such mailbox puts an address on it,
 * a message that is taken for it takes it off. Called by the queue's workers; never throws.
 */
public final class HardBounces implements Outcomes {
    private static final int ADDRESSING = 1;

    /** RFC 3463 §3.2 and RFC 7505 §4.2: no such mailbox, no such system, no such syntax, moved, null MX. */
    private static final Set<Integer> NO_SUCH_ADDRESS = Set.of(1, 2, 3, 6, 10);

    /** RFC 5321 §4.2.3: mailbox unavailable, user not local, name not allowed. */
    private static final Set<Integer> NO_SUCH_MAILBOX = Set.of(550, 551, 553);

    /** Many a server refuses its clients for what they are with a bare 550: that says nothing of the mailbox. */
    private static final Pattern OF_THE_CLIENT = Pattern.compile(
            "(?i)block|black|banned|spam|abuse|polic|reputation|relay|denied|not allowed|authenti|spf|dkim|dmarc|rbl|\\bip\\b|client");

    private final Suppressions suppressions;
    private final Supplier<Suppressions.Bounds> bounds;
    private final EventLog log;

    /** @param bounds asked at each use */
    public HardBounces(Suppressions suppressions, Supplier<Suppressions.Bounds> bounds, EventLog log) {
        this.suppressions = suppressions;
        this.bounds = bounds;
        this.log = log;
    }

    /** Whether a result says that the address does not exist, whatever is sent there and by whom. */
    static boolean isHard(RecipientResult result) {
        if (result.kind() != RecipientResult.Kind.PERMANENT || result.stage() != RecipientResult.Stage.RECIPIENT
                || result.reply().isEmpty()) {
            return false;
        }
        ServerReply reply = result.reply().get();
        return reply.status().isPresent()
                ? isHard(reply.status().get())
                : NO_SUCH_MAILBOX.contains(reply.code()) && !OF_THE_CLIENT.matcher(reply.toString()).find();
    }

    /** The same of a status alone. */
    static boolean isHard(EnhancedStatus status) {
        return status.statusClass() == 5 && status.subject() == ADDRESSING && NO_SUCH_ADDRESS.contains(status.detail());
    }

    @Override
    public Optional<String> envelopeId(QueuedMessage message, List<Recipient> recipients) {
        return Optional.empty();
    }

    @Override
    public void delivered(QueuedMessage message, Recipient recipient) {
        if (isOfAnAccount(message)) {
            try {
                suppressions.lift(message.envelope().account(), recipient.address());
            } catch (IOException e) {
                log.error("sending.suppression-not-lifted", e, "message", message.id());
            }
        }
    }

    @Override
    public void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, RecipientResult result) {
        if (!isOfAnAccount(message) || !isHard(result)) {
            return;
        }
        try {
            if (suppressions.add(message.envelope().account(), recipient.address(), message.created(), result.text(), bounds.get())) {
                log.info("sending.suppressed", "account", message.envelope().account(), "to", recipient.address(), "reply", result.text());
            }
        } catch (IOException e) {
            log.error("sending.not-suppressed", e, "message", message.id());
        }
    }

    /** Not what an alias forwards, nor automatic answers, whose recipients anybody can name. */
    static boolean isOfAnAccount(QueuedMessage message) {
        return !message.envelope().account().isEmpty()
                && message.envelope().reversePath().filter(path -> !SenderRewriting.isRewritten(path)).isPresent();
    }
}
