package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Quota;
import io.mailserver.account.ReportAddress;
import io.mailserver.account.Resolution;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueuedMessage;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.IncomingMessage;
import io.mailserver.smtp.ReceivedField;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DiskSpace;
import io.mailserver.store.Usage;
import io.mailserver.submission.FixUps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes mail in for local mailboxes: who may send, who is a recipient, and the delivery itself. Each of the three gathers facts,
 * decides by a pure function ({@link SenderFacts}, {@link RecipientFacts}, {@link MessageFacts}), and then acts.
 *
 * <p>Safe for use by any thread; called on sessions' virtual threads, blocks until it has an answer.
 */
public final class Intake {
    private final Function<Address, Resolution> directory;
    private final AccountStore store;
    private final DiskSpace space;
    private final BooleanSupplier overloaded;
    private final Supplier<Settings> settings;
    private final Time time;
    private final EventLog log;
    private final Checks checks;
    private final Optional<Outbound> outbound;
    private final ReportReader reports;
    private final IntakeStatistics statistics = new IntakeStatistics();

    /**
     * @param hostname of this server, for Received
     * @param reservedOctets free disk space that new mail leaves
     */
    public record Settings(String hostname, long reservedOctets) {}

    /** Judges the mail of strangers. */
    @FunctionalInterface
    public interface Checks {
        /** For those who know all their clients. */
        Checks NONE = (envelope, message, content) -> Optional.empty();

        /**
         * Judges a message, or leaves that be: empty. Blocks for the DNS.
         *
         * @param message read to its end by a judgement
         * @param content the whole message
         */
        Optional<Judgement> judge(Envelope envelope, HeaderBlock.Split message, Content content) throws IOException;

        /**
         * Looks at a message of one of our users.
         *
         * @return why it is not taken; empty if it is
         */
        default Optional<Decision.Refuse> refuseSubmitted(Envelope envelope, Content content) throws IOException {
            return Optional.empty();
        }

        /** Whether what an account sends must wait in the queue. */
        default boolean holds(String account) {
            return false;
        }
    }

    /** Reads the reports that other servers send to a domain. */
    @FunctionalInterface
    public interface ReportReader {
        /** For those who have no such addresses. */
        ReportReader NONE = (kind, domain, message) -> Optional.of("nobody reads reports here");

        /**
         * Keeps a report; it is on the disk when this returns.
         *
         * @return why the message is no report, printable ASCII; empty if it is one
         */
        Optional<String> read(ReportAddress kind, Domain domain, Content message) throws IOException;
    }

    /**
     * @param directory who gets the mail for an address
     * @param space of the data folder
     * @param overloaded whether new transactions shall be put off
     * @param settings asked at each use, so that a reload takes effect at once
     * @param checks judges what others send
     * @param outbound takes what is for others; without it there is no sending
     * @param reports reads what comes to the addresses for reports
     */
    public Intake(
            Function<Address, Resolution> directory,
            AccountStore store,
            DiskSpace space,
            BooleanSupplier overloaded,
            Supplier<Settings> settings,
            Checks checks,
            Optional<Outbound> outbound,
            ReportReader reports,
            Time time,
            EventLog log) {
        this.directory = directory;
        this.store = store;
        this.space = space;
        this.overloaded = overloaded;
        this.settings = settings;
        this.checks = checks;
        this.outbound = outbound;
        this.reports = reports;
        this.time = time;
        this.log = log;
    }

    public IntakeStatistics statistics() {
        return statistics;
    }

    /** What MAIL FROM is told: empty means go on. */
    public Optional<Reply> refuseSender(Envelope envelope) {
        Client client = envelope.client();
        SenderFacts facts = new SenderFacts(
                client.service(),
                client.authenticated().isPresent(),
                sender(envelope),
                overloaded.getAsBoolean(),
                envelope.parameters().size(),
                usableOctets(),
                settings.get().reservedOctets());
        return refusal(facts.decide());
    }

    /** What RCPT TO is told: empty means that {@code recipient} may join. */
    public Optional<Reply> refuseRecipient(Envelope envelope, Address recipient) {
        Resolution resolution = directory.apply(recipient);
        // Without a declared size one octet: an account that is exactly full is full.
        long size = Math.max(1, envelope.parameters().size().orElse(1));
        RecipientFacts facts =
                new RecipientFacts(resolution, mayRelay(envelope), outbound.isPresent(), room(resolution, size));
        return refusal(facts.decide());
    }

