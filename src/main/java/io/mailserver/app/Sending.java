package io.mailserver.app;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.Allowance;
import io.mailserver.account.Forwards;
import io.mailserver.account.Resolution;
import io.mailserver.account.ReturnedMail;
import io.mailserver.account.SenderMemory;
import io.mailserver.account.SendingLimits;
import io.mailserver.account.ServerSecrets;
import io.mailserver.account.Suppression;
import io.mailserver.account.Suppressions;
import io.mailserver.arc.ArcSealer;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.config.QueueConfig;
import io.mailserver.config.SendingConfig;
import io.mailserver.delivery.ForwardHealth;
import io.mailserver.delivery.Forwarding;
import io.mailserver.delivery.HardBounces;
import io.mailserver.delivery.Outbound;
import io.mailserver.delivery.Returns;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dns.Resolver;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import io.mailserver.mtasts.HttpsFetcher;
import io.mailserver.mtasts.MtaSts;
import io.mailserver.mtasts.PolicyFolder;
import io.mailserver.net.Authorities;
import io.mailserver.net.HttpsClient;
import io.mailserver.queue.Courier;
import io.mailserver.queue.DestinationRule;
import io.mailserver.queue.Ipv6Source;
import io.mailserver.queue.LocalDelivery;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.Outcomes;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueueStore;
import io.mailserver.queue.RetrySchedule;
import io.mailserver.queue.Route;
import io.mailserver.queue.TlsResults;
import io.mailserver.queue.TransportSecurity;
import io.mailserver.returnpath.EnvelopeIds;
import io.mailserver.returnpath.Seal;
import io.mailserver.returnpath.SenderRewriting;
import io.mailserver.smtp.Address;
import io.mailserver.smtpclient.ClientTls;
import io.mailserver.smtpclient.SmtpClient;
import io.mailserver.smtpclient.Timeouts;
import io.mailserver.smtpclient.TlsPolicy;
import io.mailserver.submission.OutgoingSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way out, put together: from an accepted message through the queue to other servers. */
final class Sending implements Outbound, AutoCloseable {
    /** Below the data folder. */
    static final String QUEUE = "queue";

    private static final String POLICIES = "mta-sts";
    private static final Duration POST_LIMIT = Duration.ofSeconds(30);
    /** Nobody reads it. */
    private static final int POST_ANSWER = 1 << 20;

    private final Parts parts;
    private final QueueStore store;
    private final OutgoingSigner signer;
    private final Optional<KeyStore> authorities;
    private final HttpsClient web;
    private final Ipv6Source ipv6;
    private final Returns returns;
    private volatile @Nullable MailQueue queue;

    /**
     * What it stands on; all of it outlives it.
     *
     * @param resolver for the servers of other domains
     * @param tlsResults told how connections to them fared
     */
    record Parts(
            DataFolder data,
            PlatformPool files,
            Supplier<Config> config,
            Domain hostname,
            Resolver resolver,
            TlsResults tlsResults,
            SecureRandom random,
            Time time,
            EventLog log) {}

    private Sending(Parts parts, QueueStore store) throws IOException {
        this.parts = parts;
        this.store = store;
        this.authorities = parts.config().get().sending().authorities().map(Authorities::with);
        this.web = new HttpsClient(
                authorities.orElse(null), new WebServers(parts.resolver(), () -> parts.config().get().sending().httpsToPrivate()),
                parts.time());
        this.ipv6 = new Ipv6Source(
                parts.resolver(), () -> ipv6Use(parts.config().get().sending()), Ipv6Source::ofThisMachine, parts.time());
        this.returns = returns(parts);
        this.signer = new OutgoingSigner(parts.data().accounts().dkimKeys()::signing, new DkimSigner(parts.time()), parts.log());
    }

    private Returns returns(Parts all) throws IOException {
        AccountSystem accounts = all.data().accounts();
        Seal seal = new Seal(accounts.secrets().key(ServerSecrets.RETURN_PATHS));
        Duration lifetime = all.config().get().sending().returnAddressLifetime();
        return new Returns(new Returns.Parts(
                new EnvelopeIds(seal, lifetime, all.time()), accounts.directory()::resolve, accounts.returnedMail(),
                accounts.suppressions(), this::reportBounds, this::suppressionBounds, all.time(), all.log()));
    }

