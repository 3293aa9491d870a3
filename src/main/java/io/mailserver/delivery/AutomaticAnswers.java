package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Resolution;
import io.mailserver.account.VacationResponses;
import io.mailserver.account.VacationResponses.Response;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.Time;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.log.EventLog;
import io.mailserver.mime.AddressList;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.spf.SpfVerdict;
import io.mailserver.submission.AutomaticAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Answers mail for accounts whose owners are away (RFC 3834): once a week to each sender, never to programs, lists, junk and senders that
 * may be forged, and only where the message names the account. Answers have the null reverse-path and say what they are, so that no other
 * server answers them: two of us cannot begin to talk to each other.
 *
 * <p>Safe for use by any thread. An answer that fails does not fail the message.
 */
public final class AutomaticAnswers {
    private static final Duration PERIOD = Duration.ofDays(7);
    private static final List<String> RECIPIENT_FIELDS =
            List.of("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"); // RFC 5230 §4.5

    /** So many addresses of a message are looked up. */
    private static final int MAX_ADDRESSES = 100;

    private final VacationResponses responses;
    private final Function<Address, Resolution> directory;
    private final Outbound outbound;
    private final Time time;
    private final EventLog log;

    public AutomaticAnswers(VacationResponses responses, Function<Address, Resolution> directory, Outbound outbound, Time time,
            EventLog log) {
        this.responses = responses;
        this.directory = directory;
        this.outbound = outbound;
        this.time = time;
        this.log = log;
    }

    /**
     * Answers a message that is in its mailboxes.
     *
     * @param sender its reverse-path
     * @param judgement of a stranger's message
     */
    public void answer(String messageId, HeaderBlock header, Optional<Address> sender, List<Placement> placements,
            Optional<Judgement> judgement) {
        try {
            for (Placement placement : placements) {
                Instant now = time.now();
                Optional<Response> response =
                        placement.folder().isPresent() ? Optional.empty() : responses.active(placement.account().id(), now);
                if (response.isPresent() && sender.isPresent()) {
                    answer(messageId, header, sender.get(), placement.account(), response.get(), judgement, now);
                }
            }
        } catch (IOException | RuntimeException e) {
            log.error("vacation.failed", e, "message", messageId);
        }
    }

    private void answer(String messageId, HeaderBlock header, Address sender, AccountRef account, Response response,
            Optional<Judgement> judgement, Instant now) throws IOException {
        Optional<Address> named = addressOf(account, header);
        Optional<String> obstacle = AutomaticAnswer.obstacle(header, Optional.of(sender))
                .or(() -> judgement.flatMap(AutomaticAnswers::doubt))
                .or(() -> named.isEmpty() ? Optional.of("it does not name the account") : Optional.empty())
                .or(() -> isOwn(account, sender) ? Optional.of("the account's own message") : Optional.empty());
        String to = sender.toString().toLowerCase(Locale.ROOT);
        if (obstacle.isEmpty() && !responses.mayAnswer(account.id(), to, now, PERIOD)) {
            obstacle = Optional.of("answered within the last days, or too many answers today");
        }
        if (obstacle.isPresent()) {
            log.info("vacation.withheld", "message", messageId, "account", account.address(), "reason", obstacle.get());
            return;
        }
        AutomaticAnswer answer =
                new AutomaticAnswer(named.orElseThrow(), sender, response.subject(), response.text(), response.html());
        String id = "vacation." + messageId + "." + account.id() + "." + now.getEpochSecond() + "@" + account.domain();
        Recipient recipient = new Recipient(sender, Set.of(Recipient.Notify.NEVER), Optional.empty());
        boolean international = !(sender + named.toString()).chars().allMatch(c -> c < 0x80);
        QueueEnvelope envelope = new QueueEnvelope(
                messageId, account.address().toString(), Optional.empty(), MailParameters.NONE.withSmtpUtf8(international),
                List.of(recipient));
        try (OctetContent content = new OctetContent(answer.toMessage(header, id, now))) {
            outbound.accept(envelope, "", content).release();
        }
        log.info("vacation.answered", "message", messageId, "account", account.address(), "to", sender);
    }

    /** Whether the sender may be somebody else: an answer would go to him. */
    private static Optional<String> doubt(Judgement judgement) {
        Evidence evidence = judgement.evidence();
        boolean forged = evidence.spfMailFrom().verdict() == SpfVerdict.FAIL || evidence.spfMailFrom().verdict() == SpfVerdict.SOFTFAIL
                || evidence.dmarc().verdict() == DmarcVerdict.FAIL;
        return forged ? Optional.of("its sender may be forged") : Optional.empty();
    }

    /** The address of the account that a message names: its own, or an alias that leads to it alone. */
    private Optional<Address> addressOf(AccountRef account, HeaderBlock header) {
        return RECIPIENT_FIELDS.stream()
                .flatMap(name -> header.all(name).stream())
                .flatMap(field -> AddressList.parse(field).mailboxes().stream())
                .limit(MAX_ADDRESSES)
                .flatMap(mailbox -> mailbox.localPart().isEmpty() ? Stream.empty()
                        : Domain.parse(mailbox.domain()).map(domain -> Address.of(mailbox.localPart(), domain)).stream())
                .filter(address -> isOwn(account, address))
                .findFirst();
    }

    private boolean isOwn(AccountRef account, Address address) {
        return directory.apply(address) instanceof Resolution.Local local
                && local.accounts().size() == 1 && local.forwards().isEmpty() && local.accounts().getFirst().id() == account.id();
    }
}
