package io.mailserver.delivery;

import io.mailserver.account.Forward;
import io.mailserver.account.Forwards;
import io.mailserver.account.Resolution;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.queue.Outcomes;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueuedMessage;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtpclient.RecipientResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Watches what becomes of forwarded mail: a target that keeps failing is suspended, and those who get the alias's mail here are told, or
 * the postmaster where nobody does. Called by the queue's workers.
 */
public final class ForwardHealth implements Outcomes {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final int SUBJECT_CONTENT = 6;
    private static final int SUBJECT_POLICY = 7;

    private final Forwards forwards;
    private final Supplier<Forwards.Patience> patience;
    private final Function<Address, Resolution> directory;
    private final Outbound outbound;
    private final Time time;
    private final EventLog log;

    /**
     * @param patience asked at each use
     * @param outbound takes the word to the owner
     */
    public ForwardHealth(Forwards forwards, Supplier<Forwards.Patience> patience, Function<Address, Resolution> directory,
            Outbound outbound, Time time, EventLog log) {
        this.forwards = forwards;
        this.patience = patience;
        this.directory = directory;
        this.outbound = outbound;
        this.time = time;
        this.log = log;
    }

    @Override
    public Optional<String> envelopeId(QueuedMessage message, List<Recipient> recipients) {
        return Optional.empty();
    }

    @Override
    public void delivered(QueuedMessage message, Recipient recipient) {
        Optional<Forward> forward = forward(message, recipient);
        if (forward.isPresent()) {
            try {
                forwards.succeeded(forward.get());
            } catch (IOException e) {
                log.error("forwarding.not-noted", e, "alias", forward.get().alias());
            }
        }
    }

    @Override
    public void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, RecipientResult result) {
        // What is refused for its content or by a filter says nothing of the mailbox (RFC 3463 §3.7, §3.8).
        boolean ofTheTarget = status.subject() != SUBJECT_CONTENT && status.subject() != SUBJECT_POLICY;
        String reply = result.text();
        Optional<Forward> forward = forward(message, recipient);
        if (!ofTheTarget || forward.isEmpty()) {
            return;
        }
        try {
            if (forwards.failed(forward.get(), reply, patience.get())) {
                log.warn("forwarding.suspended", "alias", forward.get().alias(), "target", forward.get().target(), "reason", reply);
                tell(forward.get(), reply);
            }
        } catch (IOException e) {
            log.error("forwarding.not-noted", e, "alias", forward.get().alias());
        }
    }

    /** The queue calls forwarded mail the alias's; the database knows whether there is one. */
    private static Optional<Forward> forward(QueuedMessage message, Recipient recipient) {
        String account = message.envelope().account();
        int at = account.lastIndexOf('@');
        Optional<Domain> domain =
                at < 1 ? Optional.empty() : Domain.parse(account.substring(at + 1));
        return domain.map(name -> new Forward(Address.of(account.substring(0, at), name), recipient.address()));
    }

    private void tell(Forward forward, String reply) throws IOException {
        Address alias = forward.alias();
        Address postmaster = new Address("postmaster", alias.host());
        List<Address> owners = directory.apply(alias) instanceof Resolution.Local local && !local.accounts().isEmpty()
                ? local.accounts().stream().map(account -> account.address()).toList()
                : List.of(postmaster);
        String text = "Mail for " + alias + " is forwarded to " + forward.target() + ", where it could not be\r\n"
                + "delivered several times in a row. Nothing is forwarded there any more.\r\n\r\n"
                + "The last answer was:\r\n\r\n  " + reply.replaceAll("[^\\x20-\\x7e]", "?") + "\r\n\r\n"
                + "When the address works again, the operator of this server resumes it with:\r\n\r\n"
                + "  ./mailserver alias resume " + alias + "\r\n";
        String message = "From: Mail Delivery System <" + postmaster + ">\r\n"
                + "To: " + String.join(",\r\n ", owners.stream().map(owner -> "<" + owner + ">").toList()) + "\r\n"
                + "Subject: Forwarding suspended: " + alias + "\r\n"
                + "Date: " + DATE.format(time.now().atZone(ZoneOffset.UTC)) + "\r\n"
                + "Message-ID: <forward." + time.now().getEpochSecond() + "." + time.nanos() + "@" + alias.host() + ">\r\n"
                + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\n" + text;
        List<Recipient> recipients =
                owners.stream().map(owner -> new Recipient(owner, Set.of(Recipient.Notify.NEVER), Optional.empty())).toList();
        try (OctetContent content = new OctetContent(message.getBytes(StandardCharsets.UTF_8))) {
            outbound.accept(new QueueEnvelope("forward-suspended", "", Optional.empty(), MailParameters.NONE, recipients), "", content)
                    .release();
        }
    }
}
