package io.mailserver.simulation;

import io.mailserver.account.Quota;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.config.AuthConfig;
import io.mailserver.config.ImapConfig;
import io.mailserver.imapserver.AccountSessions;
import io.mailserver.imapserver.ImapServer;
import io.mailserver.imapserver.ImapServices;
import io.mailserver.imapserver.ImapSessionIds;
import io.mailserver.imapserver.ImapSettings;
import io.mailserver.imapserver.ImapStatistics;
import io.mailserver.log.Trace;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.Listener;
import io.mailserver.net.ListenerSpec;
import io.mailserver.net.Reaper;
import io.mailserver.net.SelfSignedCertificate;
import io.mailserver.net.ServerTls;
import io.mailserver.net.WaitingSessions;
import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.search.SearchIndex;
import io.mailserver.sharing.SharedMail;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * IMAP sessions over real sockets with a clock moved by hand, over mail in memory ({@link MemoryMail}). Accounts alice, bob and carol of
 * example.com have the password {@code secret}; 127.0.0.0/8 may log in without TLS, and a write may take an hour, so
 * that moving the clock does not end one under way. Used by one test.
 *
 * <p>Before the first connection: {@code set KEY VALUE} (keys of {@code imap} in the configuration), {@code set-auth KEY VALUE},
 * {@code limit-connections N}, {@code no-tls}. At any time: {@code mail ACCOUNT N} (so many messages arrive in the INBOX, each
 * {@code Subject: n}), {@code message ACCOUNT OCTETS} (this one), {@code fail ACCOUNT CAUSE} (the store's next call), {@code bug ACCOUNT},
 * {@code disable ACCOUNT}, {@code remove-account ACCOUNT}, {@code replace-account ACCOUNT} (removes it and makes another of the name),
 * {@code advance DURATION} (after {@code waiting}, where a session's own time shall pass), {@code stop}, {@code logged EVENT}.
 */
final class ImapWorld implements DialogueWorld, PasswordVerifier {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final ManualTime time = new ManualTime(START);
    private final Reaper reaper = new Reaper(time);
    private final RecordingLog log = new RecordingLog();
    private final PlatformPool pool = new PlatformPool("test", 4, 1000);
    private final Path folder;
    private final Map<String, String> changes = new HashMap<>(Map.of("plaintext-login-from", "[127.0.0.0/8]", "write-timeout", "1h"));
    private final Map<String, String> authChanges = new HashMap<>();
    private final Map<AccountKey, MemoryMail> accounts = new ConcurrentHashMap<>();
    private final MemoryPeople people = new MemoryPeople();
    private final AccountSessions sessions = new AccountSessions();
    private final Map<String, Listener> doors = new HashMap<>();
    private final Map<String, Integer> arrived = new HashMap<>();
    private final Map<AccountKey, Quota> quotas = new ConcurrentHashMap<>();
    private boolean offersTls = true;
    private int limit = 100;
    private @Nullable ImapServices services;
    private @Nullable ServerTls tls;
    private @Nullable AccountKey lastFilled;

    /** @param folder empty, for this world alone */
    ImapWorld(Path folder) {
        this.folder = folder;
        for (String name : List.of("alice", "bob", "carol")) {
            accounts.put(key(name), new MemoryMail(key(name)));
            people.add(key(name));
        }
    }

    RecordingLog log() {
        return log;
    }

    ManualTime time() {
        return time;
    }

    private static AccountKey key(String name) {
        return new AccountKey(new Domain("example.com"), name);
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
        return "imap";
    }

    @Override
    public boolean implicitTls(String door) {
        return door.equals("imaps");
    }

    private Listener open(String door) throws IOException {
        ListenerSpec spec = ListenerSpec.onLoopback(door, 0);
        Listener listener = Listener.bind(
                implicitTls(door) ? spec.withImplicitTls(tls()) : spec,
                reaper,
                new ConnectionLimits(ConnectionLimits.Limits.only(limit), time),
                log);
        ImapSettings settings = new ImapSettings(
                "mx.example.com",
                ImapConfig.of(changes),
                AuthConfig.of(authChanges),
                offersTls && !implicitTls(door) ? Optional.of(tls()) : Optional.empty(),
                false);
        listener.start(new ImapServer(() -> settings, services()));
        return listener;
    }

    private AccountMail open(AccountKey account) throws StoreException {
        MemoryMail mail = accounts.get(account);
        if (mail == null) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "There is no mail");
        }
        return mail;
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

    private ImapServices services() throws IOException {
        ImapServices made = services;
        if (made == null) {
            ContentSpool spool = new ContentSpool(Files.createDirectories(folder.resolve("spool")), pool, 1 << 20, 8 << 20);
            SharedMail.Parts sharing = new SharedMail.Parts(this::open, people, spool, log);
            made = new ImapServices(
                    account -> SharedMail.open(account, sharing),
                    this,
                    spool,
                    account -> SearchIndex.NONE,
                    account -> quotas.getOrDefault(account, Quota.NONE),
                    sessions,
                    new ImapStatistics(),
                    new Trace(folder.resolve("trace"), time, log),
                    new ImapSessionIds(START),
                    time,
                    log);
            services = made;
        }
        return made;
    }

    @Override
    public Outcome verify(String userName, String password, InetAddress client) {
        if (userName.equals("locked")) {
            return new Outcome.LockedOut(Duration.ofMinutes(15));
        }
        if (userName.equals("unavailable")) {
            return new Outcome.Unavailable();
        }
        boolean known = accounts.containsKey(key(userName)) && password.equals("secret");
        return known ? new Outcome.Success(userName + "@example.com") : new Outcome.Rejected();
    }

    @Override
    public void act(List<String> words) throws Exception {
        String first = words.size() > 1 ? words.get(1) : "";
        switch (words.getFirst()) {
            case "set" -> changes.put(first, words.get(2));
            case "set-auth" -> authChanges.put(first, words.get(2));
            case "limit-connections" -> limit = Integer.parseInt(first);
            case "no-tls" -> offersTls = false;
            case "mail" -> {
                for (int i = Integer.parseInt(words.get(2)); i > 0; i--) {
                    int number = arrived.merge(first, 1, Integer::sum);
                    arrive(first, "From: a@sender.example\r\nSubject: " + number + "\r\n\r\nText " + number + "\r\n");
                }
            }
            case "message" -> arrive(first, new String(
                    Octets.parse(String.join(" ", words.subList(2, words.size()))), StandardCharsets.ISO_8859_1));
            case "fail" -> mail(first).fail(
                    new StoreException(StoreException.Cause.valueOf(words.get(2)), "The store says so"));
            case "quota" -> quotas.put(key(first), new Quota(Long.parseLong(words.get(2)), Long.parseLong(words.get(3))));
            case "bug" -> mail(first).failWithBug();
            case "replace-account" -> {
                people.remove(key(first));
                accounts.put(key(first), new MemoryMail(key(first)));
                people.add(key(first));
            }
            case "remove-account" -> people.remove(key(first));
            case "disable" -> sessions.endUnless(account -> !account.localPart().equals(first));
            case "waiting" -> WaitingSessions.await(reaper);
            case "advance" -> time.advance(Duration.parse("PT" + first.toUpperCase(Locale.ROOT)));
            case "stop" -> stop();
            case "logged" -> log.await(first);
            default -> throw new IllegalArgumentException("unknown action: " + words);
        }
    }

    private MemoryMail mail(String name) {
        MemoryMail mail = accounts.get(key(name));
        if (mail == null) {
            throw new IllegalArgumentException("no account " + name);
        }
        lastFilled = key(name);
        return mail;
    }

    private void arrive(String name, String octets) {
        mail(name).inbox().arrive(octets.getBytes(StandardCharsets.ISO_8859_1), time.now());
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
    public byte[] lastStored() {
        AccountKey account = lastFilled == null ? key("alice") : lastFilled;
        MemoryMail mail = accounts.get(account);
        return mail == null ? new byte[0] : mail.inbox().last();
    }

    @Override
    public void close() {
        doors.values().forEach(Listener::close);
        pool.close();
    }
}