    /** Matches reports that come back. */
    Returns returns() {
        return returns;
    }

    /** What was reported of an account's mail. */
    List<ReturnedMail.Returned> returned(String account) throws IOException {
        return parts.data().accounts().returnedMail().of(account, reportBounds());
    }

    private ReturnedMail.Bounds reportBounds() {
        SendingConfig sending = parts.config().get().sending();
        return new ReturnedMail.Bounds(sending.reportsKept(), sending.reportsPerAccount());
    }

    /** Opens the queue; nothing is sent before {@link #start}. */
    static Sending open(Parts parts) throws IOException {
        return new Sending(parts, store(parts.data().path(), parts.files(), parts.random(), parts.log()));
    }

    static QueueStore store(Path data, PlatformPool files, SecureRandom random, EventLog log) throws IOException {
        return QueueStore.open(data.resolve(QUEUE), files, QueueStore.Settings.DEFAULT, random::nextInt, log);
    }

    /** @param local delivers what is for our own mailboxes */
    void start(LocalDelivery local) {
        Courier courier = new Courier(
                parts.resolver(),
                new ClientTls(authorities.orElse(null)),
                new TransportSecurity(
                        parts.resolver(), policies(), parts.time(), parts.log()),
                parts.tlsResults(),
                this::settings,
                parts.random(),
                parts.time());
        queue = MailQueue.start(new MailQueue.Parts(
                store,
                courier,
                this::route,
                local,
                account -> isSwitchedOff(account) || isHeld(account),
                this::sign,
                outcomes(),
                parts.hostname().ascii(),
                () -> queueSettings(parts.config().get().queue()),
                parts.random(),
                parts.time(),
                parts.log()));
    }

    private Outcomes outcomes() {
        AccountSystem accounts = parts.data().accounts();
        return Outcomes.all(List.of(
                new ForwardHealth(
                        accounts.forwards(), this::patience, accounts.directory()::resolve, this, parts.time(), parts.log()),
                returns,
                new HardBounces(accounts.suppressions(), this::suppressionBounds, parts.log())));
    }

    private Suppressions.Bounds suppressionBounds() {
        SendingConfig sending = parts.config().get().sending();
        return new Suppressions.Bounds(sending.suppressionLifetime(), sending.suppressionsPerAccount());
    }

    private MtaSts policies() {
        PolicyFolder folder = new PolicyFolder(parts.data().path().resolve(POLICIES), parts.files(), parts.log());
        folder.prune(parts.time().now());
        return new MtaSts(parts.resolver(), new HttpsFetcher(web, this::httpsPort), folder, parts.time(), parts.log());
    }

    private int httpsPort() {
        return parts.config().get().sending().httpsPort();
    }

    /** Posts a TLS report (RFC 8460 §5.4). */
    void post(URI where, byte[] gzip) throws IOException {
        String query = where.getRawQuery() == null ? "" : "?" + where.getRawQuery();
        String path = where.getRawPath().isEmpty() ? "/" : where.getRawPath();
        HttpsClient.Response answer = web.post(
                new HttpsClient.Request(where.getHost(), httpsPort(), path + query, POST_LIMIT, POST_ANSWER),
                "application/tlsrpt+gzip", gzip);
        if (answer.status() / 100 != 2) {
            throw new IOException("status " + answer.status());
        }
    }

    private Forwards.Patience patience() {
        SendingConfig sending = parts.config().get().sending();
        return new Forwards.Patience(sending.forwardFailures(), sending.forwardFailingFor());
    }

    /** Forwards what aliases lead elsewhere. */
    Forwarding forwarding() throws IOException {
        Seal seal = new Seal(parts.data().accounts().secrets().key(ServerSecrets.RETURN_PATHS));
        Duration lifetime = parts.config().get().sending().returnAddressLifetime();
        return new Forwarding(new SenderRewriting(seal, lifetime, parts.time()), parts.data().accounts().dkimKeys()::signing,
                new ArcSealer(parts.time()), this::isOurs, parts.hostname().ascii(), parts.log());
    }

