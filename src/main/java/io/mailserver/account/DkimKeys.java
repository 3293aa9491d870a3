package io.mailserver.account;

import io.mailserver.account.DkimKey.State;
import io.mailserver.account.DkimKeyTable.Row;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SigningAlgorithm;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dns.DnsName;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The DKIM keys of our domains: one RSA key of 2048 bits and one Ed25519 key each, since not everybody knows the latter (RFC 8463 §3), and
 * their rotation. Private halves are in {@code system.db}, which only its owner reads, and leave it only to sign.
 *
 * <p>A domain's first keys sign at once: until they are published, their signatures count as none. Keys of a rotation wait for the DNS
 * ({@link DkimRotation}).
 *
 * <p>Safe for use by any thread; blocks for the database, and some 100 ms where a key is made.
 */
public final class DkimKeys {
    private static final int RSA_BITS = 2_048; // RFC 8301 §3.2
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

    private final SystemDatabase database;
    private final SecureRandom random;
    private final Time time;
    private final Map<Domain, Remembered> remembered = new ConcurrentHashMap<>();

    /** @param generation of the database when it was true */
    private record Remembered(long generation, List<SigningKey> keys) {}

    /** A pair that was made and has no row yet. */
    private record Fresh(SigningAlgorithm algorithm, KeyPair pair) {}

    DkimKeys(SystemDatabase database, SecureRandom random, Time time) {
        this.database = database;
        this.random = random;
        this.time = time;
    }

    /** The keys that sign mail of a domain, one for each algorithm; none where it is not ours. Remembered until something changes. */
    public List<SigningKey> signing(Domain domain) throws IOException {
        Remembered before = remembered.get(domain);
        if (before != null && before.generation() == database.generation()) {
            return before.keys();
        }
        Remembered now = database.read(c -> {
            List<SigningKey> keys = new ArrayList<>();
            for (Row row : rows(c, domain)) {
                if (row.key().state() == State.ACTIVE && row.privateKey() != null) {
                    keys.add(new SigningKey(domain, row.key().selector(), privateKey(row.key().algorithm(), row.privateKey())));
                }
            }
            return new Remembered(database.generation(), List.copyOf(keys));
        });
        if (!now.keys().isEmpty()) {
            remembered.put(domain, now);
        }
        return now.keys();
    }

    /**
     * All keys of a domain, the oldest first. Makes those that a domain of ours lacks.
     *
     * @throws OperatorException the domain is not ours
     */
    public List<DkimKey> list(Domain domain) throws IOException {
        ensure(domain);
        return keys(domain);
    }

    /** Makes the keys that a domain lacks; they sign at once. */
    public void ensure(Domain domain) throws IOException {
        List<SigningAlgorithm> missing = missing(keys(domain), State.ACTIVE);
        if (!missing.isEmpty()) {
            List<Fresh> fresh = missing.stream().map(this::make).toList();
            database.write(c -> {
                // Somebody else may have made them meanwhile.
                List<SigningAlgorithm> still = missing(rows(c, domain).stream().map(Row::key).toList(), State.ACTIVE);
                for (Fresh each : fresh) {
                    if (still.contains(each.algorithm())) {
                        insert(c, domain, each, State.ACTIVE);
                    }
                }
                return null;
            });
        }
    }

    /**
     * Begins a rotation: new keys, to be published; they take over once the DNS shows them.
     *
     * @return the new keys
     * @throws OperatorException the domain is not ours, or a rotation is under way
     */
    public List<DkimKey> rotate(Domain domain) throws IOException {
        ensure(domain);
        List<Fresh> fresh = List.of(make(SigningAlgorithm.RSA_SHA256), make(SigningAlgorithm.ED25519_SHA256));
        return database.write(c -> {
            for (Row row : rows(c, domain)) {
                if (row.key().state() == State.PENDING) {
                    throw new OperatorException(
                            "a rotation is under way: " + row.key().recordName() + " waits to be published",
                            "publish what this shows: dkim show " + domain);
                }
            }
            List<DkimKey> made = new ArrayList<>();
            for (Fresh each : fresh) {
                made.add(insert(c, domain, each, State.PENDING));
            }
            return made;
        });
    }

