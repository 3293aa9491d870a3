package io.mailserver.delivery;

import io.mailserver.account.SenderMemory;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.Time;
import io.mailserver.config.SpamConfig;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.log.EventLog;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.spam.Finding;
import io.mailserver.spam.Scanner;
import io.mailserver.spam.Sender;
import io.mailserver.spam.SpamFilter;
import io.mailserver.spam.SpamReport;
import io.mailserver.spf.SpfVerdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks at what users send: nothing is refused for its points, but an account that sends much that looks like junk, as one whose
 * password was stolen does, is slowed first, and then what it sends is held in the queue until the postmaster has looked. What carries
 * something harmful is refused. To whom users write is remembered: those are no strangers any more.
 *
 * <p>Counts of the last day are in memory: a restart begins anew; that an account is held is durable. Safe for use by any thread.
 */
public final class OutgoingSpam implements Intake.Checks {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MAX_ACCOUNTS = 50_000;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT);
    private static final String POSTMASTER = "postmaster";

    private final Intake.Checks inbound;
    private final Parts parts;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private final Map<String, Sent> accounts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sent> eldest) {
            return size() > MAX_ACCOUNTS;
        }
    };

    /**
     * What it stands on.
     *
     * @param filter asked at each use, so that a reload takes effect at once
     * @param notices takes the notice that an account is held
     */
    public record Parts(Supplier<SpamFilter> filter, SenderMemory memory, Outbound notices, Time time, EventLog log) {}

    /** The last day of an account. Guarded by the lock. */
    private static final class Sent {
        private final Deque<Instant> junk = new ArrayDeque<>();
        private Instant last = Instant.MIN;

        long since(Instant start) {
            return junk.stream().filter(when -> !when.isBefore(start)).count();
        }
    }

    /** @param inbound judges what others send */
    public OutgoingSpam(Intake.Checks inbound, Parts parts) {
        this.inbound = inbound;
        this.parts = parts;
    }

    @Override
    public Optional<Judgement> judge(Envelope envelope, HeaderBlock.Split message, Content content) throws IOException {
        return inbound.judge(envelope, message, content);
    }

    /** An account whose state cannot be read sends: its password was good, and the queue asks again. */
    @Override
    public boolean holds(String account) {
        try {
            return parts.memory().held(account).isPresent();
        } catch (IOException e) {
            parts.log().error("spam.people-unknown", e, "recipient", account);
            return false;
        }
    }

    @Override
    public Optional<Decision.Refuse> refuseSubmitted(Envelope envelope, Content content) throws IOException {
        SpamFilter filter = parts.filter().get();
        SpamConfig.Outgoing config = filter.config().outgoing();
        String account = envelope.client().authenticated().orElseThrow();
        boolean junk = false;
        if (filter.config().enabled() && config.enabled()) {
            if (slowed(account, config)) {
                return Optional.of(new Decision.Refuse(Reply.of(451, "4.7.1", "What you send looks like junk: one message a minute for "
                        + "now; ask your postmaster if it is none"), "outgoing-slowed"));
            }
            SpamReport report = examined(filter, envelope, content);
            if (report.infected().isPresent()) {
                return Optional.of(new Decision.Refuse(Reply.of(550, "5.7.1", "The message carries something harmful: "
                        + SpamText.clean(report.infected().get())), "infected"));
            }
            if (report.putOff().isPresent()) {
                return Optional.of(new Decision.Refuse(Reply.of(451, "4.7.1", "Cannot check the message now: "
                        + SpamText.clean(report.putOff().get()) + "; try again later"), "scanner"));
            }
            junk = report.score() >= config.junk();
            count(envelope, account, report, junk, config);
        }
        if (!junk && envelope.reversePath().isPresent()) {
            envelope.recipients().forEach(recipient -> parts.memory().wrote(account, recipient.address().toString()));
        }
        return Optional.empty();
    }

    private SpamReport examined(SpamFilter filter, Envelope envelope, Content content) throws IOException {
        Sender sender = new Sender(SpfVerdict.NONE, DkimVerdict.NONE, DmarcVerdict.NONE, false, false,
                envelope.reversePath().isEmpty(), Set.of(), Set.of(), false, true);
        Scanner.Envelope scanned = new Scanner.Envelope(envelope.client().address(), envelope.client().helo(), envelope.sender(),
                envelope.recipients().stream().map(recipient -> recipient.address().toString()).toList(),
                envelope.client().authenticated().orElse(""));
        try {
            SpamReport report = filter.examine(sender, scanned, content, List.of(), author -> Map.of());
            report.troubles().forEach(trouble ->
                    parts.log().warn("spam.trouble", "message", envelope.messageId(), "trouble", trouble));
            return report;
        } catch (RuntimeException | StackOverflowError e) {
            parts.log().warn("spam.trouble", "message", envelope.messageId(), "trouble", "the filter failed: " + e);
            return SpamReport.EMPTY;
        }
    }

    private boolean slowed(String account, SpamConfig.Outgoing config) {
        Instant now = parts.time().now();
        lock.lock();
        try {
            Sent sent = accounts.get(account);
            return sent != null && config.slowAfter() > 0 && sent.since(now.minus(HOUR)) >= config.slowAfter()
                    && Duration.between(sent.last, now).compareTo(PAUSE) < 0;
        } finally {
            lock.unlock();
        }
    }

    private void count(Envelope envelope, String account, SpamReport report, boolean junk, SpamConfig.Outgoing config) throws IOException {
        Instant now = parts.time().now();
        boolean hold = false;
        lock.lock();
        try {
            Sent sent = junk ? accounts.computeIfAbsent(account, key -> new Sent()) : accounts.get(account);
            if (sent == null) {
                return;
            }
            sent.last = now;
            if (junk) {
                sent.junk.addLast(now);
                while (sent.junk.size() > Math.max(config.holdAfter(), config.slowAfter())
                        || sent.junk.getFirst().isBefore(now.minus(DAY))) {
                    sent.junk.removeFirst();
                }
                hold = config.holdAfter() > 0 && sent.junk.size() >= config.holdAfter();
                if (hold) {
                    sent.junk.clear();
                }
            }
        } finally {
            lock.unlock();
        }
        if (junk) {
            parts.log().warn("spam.outgoing", "message", envelope.messageId(), "account", account, "score", report.score(), "findings",
                    report.findings().stream().map(Finding::toString).collect(Collectors.joining(",")));
        }
        if (hold && parts.memory().held(account).isEmpty()) {
            hold(account, config.holdAfter() + " messages within a day look like junk; of the last: " + SpamText.why(report.findings()));
        }
    }

    private void hold(String account, String reason) throws IOException {
        parts.memory().hold(account, reason);
        parts.log().warn("spam.account-held", "account", account, "reason", reason);
        try {
            tell(account, reason);
        } catch (IOException e) {
            parts.log().error("spam.notice-not-sent", e, "account", account);
        }
    }

    private void tell(String account, String reason) throws IOException {
        int at = account.lastIndexOf('@');
        Optional<Domain> domain = Domain.parse(account.substring(at + 1));
        if (domain.isEmpty()) {
            return;
        }
        Address postmaster = Address.of(POSTMASTER, domain.get());
        Address holder = Address.of(account.substring(0, at), domain.get());
        Instant now = parts.time().now();
        String text = String.join("\r\n",
                "Date: " + DATE.format(now.atOffset(ZoneOffset.UTC)),
                "From: " + postmaster,
                "To: " + holder + ", " + postmaster,
                "Subject: Mail of " + account + " is held",
                "Message-ID: <held-" + now.toEpochMilli() + "@" + domain.get() + ">",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=us-ascii",
                "",
                "What " + account + " sends waits in the queue and is not delivered:",
                SpamText.clean(reason) + ".",
                "",
                "If you did not send such mail, somebody else has your password: change it now, and tell your postmaster.",
                "",
                "Postmaster: look at what waits with    mailserver queue list --sender " + account,
                "delete it with                         mailserver queue delete --sender " + account,
                "and let the account send again with    mailserver spam release " + account,
                "");
        QueueEnvelope envelope = new QueueEnvelope("held-" + now.toEpochMilli(), "", Optional.of(postmaster), MailParameters.NONE,
                List.of(Recipient.of(holder), Recipient.of(postmaster)));
        try (OctetContent content = new OctetContent(text.getBytes(StandardCharsets.US_ASCII))) {
            parts.notices().accept(envelope, "", content).release();
        }
    }
}
