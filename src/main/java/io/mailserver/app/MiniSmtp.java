package io.mailserver.app;

import io.mailserver.base.ContentSpool;
import io.mailserver.base.Domain;
import io.mailserver.base.DurableFiles;
import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.SystemTime;
import io.mailserver.base.Time;
import io.mailserver.config.AuthConfig;
import io.mailserver.config.SmtpConfig;
import io.mailserver.dns.CachingResolver;
import io.mailserver.dns.Resolver;
import io.mailserver.dns.ResolverSettings;
import io.mailserver.dns.SystemResolvers;
import io.mailserver.log.EventLog;
import io.mailserver.log.Level;
import io.mailserver.log.LogFormat;
import io.mailserver.log.ServerLog;
import io.mailserver.log.Trace;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.net.CertificateFiles;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.Listener;
import io.mailserver.net.ListenerSpec;
import io.mailserver.net.Reaper;
import io.mailserver.net.SelfSignedCertificate;
import io.mailserver.net.ServerTls;
import io.mailserver.smtp.Client.Service;
import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.smtpserver.MessageDelivery;
import io.mailserver.smtpserver.RecipientPolicy;
import io.mailserver.smtpserver.SessionIds;
import io.mailserver.smtpserver.SmtpServer;
import io.mailserver.smtpserver.SmtpServices;
import io.mailserver.smtpserver.SmtpSettings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A small SMTP server without configuration, on the same engine: takes mail for any recipient into one Maildir. */
@Command(
        name = "mini-smtp",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "A small SMTP server: takes mail for any recipient into one Maildir, or hands it to another server, until Ctrl-C.")
public final class MiniSmtp implements Callable<Integer> {
    private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(10);
    private static final int DELIVERY_THREADS = 16;
    private static final int DELIVERIES_WAITING = 2000;
    private static final int QUARTERS = 4;
    private static final String CERTIFICATE = "self-signed.pem";

    @Option(names = "--listen", paramLabel = "[ADDRESS:]PORT", defaultValue = "2525", description = "where to listen (${DEFAULT-VALUE})")
    private String listen = "2525";

    @Option(names = "--maildir", paramLabel = "DIR", description = "the Maildir; made if missing")
    private @Nullable Path maildir;

    @Option(names = "--relay", paramLabel = "HOST:PORT", description = "hand mail of those who log in to this server; with --auth, --queue")
    private @Nullable String relay;

    @Option(names = "--auth", paramLabel = "FILE", description = "who may log in: lines name:password")
    private @Nullable Path auth;

    @Option(names = "--queue", paramLabel = "DIR", description = "where mail waits for --relay; made if missing")
    private @Nullable Path queue;

    @Option(names = "--host", paramLabel = "NAME", defaultValue = "localhost", description = "this host's name (${DEFAULT-VALUE})")
    private String host = "localhost";

    @Option(names = "--max-size", paramLabel = "SIZE", description = "the largest message, such as 50MiB")
    private @Nullable String maxSize;

    @Option(names = "--max-line", paramLabel = "SIZE", description = "the longest line in a message, such as 64KiB")
    private @Nullable String maxLine;

    @Option(names = "--max-connections", paramLabel = "N", defaultValue = "1000", description = "connections at a time (${DEFAULT-VALUE})")
    private int maxConnections = 1000;

    @Option(names = "--max-recipients", paramLabel = "N", description = "recipients of one message")
    private @Nullable String maxRecipients;