    /**
     * Delivers to every mailbox behind the envelope's recipients, or to none. A positive reply means durable and visible in all
     * of them; a disk in trouble is a 4xx reply, never an exception. The caller closes {@code content}.
     */
    public Reply deliver(Envelope envelope, Content content) {
        try (InputStream octets = content.open()) {
            HeaderBlock.Split message = HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS);
            MessageFacts facts = new MessageFacts(
                    resolve(envelope), mayRelay(envelope) && outbound.isPresent(), DeliveredTo.addressesIn(message.header()));
            return switch (facts.decide()) {
                case Decision.Accept accept -> submitted(envelope)
                        ? submit(envelope, message.header(), content, facts)
                        : judge(envelope, message, content, facts);
                case Decision.Refuse refuse -> refuse(envelope, refuse);
            };
        } catch (AccountStore.AccountGoneException e) {
            return refuse(envelope, MessageFacts.RECIPIENT_CHANGED);
        } catch (IOException e) {
            return putOff(envelope, e);
        }
    }

    private Reply judge(Envelope envelope, HeaderBlock.Split message, Content content, MessageFacts facts) throws IOException {
        Optional<Judgement> judgement = checks.judge(envelope, message, content);
        Optional<Decision.Refuse> refusal = judgement.flatMap(judged -> refusal(judged.overall()));
        if (refusal.isPresent()) {
            return refuse(envelope, refusal.get());
        }
        Optional<Decision.Refuse> unread = readReports(envelope, content, facts);
        if (unread.isPresent()) {
            return refuse(envelope, unread.get());
        }
        if (facts.mailboxes().isEmpty()) {
            statistics.accepted.increment();
            statistics.acceptedOctets.add(content.size());
            return accepted(envelope);
        }
        Content kept = WithoutImpostors.of(message.header(), content, envelope.client(), settings.get().hostname(),
                judgement.map(judged -> judged.evidence().content().removals()).orElse(List.of()));
        return store(envelope, kept, Placement.of(facts.resolutions(), judgement), judgement);
    }

    /** The only ones who may send to others, whatever else is said of a client. */
    private static boolean mayRelay(Envelope envelope) {
        return submitted(envelope);
    }

    private static boolean submitted(Envelope envelope) {
        return envelope.client().service() == Client.Service.SUBMISSION && envelope.client().authenticated().isPresent();
    }

    /** A message of one of our users: checked, completed, and to its mailboxes and the queue, or to none of them. */
    private Reply submit(Envelope envelope, HeaderBlock header, Content content, MessageFacts facts) throws IOException {
        Optional<Decision.Refuse> refusal = refusalOfAuthor(envelope, header);
        if (refusal.isPresent()) {
            return refuse(envelope, refusal.get());
        }
        Content kept = WithoutImpostors.of(header, content, envelope.client(), settings.get().hostname(), List.of());
        Content complete = FixUps.of(kept.equals(content) ? header : headerOf(kept), kept, envelope.reversePath(), envelope.messageId(),
                settings.get().hostname(), time.now());
        Optional<Decision.Refuse> harmful = checks.refuseSubmitted(envelope, complete);
        if (harmful.isPresent()) {
            return refuse(envelope, harmful.get());
        }
        boolean held = checks.holds(envelope.client().authenticated().orElseThrow());
        List<Resolution> here = new ArrayList<>();
        List<Recipient> elsewhere = new ArrayList<>();
        for (int i = 0; i < facts.resolutions().size(); i++) {
            Recipient recipient = envelope.recipients().get(i);
            if (facts.resolutions().get(i) instanceof Resolution.Local local && !goesByQueue(envelope, recipient, held)) {
                here.add(local);
            } else {
                elsewhere.add(recipient);
            }
        }
        List<Placement> placements = Placement.of(here, Optional.empty());
        return elsewhere.isEmpty() || outbound.isEmpty()
                ? store(envelope, complete, Placement.of(facts.resolutions(), Optional.empty()), Optional.empty())
                : storeAndSend(TlsRequired.tagged(envelope, header), complete, placements, elsewhere, outbound.get());
    }

    private static HeaderBlock headerOf(Content content) throws IOException {
        try (InputStream octets = content.open()) {
            return HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS).header();
        }
    }

    /** What waits for its time (RFC 4865), or is held, waits in the queue, which delivers here too and tells of success (RFC 3461 §6.2). */
    private boolean goesByQueue(Envelope envelope, Recipient recipient, boolean held) {
        boolean receipt = envelope.reversePath().isPresent() && recipient.notifyOn().contains(Recipient.Notify.SUCCESS);
        return outbound.isPresent() && (receipt || held || envelope.parameters().handling().release().isPresent());
    }

    private Optional<Decision.Refuse> refusalOfAuthor(Envelope envelope, HeaderBlock header) {
        if (header.truncated()) {
            return Optional.of(new Decision.Refuse(Reply.of(554, "5.6.0", "The header of the message is too large"), "header-too-large"));
        }
        if (header.first("From").isEmpty()) {
            return Optional.empty(); // It gets one.
        }
        Optional<List<Address>> authors = FixUps.authors(header);
        if (authors.isEmpty() || header.all("From").size() > 1) {
            return Optional.of(new Decision.Refuse(Reply.of(554, "5.6.0", "The From field of the message is not valid"), "from-not-valid"));
        }
        for (Address author : authors.get()) {
            switch (sender(Optional.of(author), envelope.client().authenticated().orElseThrow())) {
                case ITS_OWN -> { }
                case ANOTHERS -> {
                    return Optional.of(new Decision.Refuse(
                            Reply.of(550, "5.7.1", "The From address is not one of yours"), "author-not-own"));
                }
                case UNKNOWN -> {
                    return Optional.of(new Decision.Refuse(
                            Reply.of(451, "4.3.0", "Addresses cannot be looked up now; try again later"), "directory-unavailable"));
                }
            }
        }
        return Optional.empty();
    }

    /** First the queue, where the message waits, then the mailboxes; what fails there takes it back. */
    private Reply storeAndSend(
            Envelope envelope, Content content, List<Placement> placements, List<Recipient> elsewhere, Outbound to)
            throws IOException {
        Optional<Instant> exhausted = to.exhaustedUntil(envelope.client().authenticated().orElseThrow(), elsewhere.size());
        if (exhausted.isPresent()) {
            String text = "You have sent as much as one may in a day; go on after " + exhausted.get();
            return refuse(envelope, new Decision.Refuse(Reply.of(452, "4.7.1", text), "day-exhausted"));
        }
        ZonedDateTime date = time.now().atZone(ZoneOffset.UTC);
        String head = ReceivedField.format(envelope, settings.get().hostname(), date, false);
        MailQueue.Accepted waiting = to.accept(QueueEnvelope.of(envelope, elsewhere), head, content);
        boolean done = false;
        try {
            Reply reply = accepted(envelope);
            if (placements.isEmpty()) {
                statistics.accepted.increment();
                statistics.acceptedOctets.add(content.size());
            } else {
                reply = store(envelope, content, placements, Optional.empty());
            }
            done = true;
            waiting.release();
            log.say(
                    "[QUEUE] " + waiting.id() + ": " + envelope.messageId() + " for " + elsewhere.size()
                            + (elsewhere.size() == 1 ? " recipient" : " recipients"),
                    "queue.accepted",
                    "message", envelope.messageId(),
                    "queue", waiting.id(),
                    "from", envelope.sender(),
                    "recipients", elsewhere.size(),
                    "size", content.size());
            return reply;
        } finally {
            if (!done) {
                withdraw(waiting, envelope);
            }
        }
    }

    private void withdraw(MailQueue.Accepted waiting, Envelope envelope) {
        try {
            waiting.withdraw();
        } catch (IOException e) {
            // It is not sent by this process; after a restart it is, and its sender's next try makes a second one.
            log.error("queue.not-withdrawn", e, "message", envelope.messageId(), "queue", waiting.id());
        }
    }

    /** Delivers one message of the queue to the mailboxes of one of its recipients, who has become local or always was: notices. */
    public Reply deliverQueued(QueuedMessage message, int recipient, Content content) {
        Address address = message.envelope().recipients().get(recipient).address();
        Resolution resolution = directory.apply(address);
        Decision decision = new RecipientFacts(resolution, false, false, room(resolution, message.octets())).decide();
        if (decision instanceof Decision.Refuse refuse) {
            return refuse.reply();
        }
        List<Placement> placements = Placement.of(List.of(resolution), Optional.empty());
        String head = "Return-Path: <" + message.envelope().sender() + ">\r\nDelivered-To: " + address + "\r\n";
        try {
            if (resolution instanceof Resolution.Reports reported) {
                Optional<String> problem = reports.read(reported.kind(), reported.domain(), content);
                return problem.isPresent() ? noReport(problem.get()) : Reply.of(250, "2.0.0", "The report was read");
            }
            List<AccountStore.Target> targets = placements.stream()
                    .map(placement -> new AccountStore.Target(key(placement.account()), placement.folder(), head)).toList();
            var files = store.deliver(targets, content, time.now(), () -> directory.apply(address).equals(resolution));
            statistics.mailboxes.add(files.size());
            return Reply.of(250, "2.0.0", "Delivered to " + files.size() + (files.size() == 1 ? " mailbox" : " mailboxes"));
        } catch (AccountStore.AccountGoneException e) {
            return MessageFacts.RECIPIENT_CHANGED.reply();
        } catch (IOException e) {
            log.error("store.failed", e, "message", message.id());
            return IncomingMessage.cannotStore(e);
        }
    }

    /** What comes to an address for reports alone and is none is refused: it would be in nobody's mailbox. */
    private Optional<Decision.Refuse> readReports(Envelope envelope, Content content, MessageFacts facts) throws IOException {
        for (Resolution resolution : facts.resolutions()) {
            if (resolution instanceof Resolution.Reports address) {
                Optional<String> problem = reports.read(address.kind(), address.domain(), content);
                if (problem.isPresent()) {
                    log.info("intake.no-report", "message", envelope.messageId(), "domain", address.domain(), "reason", problem.get());
                    if (facts.mailboxes().isEmpty()) {
                        return Optional.of(new Decision.Refuse(noReport(problem.get()), "no-report"));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Reply noReport(String problem) {
        return Reply.of(550, "5.6.0", "This address takes reports of other servers only, and this is none: " + problem);
    }

    private static Reply accepted(Envelope envelope) {
        return Reply.of(250, "2.0.0", "Message accepted: " + envelope.messageId());
    }

    private static Optional<Decision.Refuse> refusal(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept accept -> Optional.empty();
            case Verdict.Junk junk -> Optional.empty();
            case Verdict.Defer defer -> Optional.of(new Decision.Refuse(defer.reply(), defer.rule()));
            case Verdict.Reject reject -> Optional.of(new Decision.Refuse(reject.reply(), reject.rule()));
        };
    }

    private List<Resolution> resolve(Envelope envelope) {
        return envelope.recipients().stream().map(recipient -> directory.apply(recipient.address())).toList();
    }

    private Reply refuse(Envelope envelope, Decision.Refuse refuse) {
        statistics.refused(refuse.reason());
        log.info("intake.refused", "reason", refuse.reason(), "message", envelope.messageId());
        return refuse.reply();
    }

    private Reply store(Envelope envelope, Content content, List<Placement> placements, Optional<Judgement> judgement)
            throws IOException {
        Instant received = time.now();
        List<AccountRef> mailboxes = placements.stream().map(Placement::account).toList();
        List<AccountStore.Target> targets = placements.stream()
                .map(placement -> new AccountStore.Target(key(placement.account()), placement.folder(),
                        head(envelope, mailboxes, judgement, placement.fields(), received))).toList();
        List<Path> files = store.deliver(
                targets,
                content,
                received,
                () -> stillTheirs(envelope, mailboxes));
        statistics.accepted.increment();
        statistics.acceptedOctets.add(content.size());
        statistics.mailboxes.add(files.size());
        for (int i = 0; i < files.size(); i++) {
            log.say(
                    "[STORE] Maildir saved: " + files.get(i),
                    "store.saved",
                    "message",
                    envelope.messageId(),
                    "account",
                    targets.get(i).account(),
                    "path",
                    files.get(i),
                    "size",
                    content.size());
        }
        return accepted(envelope);
    }

    /** Whether all these mailboxes are still behind the envelope's recipients. */
    private boolean stillTheirs(Envelope envelope, List<AccountRef> mailboxes) {
        return new MessageFacts(resolve(envelope), true, Set.of()).mailboxes().containsAll(mailboxes);
    }

    private Reply putOff(Envelope envelope, IOException trouble) {
        statistics.failed.increment();
        if (Arrays.stream(trouble.getSuppressed()).anyMatch(MaildirWriter.NotTakenBackException.class::isInstance)) {
            log.error("store.not-taken-back", trouble, "message", envelope.messageId());
        } else {
            log.error("store.failed", trouble, "message", envelope.messageId());
        }
        return IncomingMessage.cannotStore(trouble);
    }

    /**
     * The fields on top of a message at its final delivery (RFC 5321 §4.4), Return-Path first. Only a message for one mailbox names
     * whose it is: other mailboxes share the octets, and a blind copy must not show.
     */
    private String head(
            Envelope envelope, List<AccountRef> mailboxes, Optional<Judgement> judgement, String fields, Instant received) {
        boolean alone = mailboxes.size() == 1;
        StringBuilder head = new StringBuilder(512);
        head.append("Return-Path: <");
        envelope.reversePath().ifPresent(head::append);
        head.append(">\r\n");
        if (alone) {
            head.append("Delivered-To: ").append(mailboxes.getFirst().address()).append("\r\n");
        }
        judgement.ifPresent(judged -> head.append(judged.results().toField())); // RFC 8601 §4: above.
        head.append(fields);
        ZonedDateTime date = received.atZone(ZoneOffset.UTC);
        return head.append(ReceivedField.format(envelope, settings.get().hostname(), date, alone)).toString();
    }

    private SenderFacts.Sender sender(Envelope envelope) {
        Optional<String> account = envelope.client().authenticated();
        return account.isEmpty() ? SenderFacts.Sender.ITS_OWN : sender(envelope.reversePath(), account.get());
    }

    private SenderFacts.Sender sender(Optional<Address> address, String account) {
        if (address.isEmpty()) {
            return SenderFacts.Sender.ITS_OWN;
        }
        return switch (directory.apply(address.get())) {
            case Resolution.Local local -> local.accounts().stream().anyMatch(own -> own.address().toString().equals(account))
                    ? SenderFacts.Sender.ITS_OWN
                    : SenderFacts.Sender.ANOTHERS;
            case Resolution.Unavailable unavailable -> SenderFacts.Sender.UNKNOWN;
            default -> SenderFacts.Sender.ANOTHERS;
        };
    }

    private RecipientFacts.Room room(Resolution resolution, long size) {
        if (!(resolution instanceof Resolution.Local local)) {
            return RecipientFacts.Room.ENOUGH;
        }
        try {
            for (AccountRef account : local.accounts()) {
                if (hasRoom(account, size)) {
                    return RecipientFacts.Room.ENOUGH;
                }
            }
            return RecipientFacts.Room.NONE;
        } catch (IOException e) {
            log.error("store.usage-unknown", e);
            return RecipientFacts.Room.UNKNOWN;
        }
    }

    private boolean hasRoom(AccountRef account, long size) throws IOException {
        // Usage is counted only for accounts that have a quota; for most that is never.
        return account.quota().equals(Quota.NONE)
                || store.hasRoom(key(account), usage -> leavesRoom(account, usage, size));
    }

    private static boolean leavesRoom(AccountRef account, Usage usage, long size) {
        return account.quota().allows(usage.messages(), usage.bytes(), size);
    }

    private long usableOctets() {
        try {
            return space.usableOctets();
        } catch (IOException e) {
            log.error("store.space-unknown", e);
            return 0;
        }
    }

    private Optional<Reply> refusal(Decision decision) {
        return switch (decision) {
            case Decision.Accept accept -> Optional.empty();
            case Decision.Refuse refuse -> {
                statistics.refused(refuse.reason());
                yield Optional.of(refuse.reply());
            }
        };
    }

    private static AccountKey key(AccountRef account) {
        return new AccountKey(account.domain(), account.localPart());
    }
}
