package io.mailserver.simulation;

import io.mailserver.base.ContentSpool;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.config.AuthConfig;
import io.mailserver.config.SmtpConfig;
import io.mailserver.log.Trace;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.Listener;
import io.mailserver.net.ListenerSpec;
import io.mailserver.net.Reaper;
import io.mailserver.net.SelfSignedCertificate;
import io.mailserver.net.ServerTls;
import io.mailserver.net.WaitingSessions;
import io.mailserver.smtp.Client.Service;
import io.mailserver.smtpserver.ServerConsole;
import io.mailserver.smtpserver.SessionIds;
import io.mailserver.smtpserver.SessionStatistics;
import io.mailserver.smtpserver.SmtpServer;
import io.mailserver.smtpserver.SmtpServices;
import io.mailserver.smtpserver.SmtpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SMTP sessions over real sockets with a clock moved by hand, and behind them a {@link PostOffice}, or after {@code ! mailboxes} the
 * server's own accounts and delivery ({@link AccountOffice}). Used by one test.
 *
 * <p>Before the first connection: {@code set KEY VALUE} (keys of {@code smtp} in the configuration), {@code set-auth KEY VALUE},
 * {@code limit-connections PER-ADDRESS PER-NETWORK ALL PER-MINUTE}, {@code no-tls}, {@code require-tls},
 * {@code require-tls-from DOMAIN}, {@code mailboxes}. At any time: {@code advance DURATION} (after {@code waiting}, where a
 * session's own time shall pass), {@code stop}, {@code logged EVENT}, {@code console LINE}, and what the office behind can do.
 */
public final class SmtpWorld implements DialogueWorld {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final int SPOOL_MEMORY_OCTETS = 8 << 20;

    private final ManualTime time = new ManualTime(START);
    private final RecordingLog log = new RecordingLog();
    private final SessionStatistics statistics = new SessionStatistics();
    private BackOffice office = new PostOffice();
    private final PlatformPool pool = new PlatformPool("test", 4, 1000);
    private final Path folder;
    private final Map<String, String> smtpChanges = new HashMap<>();
    private final Map<String, String> authChanges = new HashMap<>(Map.of("failures-per-connection", "3"));
    private final Set<Domain> tlsFrom = new HashSet<>();
    private final Map<String, Listener> doors = new HashMap<>();
    private boolean offersTls = true;
    private boolean requiresTls;
    private ConnectionLimits.Limits limits = new ConnectionLimits.Limits(100, 100, 1000, 1000);
    private @Nullable SmtpServices services;
    private @Nullable ConnectionLimits connectionLimits;
    private @Nullable Reaper reaper;
    private @Nullable ServerTls tls;

    /** @param folder empty, for this world alone */
    public SmtpWorld(Path folder) {
        this.folder = folder;
    }

    /** What stands behind the sessions unless a dialogue asked for mailboxes. */
    public PostOffice postOffice() {
        return (PostOffice) office;
    }

    public SessionStatistics statistics() {
        return statistics;
    }

    public RecordingLog log() {
        return log;
    }

    public ManualTime time() {
        return time;
    }

    @Override
    public int port(String door) throws IOException {
        Listener open = doors.get(door);
        if (open == null) {
            open = open(door);
            doors.put(door, open);
        }
        return open.port();
    }

    @Override
    public boolean implicitTls(String door) {
        return door.equals("submissions");
    }

    private Listener open(String door) throws IOException {
        Service service = switch (door) {
            case "smtp" -> Service.INBOUND;
            case "submission", "submissions" -> Service.SUBMISSION;
            case "lmtp" -> Service.LMTP;
            default -> throw new IllegalArgumentException("no such door: " + door);
        };
        SmtpSettings plain = SmtpSettings.of(service, "mx.example.com")
                .with(SmtpConfig.of(smtpChanges))
                .with(AuthConfig.of(authChanges))
                .requiringTls(requiresTls, tlsFrom);
        SmtpSettings queued = service == Service.SUBMISSION ? plain.notifying() : plain;
        SmtpSettings settings = offersTls ? queued.offering(tls()) : queued;
        ListenerSpec spec = ListenerSpec.onLoopback(door, 0);
        if (reaper == null || connectionLimits == null) {
            reaper = new Reaper(time);
            connectionLimits = new ConnectionLimits(limits, time);
        }
        Listener listener =
                Listener.bind(implicitTls(door) ? spec.withImplicitTls(tls()) : spec, reaper, connectionLimits, log);
        listener.start(new SmtpServer(() -> settings, services()));
        return listener;
    }

    private ServerTls tls() {
        ServerTls made = tls;
        if (made == null) {
            Path file = folder.resolve("self-signed.pem");
            made = ServerTls.load(
                    List.of(SelfSignedCertificate.ensure(file, List.of(new Domain("mx.example.com")), time)), ServerTls.Oldest.TLS_1_2);
            tls = made;
        }
        return made;
    }

    private SmtpServices services() throws IOException {
        SmtpServices made = services;
        if (made == null) {
            Path spool = Files.createDirectories(folder.resolve("spool"));
            made = new SmtpServices(
                    office,
                    office,
                    Optional.of(office),
                    new ContentSpool(spool, pool, 1 << 20, SPOOL_MEMORY_OCTETS),
                    new ServerConsole(log).and(statistics),
                    new Trace(folder.resolve("trace"), time, log),
                    new SessionIds(START),
                    time,
                    log);
            services = made;
        }
        return made;
    }

    /** The trace of the world's sessions, to be switched on. */
    public Trace trace() throws IOException {
        return services().trace();
    }

    @Override
    public void act(List<String> words) throws Exception {
        String first = words.size() > 1 ? words.get(1) : "";
        switch (words.getFirst()) {
            case "set" -> smtpChanges.put(first, words.get(2));
            case "set-auth" -> authChanges.put(first, words.get(2));
            case "limit-connections" -> limits = new ConnectionLimits.Limits(
                    Integer.parseInt(first),
                    Integer.parseInt(words.get(2)),
                    Integer.parseInt(words.get(3)),
                    Integer.parseInt(words.get(4)));
            case "no-tls" -> offersTls = false;
            case "require-tls" -> requiresTls = true;
            case "require-tls-from" -> tlsFrom.add(new Domain(first));
            case "mailboxes" -> office = AccountOffice.open(folder, AuthConfig.of(authChanges), time, log);
            case "waiting" -> WaitingSessions.await(Objects.requireNonNull(reaper, "nobody connected"));
            case "advance" -> time.advance(Duration.parse("PT" + first.toUpperCase(java.util.Locale.ROOT)));
            case "stop" -> stop();
            case "logged" -> log.await(first);
            case "console" -> consoleSays(String.join(" ", words.subList(1, words.size())));
            default -> {
                if (!office.act(words)) {
                    throw new IllegalArgumentException("unknown action: " + words);
                }
            }
        }
    }

    private void consoleSays(String expected) {
        LinePattern pattern = new LinePattern(expected);
        if (log.lines().stream().noneMatch(line -> pattern.match(line, Map.of()).isPresent())) {
            throw new AssertionError("not on the console: " + expected + "; there is: " + log.lines());
        }
    }

    /** Begins to stop every door; the sessions end while the dialogue goes on. */
    private void stop() {
        for (Listener listener : doors.values()) {
            Thread.ofVirtual().start(() -> {
                try {
                    listener.drain(Duration.ofSeconds(10));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    @Override
    public byte[] lastStored() throws IOException {
        return office.lastStored();
    }

    @Override
    public void close() throws IOException {
        doors.values().forEach(Listener::close);
        office.close();
        pool.close();
    }
}