    MailQueue queue() {
        MailQueue started = queue;
        if (started == null) {
            throw new IllegalStateException("sending has not begun");
        }
        return started;
    }

    @Override
    public Share reserve(String account, List<Address> recipients) throws IOException {
        SendingLimits limits = parts.data().accounts().sendingLimits();
        SenderMemory memory = parts.data().accounts().senderMemory();
        int firstTime = 0;
        for (Address recipient : recipients) {
            firstTime += memory.knows(account, recipient.toString()) ? 0 : 1;
        }
        SendingLimits.Reservation reserved = limits.reserve(
                account, Allowance.ofMessage(recipients.size(), firstTime), allowance(parts.config().get().sending()));
        return new Share() {
            @Override
            public Optional<SendingLimits.Refusal> refusal() {
                return reserved.refusal();
            }

            @Override
            public void giveBack() {
                limits.giveBack(reserved);
            }
        };
    }

    @Override
    public Optional<Suppression> suppressed(String account, Address recipient) throws IOException {
        return parts.data().accounts().suppressions().find(account, recipient, suppressionBounds());
    }

    static Allowance allowance(SendingConfig sending) {
        return new Allowance(sending.messagesPerDay(), sending.recipientsPerDay(), sending.firstTimeRecipientsPerDay());
    }

    /** Writes what was counted; what cannot be written now is the next time. */
    void writeCounts() {
        try {
            parts.data().accounts().sendingLimits().write();
        } catch (IOException e) {
            parts.log().error("sending.counts-not-saved", e);
        }
    }

    @Override
    public MailQueue.Accepted accept(QueueEnvelope envelope, String head, Content content) throws IOException {
        return pass(envelope, head + signer.signatures(content), content);
    }

    @Override
    public MailQueue.Accepted pass(QueueEnvelope envelope, String head, Content content) throws IOException {
        return queue().accept(envelope, head.getBytes(StandardCharsets.UTF_8), content,
                envelope.due(parts.time().now()));
    }

    private byte[] sign(byte[] message) {
        try (Content content = new OctetContent(message)) {
            byte[] fields = signer.signatures(content).getBytes(StandardCharsets.UTF_8);
            byte[] signed = new byte[fields.length + message.length];
            System.arraycopy(fields, 0, signed, 0, fields.length);
            System.arraycopy(message, 0, signed, fields.length, message.length);
            return signed;
        } catch (IOException e) {
            parts.log().warn("submission.not-signed", "cause", e.toString());
            return message;
        }
    }

    private Route route(String destination) {
        SendingConfig sending = parts.config().get().sending();
        Optional<Domain> domain = Domain.parse(destination);
        if (domain.isPresent() && isOurs(domain.get())) {
            return new Route.Local();
        }
        for (SendingConfig.Route each : sending.routes()) {
            if (each.domain().ascii().equals(destination)) {
                return way(each.to(), sending.port(), general(sending), Optional.empty(), false);
            }
        }
        if (sending.smartHost().isEmpty()) {
            return new Route.Mx();
        }
        Optional<SmtpClient.Credentials> credentials = sending.smartHostUser().flatMap(user ->
                sending.smartHostPasswordFile().map(file -> new SmtpClient.Credentials(user, password(file))));
        String host = sending.smartHost().get();
        TlsPolicy tls = switch (sending.smartHostTls()) {
            case VERIFIED, IMPLICIT -> new TlsPolicy.Verified(List.of(hostOf(host)));
            case ENCRYPTED -> new TlsPolicy.Encrypted();
            case OPPORTUNISTIC -> new TlsPolicy.Opportunistic();
        };
        return way(host, sending.port(), tls, credentials, sending.smartHostTls() == SendingConfig.SmartHostTls.IMPLICIT);
    }