    /** Those of all domains in one state. */
    List<DkimKey> inState(State state) throws IOException {
        return database.read(c -> DkimKeyTable.inState(c, state));
    }

    /** A pending key takes over; the active one of its algorithm retires and its private half is deleted. */
    void activate(DkimKey pending) throws IOException {
        Instant now = time.now();
        database.write(c -> {
            if (DkimKeyTable.change(c, pending, State.ACTIVE, now)) {
                for (Row row : rows(c, pending.domain())) {
                    DkimKey other = row.key();
                    if (other.state() == State.ACTIVE && other.id() != pending.id() && other.algorithm() == pending.algorithm()) {
                        DkimKeyTable.change(c, other, State.RETIRING, now);
                    }
                }
            }
            return null;
        });
    }

    /** A retiring key's record is needed no more. */
    void remove(DkimKey retiring) throws IOException {
        database.write(c -> DkimKeyTable.change(c, retiring, State.REMOVED, time.now()));
    }

    /** Nobody needs to hear of it any more. */
    void forget(DkimKey removed) throws IOException {
        database.write(c -> {
            DkimKeyTable.delete(c, removed);
            return null;
        });
    }

    private List<DkimKey> keys(Domain domain) throws IOException {
        return database.read(c -> {
            Domains.require(c, domain);
            return rows(c, domain).stream().map(Row::key).toList();
        });
    }

    private static List<Row> rows(Connection c, Domain domain) throws SQLException {
        var found = DomainTable.find(c, domain);
        return found.isPresent() ? DkimKeyTable.list(c, found.get().id()) : List.of();
    }

    private static List<SigningAlgorithm> missing(List<DkimKey> keys, State state) {
        List<SigningAlgorithm> missing = new ArrayList<>(List.of(SigningAlgorithm.values()));
        keys.stream().filter(key -> key.state() == state).forEach(key -> missing.remove(key.algorithm()));
        return missing;
    }

    private DkimKey insert(Connection c, Domain domain, Fresh fresh, State state) throws SQLException {
        MailDomain owner = Domains.require(c, domain);
        Instant now = Instant.ofEpochMilli(time.now().toEpochMilli());
        DkimKey key = new DkimKey(SystemSchema.nextId(c, "dkim_key"), domain, freeSelector(c, owner, fresh.algorithm(), now),
                fresh.algorithm(), KeyFiles.keyRecord(fresh.pair().getPublic()), state, now, now);
        DkimKeyTable.insert(c, owner.id(), key, Base64.getEncoder().encodeToString(fresh.pair().getPrivate().getEncoded()));
        return key;
    }

    /** Such as {@code r20260102}; a selector is never used for two keys, since caches may hold the old one's record. */
    private static DnsName freeSelector(Connection c, MailDomain owner, SigningAlgorithm algorithm, Instant now) throws SQLException {
        String day = algorithm.keyType().charAt(0) + DAY.format(now);
        List<String> taken = DkimKeyTable.list(c, owner.id()).stream().map(row -> row.key().selector().text()).toList();
        String name = day;
        for (int number = 2; taken.contains(name); number++) {
            name = day + "-" + number;
        }
        return new DnsName(name);
    }

    private Fresh make(SigningAlgorithm algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm == SigningAlgorithm.RSA_SHA256 ? "RSA" : "Ed25519");
            if (algorithm == SigningAlgorithm.RSA_SHA256) {
                generator.initialize(RSA_BITS, random);
            }
            return new Fresh(algorithm, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey privateKey(SigningAlgorithm algorithm, @Nullable String base64) throws SQLException {
        try {
            KeyFactory factory = KeyFactory.getInstance(algorithm == SigningAlgorithm.RSA_SHA256 ? "RSA" : "Ed25519");
            return factory.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(String.valueOf(base64))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SQLException("a private key cannot be read", e);
        }
    }
}
