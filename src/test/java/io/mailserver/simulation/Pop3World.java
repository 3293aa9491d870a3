package io.mailserver.simulation;

import io.mailserver.base.Domain;
import io.mailserver.config.AuthConfig;
import io.mailserver.config.Pop3Config;
import io.mailserver.log.Trace;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.Listener;
import io.mailserver.net.ListenerSpec;
import io.mailserver.net.Reaper;
import io.mailserver.net.SelfSignedCertificate;
import io.mailserver.net.ServerTls;
import io.mailserver.net.WaitingSessions;
import io.mailserver.pop3server.Maildrops;
import io.mailserver.pop3server.Pop3Server;
import io.mailserver.pop3server.Pop3Services;
import io.mailserver.pop3server.Pop3Settings;
import io.mailserver.pop3server.Pop3Statistics;
import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.store.AccountKey;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * POP3 sessions over real sockets with a clock moved by hand, over mail in memory. Account alice of example.com has the password {@code a
 * secret}. Used by one test.
 *
 * <p>Before the first connection: {@code set KEY VALUE} (keys of {@code pop3} in the configuration), {@code tls-required}. At any time:
 * {@code mail N} (so many messages arrive in the INBOX), {@code message OCTETS}, {@code expunge UID} (by another program), {@code fail
 * CAUSE} (the store's next call), {@code bug}, {@code disable}, {@code advance DURATION} (after {@code waiting}, where a session's own
 * time shall pass), {@code count N} (so many messages are in the INBOX), {@code seen N} (so many of them are \Seen), {@code stop}.
 */
final class Pop3World implements DialogueWorld, PasswordVerifier {
    private static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T12:00:00Z"));
    private final Reaper reaper = new Reaper(time);
    private final RecordingLog log = new RecordingLog();
    private final Path folder;
    private final MemoryMail mail = new MemoryMail(ALICE);
    private final Map<String, String> changes =
            new HashMap<>(Map.of("plaintext-login-from", "[127.0.0.0/8]", "write-timeout", "1h"));
    private final Map<String, Listener> doors = new HashMap<>();
    private final Maildrops maildrops = new Maildrops();
    private final Pop3Services services;
    private boolean tlsRequired;
    private int arrived;
    private @Nullable ServerTls tls;

    /** @param folder empty, for this world alone */
    Pop3World(Path folder) {
        this.folder = folder;
        services = new Pop3Services(
                account -> mail, this, maildrops, new Pop3Statistics(), new Trace(folder.resolve("trace"), time, log), time, log);
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
    public String firstDoor() {
        return "pop3";
    }

    @Override
    public boolean implicitTls(String door) {
        return door.equals("pop3s");
    }

    private Listener open(String door) throws IOException {
        ListenerSpec spec = ListenerSpec.onLoopback(door, 0);
        Listener listener = Listener.bind(
                implicitTls(door) ? spec.withImplicitTls(tls()) : spec,
                reaper,
                new ConnectionLimits(ConnectionLimits.Limits.only(100), time),
                log);
        Pop3Settings settings = new Pop3Settings(
                "mx.example.com",
                Pop3Config.of(changes),
                AuthConfig.defaults(),
                implicitTls(door) ? Optional.empty() : Optional.of(tls()),
                tlsRequired);
        listener.start(new Pop3Server(() -> settings, services));
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

    @Override
    public Outcome verify(String userName, String password, InetAddress client) {
        return switch (userName) {
            case "locked" -> new Outcome.LockedOut(Duration.ofMinutes(15));
            case "unavailable" -> new Outcome.Unavailable();
            default -> userName.equals("alice") && password.equals("a secret")
                    ? new Outcome.Success("alice@example.com")
                    : new Outcome.Rejected();
        };
    }

    @Override
    public void act(List<String> words) throws Exception {
        String first = words.size() > 1 ? words.get(1) : "";
        switch (words.getFirst()) {
            case "set" -> changes.put(first, words.get(2));
            case "tls-required" -> tlsRequired = true;
            case "mail" -> {
                for (int i = Integer.parseInt(first); i > 0; i--) {
                    arrive("Subject: " + ++arrived + "\r\n\r\nText " + arrived + "\r\n");
                }
            }
            case "message" -> arrive(new String(
                    Octets.parse(String.join(" ", words.subList(1, words.size()))), StandardCharsets.ISO_8859_1));
            case "expunge" -> {
                UidSet uid = UidSet.of(Integer.parseInt(first));
                mail.inbox().store(uid, new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
                mail.inbox().expunge(Optional.of(uid));
            }
            case "fail" -> mail.fail(new StoreException(StoreException.Cause.valueOf(first), "The store says so"));
            case "bug" -> mail.failWithBug();
            case "disable" -> maildrops.endUnless(account -> false);
            case "waiting" -> WaitingSessions.await(reaper);
            case "advance" -> time.advance(Duration.parse("PT" + first.toUpperCase(Locale.ROOT)));
            case "count" -> expect(first, mail.inbox().messages().size());
            case "seen" -> expect(first, (int) mail.inbox().messages().withFlags(MessageList.SEEN).size());
            case "stop" -> doors.values().forEach(listener -> Thread.ofVirtual().start(() -> {
                try {
                    listener.drain(Duration.ofSeconds(10));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            default -> throw new IllegalArgumentException("unknown action: " + words);
        }
    }

    private static void expect(String wanted, int found) {
        if (Integer.parseInt(wanted) != found) {
            throw new AssertionError("expected " + wanted + " messages, there are " + found);
        }
    }

    private void arrive(String octets) {
        mail.inbox().arrive(octets.getBytes(StandardCharsets.ISO_8859_1), time.now());
    }

    @Override
    public byte[] lastStored() {
        return mail.inbox().last();
    }

    @Override
    public void close() {
        doors.values().forEach(Listener::close);
    }
}