    /** Read anew for each connection's route, so that a changed password needs no reload; empty, and so refused, where it cannot be. */
    private String password(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            parts.log().error("sending.no-password", e, "path", file);
            return "";
        }
    }

    private static Route way(
            String to, int port, TlsPolicy tls, Optional<SmtpClient.Credentials> credentials, boolean implicitTls) {
        if (to.equals("discard")) {
            return new Route.Discard();
        }
        boolean lmtp = to.startsWith("lmtp:");
        String target = lmtp ? to.substring("lmtp:".length()) : to;
        int colon = target.lastIndexOf(':');
        int at = colon < 0 ? port : Integer.parseInt(target.substring(colon + 1));
        return new Route.Host(hostOf(target), at, lmtp, implicitTls, tls, credentials);
    }

    private static String hostOf(String target) {
        int colon = target.lastIndexOf(':');
        String host = colon < 0 ? target : target.substring(0, colon);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private boolean isSwitchedOff(String account) {
        int at = account.lastIndexOf('@');
        Optional<Domain> domain = Domain.parse(account.substring(at + 1));
        return at > 0
                && domain.isPresent()
                && parts.data().accounts().directory().resolve(Address.of(account.substring(0, at), domain.get()))
                        instanceof Resolution.Disabled;
    }

    /** Whether it sent too much that looks like junk; one whose state cannot be read is not held. */
    private boolean isHeld(String account) {
        try {
            return parts.data().accounts().senderMemory().held(account).isPresent();
        } catch (IOException e) {
            parts.log().error("spam.people-unknown", e, "recipient", account);
            return false;
        }
    }

    private boolean isOurs(Domain domain) {
        // Every domain of ours has a postmaster (RFC 5321 §4.5.1).
        Resolution postmaster = parts.data().accounts().directory().resolve(Address.of("postmaster", domain));
        return !(postmaster instanceof Resolution.NotLocal) && !(postmaster instanceof Resolution.Unavailable);
    }

    private static TlsPolicy general(SendingConfig sending) {
        return sending.tls() == SendingConfig.Tls.NONE ? new TlsPolicy.None() : new TlsPolicy.Opportunistic();
    }

    private Courier.Settings settings() {
        Config config = parts.config().get();
        SendingConfig sending = config.sending();
        Timeouts rfc = Timeouts.RFC_5321;
        Timeouts timeouts = new Timeouts(
                sending.connectTimeout(), rfc.greeting(), rfc.command(), rfc.dataStart(), rfc.dataBlock(), rfc.dataEnd());
        return new Courier.Settings(
                parts.hostname(), sources(sending), sending.port(), general(sending), timeouts,
                config.queue().messagesPerConnection());
    }

    private static Ipv6Source.Use ipv6Use(SendingConfig sending) {
        return switch (sending.ipv6()) {
            case CONFIRMED -> Ipv6Source.Use.CONFIRMED;
            case ALWAYS -> Ipv6Source.Use.ALWAYS;
            case NEVER -> Ipv6Source.Use.NEVER;
        };
    }

    private Courier.Sources sources(SendingConfig sending) {
        Map<Domain, InetAddress> own = new HashMap<>();
        sending.fromByDomain().forEach(each -> own.put(each.domain(), each.address()));
        return new Courier.Sources(sending.from(), own, ipv6);
    }

    static RetrySchedule schedule(QueueConfig config) {
        return new RetrySchedule(
                config.retry(), config.giveUpAfter(), config.giveUpNoticesAfter(), config.maxAttempts(), config.warnAfter(),
                config.keepDead());
    }

    private static MailQueue.Settings queueSettings(QueueConfig config) {
        return new MailQueue.Settings(schedule(config), config.connections(), config.connectionsPerDestination(), rules(config));
    }

    private static Map<String, DestinationRule> rules(QueueConfig config) {
        Map<String, DestinationRule> rules = new HashMap<>();
        for (QueueConfig.Destination each : config.destinations()) {
            rules.put(each.domain().ascii(), new DestinationRule(
                    each.connections().map(OptionalInt::of).orElse(OptionalInt.empty()),
                    each.messagesPerMinute().map(OptionalInt::of).orElse(OptionalInt.empty()),
                    each.retry(),
                    switch (each.priority()) {
                        case LOW -> DestinationRule.Priority.LOW;
                        case NORMAL -> DestinationRule.Priority.NORMAL;
                        case HIGH -> DestinationRule.Priority.HIGH;
                    }));
        }
        return rules;
    }

    void measure(Metrics metrics) {
        queue().measure(metrics);
    }

    @Override
    public void close() {
        MailQueue started = queue;
        if (started != null) {
            started.close();
        }
        store.close();
    }
}
