package io.mailserver.app;

import io.mailserver.base.ContentSpool;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.config.ListenerConfig;
import io.mailserver.config.SmtpConfig;
import io.mailserver.delivery.AutomaticAnswers;
import io.mailserver.delivery.CheckStatistics;
import io.mailserver.delivery.Examiner;
import io.mailserver.delivery.InboundChecks;
import io.mailserver.delivery.Intake;
import io.mailserver.delivery.Judge;
import io.mailserver.delivery.Judgement;
import io.mailserver.delivery.OutgoingSpam;
import io.mailserver.delivery.SpamCheck;
import io.mailserver.delivery.SpamPeople;
import io.mailserver.dns.Resolver;
import io.mailserver.jmap.SendingServices;
import io.mailserver.log.EventLog;
import io.mailserver.log.Trace;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.metrics.Metrics;
import io.mailserver.net.ConnectionHandler;
import io.mailserver.net.ServerTls;
import io.mailserver.queue.LocalDelivery;
import io.mailserver.queue.QueueAdmin;
import io.mailserver.reports.ReportDesk;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import io.mailserver.smtpserver.RecipientPolicy;
import io.mailserver.smtpserver.ServerConsole;
import io.mailserver.smtpserver.SessionIds;
import io.mailserver.smtpserver.SessionStatistics;
import io.mailserver.smtpserver.SmtpServer;
import io.mailserver.smtpserver.SmtpServices;
import io.mailserver.smtpserver.SmtpSettings;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The way of a message, put together: from the session's two questions (who is a recipient, deliver) to the Maildir, and to those who
 * read it.
 */
final class MailFlow {
    private static final String SPOOL = "spool";

    /** Messages on their way in may use so much of the heap together. */
    private static final int SHARE_OF_HEAP = 4;

    /** With so much file work waiting, a message takes seconds: better put off (451) than piled up. */
    private static final int OVERLOADED = 2_000;

    private final Intake intake;
    private final MaildirStatistics maildir;
    private final SessionStatistics sessions;
    private final SmtpServices services;
    private final MailReading reading;

    private MailFlow(
            Intake intake, MaildirStatistics maildir, SessionStatistics sessions, SmtpServices services, MailReading reading) {
        this.intake = intake;
        this.maildir = maildir;
        this.sessions = sessions;
        this.services = services;
        this.reading = reading;
    }

    /**
     * What a message's way stands on; all of it outlives it.
     *
     * @param resolver for the checks of mail from other servers
     * @param spam looks at the content of such mail
     * @param sending takes what is for others; begins when the flow is there
     * @param judgements gets each judgement of such mail
     */
    record Parts(
            DataFolder data,
            PlatformPool files,
            Storage storage,
            Trace trace,
            Supplier<Config> config,
            String hostname,
            Resolver resolver,
            SpamFiltering spam,
            Sending sending,
            Consumer<Judgement> judgements,
            Metrics metrics,
            SecureRandom random,
            Time time,
            EventLog log) {}

    static MailFlow over(Parts parts) throws IOException {
        Path root = parts.data().path();
        MaildirStatistics statistics = parts.storage().maildirs();
        AccountStore store = parts.storage().store();
        CheckStatistics judged = new CheckStatistics(parts.metrics());
        Judge judge = new Judge(
                new Examiner(parts.resolver(), parts.files(), parts.time()),
                () -> new Judge.Settings(parts.hostname(), parts.config().get().checks(), parts.config().get().spam()),
                parts.time());
        SpamCheck spam = new SpamCheck(
                parts.spam(),
                domain -> isOurs(parts, domain),
                new SpamPeople(parts.data().accounts().directory()::resolve, parts.data().accounts().senderLists(),
                        parts.data().accounts().senderMemory(), parts.spam().learning(), parts.log()),
                parts.log());
        Intake intake = new Intake(
                parts.data().accounts().directory()::resolve,
                store,
                new DiskSpace(root),
                () -> parts.files().waiting() > OVERLOADED,
                () -> new Intake.Settings(parts.hostname(), parts.config().get().storage().diskReserve().octets()),
                new OutgoingSpam(new InboundChecks(
                        judge, spam::look, () -> parts.config().get().checks(), judged, parts.judgements().andThen(spam::judged),
                        parts.time(), parts.log()), new OutgoingSpam.Parts(
                                parts.spam(), parts.data().accounts().senderMemory(), parts.sending(), parts.time(), parts.log())),
                Optional.of(new Intake.Sending(parts.sending(), parts.sending().forwarding(),
                        new AutomaticAnswers(parts.data().accounts().vacations(), parts.data().accounts().directory()::resolve,
                                parts.sending(), parts.time(), parts.log())::answer,
                        parts.data().accounts().delegations()::allows, parts.sending().returns())),
                new ReportDesk(parts.data().accounts().reports(), parts.files(), parts.time(), parts.log())::read,
                parts.time(),
                parts.log());
        SessionStatistics sessions = new SessionStatistics();
        ContentSpool spool = spool(parts);
        SmtpServices services = new SmtpServices(
                policy(intake),
                intake::deliver,
                Optional.of(parts.data().accounts().authenticator()),
                spool,
                new ServerConsole(parts.log()).and(sessions),
                parts.trace(),
                new SessionIds(parts.time().now()),
                parts.time(),
                parts.log());
        return new MailFlow(intake, statistics, sessions, services, MailReading.over(parts, store, spool));
    }

