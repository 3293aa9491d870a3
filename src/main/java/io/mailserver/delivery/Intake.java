package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Quota;
import io.mailserver.account.ReportAddress;
import io.mailserver.account.Resolution;
import io.mailserver.account.Suppression;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.queue.LocalDelivery;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueuedMessage;
import io.mailserver.returnpath.SenderRewriting;
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
    private final Optional<Sending> sending;
    private final Senders senders;
    private final Submission submission;
    private final QueuedDelivery queued;
    private final ReportReader reports;
    private final IntakeStatistics statistics = new IntakeStatistics();

    /**
     * @param hostname of this server, for Received
     * @param reservedOctets free disk space that new mail leaves
     */
    public record Settings(String hostname, long reservedOctets) {}

    /**
     * The way to other servers.
     *
     * @param outbound takes what is for them
     * @param forwarding makes the copies for those that aliases name
     * @param answers for accounts whose owners are away
     * @param rights to send as others
     * @param returns knows reports on what was sent
     */
    public record Sending(Outbound outbound, Forwarding forwarding, Answers answers, SendRights rights, Returns returns) {}

    /** Looks at messages that were accepted for reports on mail that was sent: {@link io.mailserver.delivery.Returns}. */
    @FunctionalInterface
    public interface Returns {
        /** Never throws. */
        void look(String messageId, Optional<Address> sender, Content content);
    }

    /** Who may send as addresses of this server whose mail an account does not get: {@code account.Delegations}. */
    @FunctionalInterface
    public interface SendRights {
        /** For those who know no such rights. */
        SendRights NONE = (account, address) -> false;

        /** @param account as its canonical address */
        boolean allows(String account, Address address) throws IOException;
    }

    /** Answers messages that are in their mailboxes: {@link AutomaticAnswers#answer}. */
    @FunctionalInterface
    public interface Answers {
        /** For those who have nobody to answer for. */
        Answers NONE = (messageId, header, sender, placements, judgement) -> { };

        /** Answers where it should; never throws. */
        void answer(String messageId, HeaderBlock header, Optional<Address> sender, List<Placement> placements,
                Optional<Judgement> judgement);
    }

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
     * @param sending takes what is for others; without it there is no sending
     * @param reports reads what comes to the addresses for reports
     */
    public Intake(
            Function<Address, Resolution> directory,
            AccountStore store,
            DiskSpace space,
            BooleanSupplier overloaded,
            Supplier<Settings> settings,
            Checks checks,
            Optional<Sending> sending,
            ReportReader reports,
            Time time,
            EventLog log) {
        this.directory = directory;
        this.store = store;
        this.space = space;
        this.overloaded = overloaded;
        this.settings = settings;
        this.checks = checks;
        this.sending = sending;
        this.reports = reports;
        this.time = time;
        this.log = log;
        this.senders = new Senders(directory, sending.map(Sending::rights).orElse(SendRights.NONE), log);
        this.submission = new Submission(senders, checks, sending, settings, time);
        this.queued = new QueuedDelivery(new QueuedDelivery.Parts(
                this::resolve, this::room, store, reports, sending,
                id -> QueuedDelivery.received(settings.get().hostname(), id, time), statistics, time, log));
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
        Resolution resolution = resolve(recipient);
        // Without a declared size one octet: an account that is exactly full is full.
        long size = Math.max(1, envelope.parameters().size().orElse(1));
        RecipientFacts facts =
                new RecipientFacts(resolution, mayRelay(envelope), sending.isPresent(), envelope.reversePath().isEmpty(),
                        room(resolution, size), suppressed(envelope, recipient, resolution));
        return refusal(facts.decide());
    }

    /** A list that cannot be read keeps nobody from sending. */
    private Optional<Suppression> suppressed(Envelope envelope, Address recipient, Resolution resolution) {
        if (sending.isEmpty() || !mayRelay(envelope) || !(resolution instanceof Resolution.NotLocal)) {
            return Optional.empty();
        }
        try {
            return sending.get().outbound().suppressed(envelope.client().authenticated().orElseThrow(), recipient);
        } catch (IOException e) {
            log.error("sending.suppressions-unknown", e, "message", envelope.messageId());
            return Optional.empty();
        }
    }

    /** Who gets the mail for an address: one of the directory, or a return address of ours. */
    private Resolution resolve(Address address) {
        if (sending.isPresent() && SenderRewriting.isRewritten(address)) {
            Optional<Address> sender = sending.get().forwarding().back(address);
            if (sender.isPresent()) {
                return new Resolution.Returned(sender.get());
            }
        }
        return directory.apply(address);
    }

    /**
     * Delivers to every mailbox behind the envelope's recipients, or to none. A positive reply means durable and visible in all
     * of them; a disk in trouble is a 4xx reply, never an exception. The caller closes {@code content}.
     */
    public Reply deliver(Envelope envelope, Content content) {
        try (InputStream octets = content.open()) {
            HeaderBlock.Split message = HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS);
            MessageFacts facts = new MessageFacts(
                    resolve(envelope), mayRelay(envelope) && sending.isPresent(), DeliveredTo.addressesIn(message.header()));
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
        Content kept = WithoutImpostors.of(message.header(), content, envelope.client(), settings.get().hostname(),
                judgement.map(judged -> judged.evidence().content().removals()).orElse(List.of()));
        Optional<String> obstacle = sending.isEmpty() || facts.resolutions().stream().noneMatch(Forwarding::goesOn)
                ? Optional.empty()
                : sending.get().forwarding().obstacle(judgement, facts.resolutions());
        if (obstacle.isEmpty()) {
            List<Departures.Departure> leaving =
                    leaving(TlsRequired.tagged(envelope, message.header()), kept, facts, envelope.recipients(), facts.resolutions(),
                            judgement);
            Supplier<List<Resolution>> again = () -> resolve(envelope);
            return storeAndSend(envelope, message.header(), kept, Placement.of(facts.resolutions(), judgement), again, leaving, judgement);
        }
        log.info("forwarding.withheld", "message", envelope.messageId(), "reason", obstacle.get());
        // Taken with the others, a copy that no postmaster gets either would be gone without a word.
        boolean nowhere = envelope.recipients().stream()
                .map(recipient -> resolvedHere(recipient.address()))
                .anyMatch(resolution -> !(resolution instanceof Resolution.Reports)
                        && !(resolution instanceof Resolution.Local local && !local.accounts().isEmpty()));
        if (facts.mailboxes().isEmpty() || nowhere) {
            String text = "This address is forwarded to another server, which this message is not passed on to: " + obstacle.get();
            return refuse(envelope, new Decision.Refuse(Reply.of(550, "5.7.1", text), "not-forwarded"));
        }
        Supplier<List<Resolution>> keptHere =
                () -> envelope.recipients().stream().map(recipient -> resolvedHere(recipient.address())).toList();
        return storeAndSend(envelope, message.header(), kept, Placement.of(keptHere.get(), judgement), keptHere, List.of(), judgement);
    }

    /** What is not passed on but taken, because others get it too, is for the postmaster where it would be nobody's. */
    private Resolution resolvedHere(Address address) {
        Resolution resolution = resolve(address);
        if (!Forwarding.goesOn(resolution)) {
            return resolution;
        }
        return resolution instanceof Resolution.Local local && !local.accounts().isEmpty()
                ? new Resolution.Local(local.accounts())
                : directory.apply(new Address("postmaster", address.host()));
    }

    /** The copies for the servers that aliases lead to. */
    private List<Departures.Departure> leaving(Envelope envelope, Content content, MessageFacts facts, List<Recipient> recipients,
            List<Resolution> resolutions, Optional<Judgement> judgement) throws IOException {
        if (sending.isEmpty() || resolutions.stream().noneMatch(Forwarding::goesOn)) {
            return List.of();
        }
        Forwarding.Passing passing = new Forwarding.Passing(
                envelope.messageId(), submitted(envelope), envelope.reversePath(), envelope.parameters(), facts.deliveredTo(),
                content, judgement, received(envelope));
        return sending.get().forwarding().departures(passing, recipients, resolutions);
    }

    private String received(Envelope envelope) {
        return ReceivedField.format(envelope, settings.get().hostname(), time.now().atZone(ZoneOffset.UTC), false);
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
        Submission.Prepared ready = submission.prepare(envelope, header, content, facts);
        if (ready.refusal().isPresent()) {
            return refuse(envelope, ready.refusal().get());
        }
        boolean taken = false;
        try {
            Envelope tagged = TlsRequired.tagged(envelope, header);
            List<Departures.Departure> leaving =
                    new ArrayList<>(leaving(tagged, ready.content(), facts, ready.here(), ready.resolutions(), Optional.empty()));
            if (!ready.elsewhere().isEmpty()) {
                leaving.addFirst(new Departures.Departure(QueueEnvelope.of(tagged, ready.elsewhere()), received(envelope), true));
            }
            Reply reply = storeAndSend(
                    envelope, header, ready.content(), Placement.of(ready.resolutions(), Optional.empty()), () -> resolve(envelope),
                    leaving, Optional.empty());
            taken = reply.isPositive();
            return reply;
        } finally {
            if (!taken) {
                ready.share().giveBack();
            }
        }
    }

    /** First the queue, where the copies wait, then the mailboxes; what fails there takes them back. */
    private Reply storeAndSend(Envelope envelope, HeaderBlock header, Content content, List<Placement> placements,
            Supplier<List<Resolution>> again, List<Departures.Departure> leaving, Optional<Judgement> judgement) throws IOException {
        Departures departures = leaving.isEmpty() || sending.isEmpty()
                ? Departures.none(log)
                : Departures.prepare(leaving, content, sending.get().outbound(), envelope.messageId(), log);
        boolean done = false;
        try {
            if (placements.isEmpty()) {
                statistics.accepted.increment();
                statistics.acceptedOctets.add(content.size());
            } else {
                store(envelope, content, placements, again, judgement);
            }
            done = true;
            departures.release(content.size());
            if (sending.isPresent()) {
                sending.get().answers().answer(envelope.messageId(), header, envelope.reversePath(), placements, judgement);
                sending.get().returns().look(envelope.messageId(), envelope.reversePath(), content);
            }
            return accepted(envelope);
        } finally {
            if (!done) {
                departures.withdraw();
            }
        }
    }

    /** Delivers one message of the queue to one of its recipients, who has become local or always was: notices. */
    public LocalDelivery.Result deliverQueued(QueuedMessage message, int recipient, Content content) {
        return queued.deliver(message, recipient, content);
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

    static Reply noReport(String problem) {
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
        return envelope.recipients().stream().map(recipient -> resolve(recipient.address())).toList();
    }

    private Reply refuse(Envelope envelope, Decision.Refuse refuse) {
        statistics.refused(refuse.reason());
        log.info("intake.refused", "reason", refuse.reason(), "message", envelope.messageId());
        return refuse.reply();
    }

    private void store(Envelope envelope, Content content, List<Placement> placements, Supplier<List<Resolution>> again,
            Optional<Judgement> judgement) throws IOException {
        Instant received = time.now();
        List<AccountRef> mailboxes = placements.stream().map(Placement::account).toList();
        List<AccountStore.Target> targets = placements.stream()
                .map(placement -> new AccountStore.Target(key(placement.account()), placement.folder(),
                        head(envelope, mailboxes, judgement, placement.fields(), received))).toList();
        List<Path> files = store.deliver(
                targets,
                content,
                received,
                () -> new MessageFacts(again.get(), true, Set.of()).mailboxes().containsAll(mailboxes));
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
        return account.isEmpty() ? SenderFacts.Sender.ITS_OWN : senders.of(envelope.reversePath(), account.get());
    }

    private RecipientFacts.Room room(Resolution resolution, long size) {
        if (!(resolution instanceof Resolution.Local local) || !local.forwards().isEmpty()) {
            return RecipientFacts.Room.ENOUGH; // No quota of ours keeps it from going on.
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