    @Option(names = "--tls", description = "offer STARTTLS with a self-signed certificate made for this run")
    private boolean tls;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "offer STARTTLS with this certificate (PEM, intermediate ones behind)")
    private @Nullable Path tlsCert;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "its private key (PEM)")
    private @Nullable Path tlsKey;

    @Option(names = "--spf", description = "check SPF: refuse a fail (550 5.7.23), mark everything else")
    private boolean spf;

    @Option(names = "--dns", paramLabel = "ADDRESS:PORT", description = "the DNS resolver for --spf; without it: the machine's")
    private @Nullable String dns;

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new MiniSmtp());
        line.setExecutionExceptionHandler((e, command, result) -> {
            if (e instanceof OperatorException trouble) {
                command.getErr().println("mini-smtp: " + trouble.getMessage() + (trouble.hint().isEmpty() ? "" : "; " + trouble.hint()));
                return 1;
            }
            throw e;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (SystemTime time = new SystemTime();
                OutputStream out = new FileOutputStream(FileDescriptor.out);
                ServerLog log = LogFormat.CONSOLE.open(out, time, Level.NOTICE)) {
            CountDownLatch stop = new CountDownLatch(1);
            Signals.on("TERM", stop::countDown);
            Signals.on("INT", stop::countDown);
            try (Running server = start(time, log)) {
                stop.await();
                server.listener().drain(PATIENCE_AT_STOP);
            }
            return 0;
        }
    }

    /** A started server. */
    record Running(Listener listener, Optional<MiniRelay> relay, PlatformPool pool, Path temporary) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            listener.close();
            relay.ifPresent(MiniRelay::close);
            pool.close();
            Files.deleteIfExists(temporary.resolve(CERTIFICATE));
            Files.deleteIfExists(temporary);
        }
    }

    /** Binds, says so, and begins to accept. */
    Running start(Time time, EventLog log) throws IOException {
        PlatformPool pool = new PlatformPool("delivery", DELIVERY_THREADS, DELIVERIES_WAITING);
        Path temporary = Files.createTempDirectory("mini-smtp");
        Optional<MiniRelay> relaying = relay == null ? Optional.empty() : Optional.of(relay(relay, pool, time, log));
        SmtpServices services = relaying.isPresent()
                ? services(relaying.get(), relaying.get(), Optional.of(relaying.get()), temporary, pool, time, log)
                : mailboxServices(temporary, pool, time, log);
        SmtpSettings settings = settings(temporary, time, relaying.isPresent());
        Listener listener = Listener.bind(
                listenerSpec(), new Reaper(time), new ConnectionLimits(ConnectionLimits.Limits.only(maxConnections), time), log);
        log.say("[READY] Listening on :" + listener.port(), "mini.ready", "port", listener.port(),
                "maildir", maildir == null ? "" : maildir, "relay", relay == null ? "" : relay);
        listener.start(new SmtpServer(() -> settings, services));
        return new Running(listener, relaying, pool, temporary);
    }

    private SmtpServices mailboxServices(Path temporary, PlatformPool pool, Time time, EventLog log) throws IOException {
        if (maildir == null) {
            String ways = "give --maildir DIR, or --relay HOST:PORT with --auth FILE and --queue DIR";
            throw new OperatorException("where shall mail go?", ways);
        }
        Path folder = maildir.toAbsolutePath().normalize();
        Path root = Optional.ofNullable(folder.getParent()).orElse(folder);
        DurableFiles.createFolders(root);
        long process = ProcessHandle.current().pid();
        UniqueNames names = new UniqueNames(time, InetAddress.getLocalHost().getHostName(), process, new SecureRandom().nextInt());
        MaildirWriter writer = new MaildirWriter(root, pool, names, time, new MaildirStatistics());
        Optional<MiniSpf> check = spf ? Optional.of(new MiniSpf(resolver(time), host, time, log)) : Optional.empty();
        MiniMailbox mailbox = new MiniMailbox(writer, MaildirFolder.inbox(folder), host, check, time, log);
        return services(mailbox, mailbox, Optional.empty(), temporary, pool, time, log);
    }

    private static SmtpServices services(
            RecipientPolicy recipients, MessageDelivery delivery, Optional<PasswordVerifier> passwords, Path temporary,
            PlatformPool pool, Time time, EventLog log)
            throws IOException {
        int memory = (int) Math.min(Runtime.getRuntime().maxMemory() / QUARTERS, Integer.MAX_VALUE);
        return new SmtpServices(
                recipients,
                delivery,
                passwords,
                new ContentSpool(temporary, pool, ContentSpool.DEFAULT_MEMORY_PER_CONTENT, memory),
                new MiniConsole(log),
                new Trace(temporary, time, log),
                new SessionIds(time.now()),
                time,
                log);
    }

    /** Never without a login: a relay that takes mail of anybody is everybody's relay. */
    private MiniRelay relay(String target, PlatformPool pool, Time time, EventLog log) throws IOException {
        if (auth == null || queue == null) {
            throw new OperatorException("--relay needs to know who may use it, and where mail waits", "add --auth FILE and --queue DIR");
        }
        if (maildir != null || spf) {
            throw new OperatorException("--relay does not go with --maildir and --spf", "leave them out");
        }
        return MiniRelay.start(
                new MiniRelay.Options(auth, target, queue.toAbsolutePath().normalize()), host, resolver(time), pool, new SecureRandom(),
                time, log);
    }

    private Resolver resolver(Time time) {
        if (dns == null) {
            return new CachingResolver(ResolverSettings.of(SystemResolvers.read(SystemResolvers.RESOLV_CONF)), time);
        }
        return new CachingResolver(ResolverSettings.of(List.of(SystemResolvers.parseServer(dns).orElseThrow(
                () -> new OperatorException("not the address of a DNS server: " + dns, "write --dns 127.0.0.1:5353")))), time);
    }

    private SmtpSettings settings(Path temporary, Time time, boolean submission) {
        Map<String, String> changes = new HashMap<>();
        change(changes, "max-message-size", maxSize);
        change(changes, "max-text-line", maxLine);
        change(changes, "max-recipients", maxRecipients);
        SmtpSettings plain = SmtpSettings.of(submission ? Service.SUBMISSION : Service.INBOUND, host).with(SmtpConfig.of(changes));
        if (submission && listenerSpec().address().map(InetAddress::isLoopbackAddress).orElse(false)) {
            plain = plain.with(AuthConfig.of(Map.of("require-tls", "false")));
        }
        SmtpSettings settings = plain;
        return certificate(temporary, time)
                .map(files -> settings.offering(ServerTls.load(List.of(files), ServerTls.Oldest.TLS_1_2)))
                .orElse(settings);
    }

    private Optional<CertificateFiles> certificate(Path temporary, Time time) {
        if (tlsCert != null && tlsKey != null) {
            return Optional.of(new CertificateFiles(tlsCert, tlsKey));
        }
        if (tlsCert != null || tlsKey != null) {
            throw new OperatorException("a certificate needs its key", "give both --tls-cert and --tls-key");
        }
        if (!tls) {
            return Optional.empty();
        }
        Domain name = Domain.parse(host)
                .orElseThrow(() -> new OperatorException("not a host name: " + host, "write --host mail.example.com"));
        return Optional.of(SelfSignedCertificate.ensure(temporary.resolve(CERTIFICATE), List.of(name), time));
    }

    private static void change(Map<String, String> changes, String key, @Nullable String value) {
        if (value != null) {
            changes.put(key, value);
        }
    }

    private ListenerSpec listenerSpec() {
        int colon = listen.lastIndexOf(':');
        try {
            ListenerSpec everywhere = ListenerSpec.onAllAddresses("SMTP", Integer.parseInt(listen.substring(colon + 1)));
            return colon <= 0 ? everywhere : everywhere.on(InetAddress.ofLiteral(listen.substring(0, colon)));
        } catch (IllegalArgumentException e) {
            throw new OperatorException("not an address and a port: " + listen, "write --listen 2525 or --listen 127.0.0.1:2525", e);
        }
    }
}
