package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Quota;
import io.mailserver.account.Resolution;
import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.IncomingMessage;
import io.mailserver.smtp.ReceivedField;
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
        Checks NONE = (envelope, message, size) -> Optional.empty();

        /**
         * Judges a message, or leaves that be: empty. Blocks for the DNS.
         *
         * @param message read to its end by a judgement
         * @param size of the message in octets
         */
        Optional<Judgement> judge(Envelope envelope, HeaderBlock.Split message, long size) throws IOException;
    }

    /**
     * @param directory who gets the mail for an address
     * @param space of the data folder
     * @param overloaded whether new transactions shall be put off
     * @param settings asked at each use, so that a reload takes effect at once
     * @param checks judges what others send
     */
    public Intake(
            Function<Address, Resolution> directory,
            AccountStore store,
            DiskSpace space,
            BooleanSupplier overloaded,
            Supplier<Settings> settings,
            Checks checks,
            Time time,
            EventLog log) {
        this.directory = directory;
        this.store = store;
        this.space = space;
        this.overloaded = overloaded;
        this.settings = settings;
        this.checks = checks;
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
                new RecipientFacts(resolution, envelope.client().authenticated().isPresent(), room(resolution, size));
        return refusal(facts.decide());
    }

    /**
     * Delivers to every mailbox behind the envelope's recipients, or to none. A positive reply means durable and visible in all
     * of them; a disk in trouble is a 4xx reply, never an exception. The caller closes {@code content}.
     */
    public Reply deliver(Envelope envelope, Content content) {
        try (InputStream octets = content.open()) {
            HeaderBlock.Split message = HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS);
            MessageFacts facts = new MessageFacts(resolve(envelope), DeliveredTo.addressesIn(message.header()));
            return switch (facts.decide()) {
                case Decision.Accept accept -> judge(envelope, message, content, facts);
                case Decision.Refuse refuse -> refuse(envelope, refuse);
            };
        } catch (AccountStore.AccountGoneException e) {
            return refuse(envelope, MessageFacts.RECIPIENT_CHANGED);
        } catch (IOException e) {
            return putOff(envelope, e);
        }
    }

    private Reply judge(Envelope envelope, HeaderBlock.Split message, Content content, MessageFacts facts) throws IOException {
        Optional<Judgement> judgement = checks.judge(envelope, message, content.size());
        Optional<Decision.Refuse> refusal = judgement.flatMap(judged -> refusal(judged.overall()));
        if (refusal.isPresent()) {
            return refuse(envelope, refusal.get());
        }
        Content kept = WithoutImpostors.of(message.header(), content, envelope.client(), settings.get().hostname());
        return store(envelope, kept, Placement.of(facts.resolutions(), judgement), judgement);
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
        String head = head(envelope, mailboxes, judgement, received);
        List<AccountStore.Target> targets = placements.stream()
                .map(placement -> new AccountStore.Target(key(placement.account()), placement.folder(), head)).toList();
        List<Path> files = store.deliver(
                targets,
                content,
                received,
                () -> new MessageFacts(resolve(envelope), Set.of()).mailboxes().equals(mailboxes));
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
        return Reply.of(250, "2.0.0", "Message accepted: " + envelope.messageId());
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
    private String head(Envelope envelope, List<AccountRef> mailboxes, Optional<Judgement> judgement, Instant received) {
        boolean alone = mailboxes.size() == 1;
        StringBuilder head = new StringBuilder(512);
        head.append("Return-Path: <");
        envelope.reversePath().ifPresent(head::append);
        head.append(">\r\n");
        if (alone) {
            head.append("Delivered-To: ").append(mailboxes.getFirst().address()).append("\r\n");
        }
        judgement.ifPresent(judged -> head.append(judged.results().toField())); // RFC 8601 §4: above what it speaks of.
        ZonedDateTime date = received.atZone(ZoneOffset.UTC);
        return head.append(ReceivedField.format(envelope, settings.get().hostname(), date, alone)).toString();
    }

    private SenderFacts.Sender sender(Envelope envelope) {
        Optional<String> account = envelope.client().authenticated();
        if (account.isEmpty() || envelope.reversePath().isEmpty()) {
            return SenderFacts.Sender.ITS_OWN;
        }
        return switch (directory.apply(envelope.reversePath().get())) {
            case Resolution.Local local -> local.accounts().stream()
                            .anyMatch(own -> own.address().toString().equals(account.get()))
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