    /** A directory that does not answer knows nobody. */
    private static boolean isOurs(Parts parts, Domain domain) {
        try {
            return parts.data().accounts().directory().isOurs(domain);
        } catch (IOException e) {
            parts.log().error("directory.failed", e, "domain", domain);
            return false;
        }
    }

    private static ContentSpool spool(Parts parts) throws IOException {
        Path folder = parts.data().path().resolve(SPOOL);
        Files.createDirectories(folder);
        long heap = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        return new ContentSpool(
                folder,
                parts.files(),
                (int) parts.config().get().storage().spoolThreshold().octets(),
                (int) Math.min(heap, Integer.MAX_VALUE));
    }

    private static RecipientPolicy policy(Intake intake) {
        return new RecipientPolicy() {
            @Override
            public Optional<Reply> refuseSender(Envelope envelope) {
                return intake.refuseSender(envelope);
            }

            @Override
            public Optional<Reply> refuseRecipient(Envelope envelope, Address recipient) {
                return intake.refuseRecipient(envelope, recipient);
            }
        };
    }

    /** Holds what comes in. */
    ContentSpool spool() {
        return services.spool();
    }

    /** For those who send otherwise than by SMTP. */
    SendingServices sending(Supplier<QueueAdmin> queue, Supplier<SmtpConfig> limits, SendingServices.ReportSource returned) {
        return new SendingServices(intake, queue, services.spool(), limits, returned);
    }

    /** Delivers what the queue holds for our own mailboxes. */
    LocalDelivery localDelivery() {
        return intake::deliverQueued;
    }

    /** Registers the figures of messages; once. */
    void measure(Metrics metrics) {
        sessions.measure(metrics);
        reading.measure(metrics);
        metrics.counter("messages_accepted", "Messages answered with 250.", () -> intake.statistics().accepted());
        metrics.counter("messages_accepted_bytes", "Their octets.", () -> intake.statistics().acceptedOctets());
        metrics.counter("messages_stored", "Mailboxes that got a message.", () -> intake.statistics().mailboxes());
        metrics.counter("messages_failed", "Messages put off because they could not be stored.", () -> intake.statistics().failed());
        metrics.counter("maildir_flushes", "Flushes of Maildir files and folders.", maildir::flushes);
        metrics.counter("maildir_links", "Stored messages that share their octets with another mailbox.", maildir::links);
        metrics.counter("maildir_taken_back", "Stored messages taken back because another mailbox failed.", maildir::takenBack);
        metrics.gauge("spool_memory_bytes", "Memory of messages on their way in.", () -> services.spool().memoryInUse());
        metrics.counter("spool_files", "Messages that were spooled to a file.", () -> services.spool().spooledContents());
    }

    /** The sessions of one listener; each new one sees the configuration of its moment. */
    ConnectionHandler sessions(ListenerConfig listener, String hostname, ServerTls tls, Supplier<Config> config) {
        return switch (listener.service()) {
            case IMAP, IMAPS -> reading.sessions(listener, hostname, tls, config);
            case POP3, POP3S -> reading.pop3Sessions(listener, hostname, tls, config);
            default -> new SmtpServer(() -> settings(listener, hostname, tls, config.get()), services);
        };
    }

    private static SmtpSettings settings(ListenerConfig listener, String hostname, ServerTls tls, Config config) {
        return new SmtpSettings(
                service(listener),
                hostname,
                config.smtp(),
                config.auth(),
                listener.tls() == ListenerConfig.Tls.STARTTLS ? Optional.of(tls) : Optional.empty(),
                listener.requireTls(),
                Set.copyOf(config.tls().requireFrom()),
                service(listener) == Client.Service.SUBMISSION);
    }

    private static Client.Service service(ListenerConfig listener) {
        return switch (listener.service()) {
            case SMTP -> Client.Service.INBOUND;
            case SUBMISSION, SUBMISSIONS -> Client.Service.SUBMISSION;
            case LMTP -> Client.Service.LMTP;
            case IMAP, IMAPS, POP3, POP3S, HTTP, HTTPS -> throw new IllegalArgumentException("no way for mail to come in");
        };
    }
}
