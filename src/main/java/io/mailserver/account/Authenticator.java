package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.sasl.SaslPrep;
import io.mailserver.sasl.ScramDirectory;
import io.mailserver.sasl.ScramKeys;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides whether a name and password, or a SCRAM proof of one, belong to an account. The name is the account's address, or its local
 * part alone on a server with one domain. Every attempt with a password that is looked at costs one hash, whether the name exists, is
 * disabled or has many passwords; a password that was right before costs none ({@link VerifiedSecrets}). Failures are counted and slowed
 * down ({@link LoginThrottle}).
 *
 * <p>Safe for use by any thread; blocks for a hash and for the delay of a slowed answer.
 */
public final class Authenticator implements PasswordVerifier {
    /** Names longer than any address are cut for the counters and the log. */
    private static final int MAX_NAME_LENGTH = 320;

    private static final int NONCE_OCTETS = 18;
    private static final int NOBODYS_SALT_OCTETS = 16;

    /** When a password was last used is written at most so often. */
    private static final Duration LAST_USED_PRECISION = Duration.ofHours(1);

    private final SystemDatabase database;
    private final PasswordHasher hasher;
    private final LoginThrottle throttle;
    private final VerifiedSecrets verified;
    private final Argon2Hash nobodys;
    private final SecureRandom random;
    private final Time time;
    private final EventLog log;
    private final Scram scram = new Scram();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder lockedOut = new LongAdder();
    private final LongAdder unavailable = new LongAdder();

    public Authenticator(
            SystemDatabase database,
            PasswordHasher hasher,
            LoginThrottle throttle,
            SecureRandom random,
            Time time,
            EventLog log) {
        this.database = database;
        this.hasher = hasher;
        this.throttle = throttle;
        this.verified = new VerifiedSecrets(random);
        this.nobodys = hasher.nobodys();
        this.random = random;
        this.time = time;
        this.log = log;
    }

    /** Who a name belongs to; no account for names that nobody has. */
    private record Candidate(String name, Optional<Account> account, boolean domainEnabled, List<CredentialTable.Stored> passwords) {
        boolean mayLogIn() {
            return account.isPresent() && account.get().enabled() && domainEnabled;
        }
    }

    /**
     * What came of an attempt, and with which password.
     *
     * @param accountId 0 where it is no success; so is {@code credentialId}
     */
    record Verified(Outcome outcome, long accountId, long credentialId) {
        static Verified not(Outcome outcome) {
            return new Verified(outcome, 0, 0);
        }
    }

    @Override
    public Outcome verify(String userName, String password, InetAddress client) {
        return verifyWhich(userName, password, client).outcome();
    }

    Verified verifyWhich(String userName, String password, InetAddress client) {
        Verified verified = decide(userName, password, client);
        count(verified.outcome());
        return verified;
    }

    /** Makes what is counted here visible. */
    void measure(Metrics metrics) {
        metrics.counter("logins_succeeded", "Logins with the right password.", succeeded::sum);
        metrics.counter("logins_rejected", "Logins with a wrong name or password.", rejected::sum);
        metrics.counter("logins_locked_out", "Logins refused, or ended, by a lock after too many failures.", lockedOut::sum);
        metrics.counter("logins_unavailable", "Logins that could not be decided.", unavailable::sum);
    }

    private Outcome count(Outcome outcome) {
        LongAdder counter = switch (outcome) {
            case Outcome.Success success -> succeeded;
            case Outcome.Rejected wrong -> rejected;
            case Outcome.LockedOut locked -> lockedOut;
            case Outcome.Unavailable trouble -> unavailable;
        };
        counter.increment();
        return outcome;
    }

    private Verified decide(String userName, String password, InetAddress client) {
        try {
            Candidate candidate = database.read(c -> candidate(c, userName));
            Optional<Duration> locked = throttle.lockedFor(candidate.name(), client);
            if (locked.isPresent()) {
                log.info("auth.refused", "user", candidate.name(), "client", client.getHostAddress(), "locked-for", locked.get());
                return Verified.not(new Outcome.LockedOut(locked.get()));
            }
            Optional<CredentialTable.Stored> right = find(candidate, password);
            if (right.isEmpty() || !candidate.mayLogIn()) {
                return Verified.not(fail(candidate, verified.fingerprint(candidate.name(), password), client));
            }
            long accountId = candidate.account().orElseThrow().id();
            return new Verified(succeed(candidate, right.get(), client), accountId, right.get().credential().id());
        } catch (IOException e) {
            log.error("auth.unavailable", e, "client", client.getHostAddress());
            return Verified.not(new Outcome.Unavailable());
        }
    }

    private Outcome succeed(Candidate candidate, CredentialTable.Stored right, InetAddress client) {
        Account account = candidate.account().orElseThrow();
        throttle.succeeded(candidate.name(), client);
        noteUse(account, right.credential());
        return new Outcome.Success(account.address().toString());
    }

    @Override
    public Optional<ScramDirectory> scram() {
        return Optional.of(scram);
    }

    /** SCRAM: no password passes here, only what proves it; counted and slowed down as others. */
    private final class Scram implements ScramDirectory {
        @Override
        public Lookup lookup(String userName, InetAddress client) {
            try {
                Candidate candidate = database.read(c -> candidate(c, userName));
                Optional<Duration> locked = throttle.lockedFor(candidate.name(), client);
                if (locked.isPresent()) {
                    log.info("auth.refused", "user", candidate.name(), "client", client.getHostAddress(), "locked-for", locked.get());
                    return new Lookup.Refused(count(new Outcome.LockedOut(locked.get())));
                }
                return new Lookup.Found(keys(candidate), newNonce());
            } catch (IOException e) {
                log.error("auth.unavailable", e, "client", client.getHostAddress());
                return new Lookup.Refused(count(new Outcome.Unavailable()));
            }
        }

        private List<ScramKeys> keys(Candidate candidate) {
            List<ScramKeys> all = candidate.passwords().stream().map(stored -> stored.secret().scram()).toList();
            if (all.isEmpty()) {
                byte[] salt = new byte[NOBODYS_SALT_OCTETS];
                verified.fingerprint(candidate.name(), "SCRAM").get(salt);
                byte[] key = new byte[32];
                random.nextBytes(key);
                return List.of(new ScramKeys(salt, hasher.scramIterations(), key, key));
            }
            // One challenge has one salt. The newest decides: passwords made before they shared it work again once set anew.
            return all.stream().filter(all.getLast()::sameChallenge).toList();
        }

        private String newNonce() {
            byte[] nonce = new byte[NONCE_OCTETS];
            random.nextBytes(nonce);
            return Base64.getEncoder().encodeToString(nonce);
        }

        @Override
        public Outcome conclude(String userName, Optional<ScramKeys> proven, InetAddress client) {
            try {
                // Read again: the password may have been taken away since the challenge.
                Candidate candidate = database.read(c -> candidate(c, userName));
                Optional<CredentialTable.Stored> right = candidate.passwords().stream()
                        .filter(stored -> proven.filter(stored.secret().scram()::equals).isPresent())
                        .findFirst();
                if (right.isPresent() && candidate.mayLogIn()) {
                    return count(succeed(candidate, right.get(), client));
                }
                // What was guessed is not seen here, so each failure counts.
                return count(fail(candidate, verified.fingerprint(candidate.name(), newNonce()), client));
            } catch (IOException e) {
                log.error("auth.unavailable", e, "client", client.getHostAddress());
                return count(new Outcome.Unavailable());
            }
        }
    }

    private Candidate candidate(Connection c, String userName) throws SQLException {
        Optional<Address> address = address(c, userName);
        if (address.isEmpty()) {
            return new Candidate(cut(LocalPart.canonical(userName)), Optional.empty(), false, List.of());
        }
        String name = cut(address.get().toString());
        Optional<MailDomain> domain = DomainTable.find(c, address.get().domain().orElseThrow());
        Optional<Account> account = domain.isEmpty()
                ? Optional.empty()
                : AccountTable.find(c, domain.get().id(), address.get().localPart());
        List<CredentialTable.Stored> passwords =
                account.isEmpty() ? List.of() : CredentialTable.list(c, account.get().id());
        return new Candidate(name, account, domain.map(MailDomain::enabled).orElse(false), passwords);
    }

    /** The address a name stands for, in canonical form; empty if it can be nobody's. */
    private static Optional<Address> address(Connection c, String userName) throws SQLException {
        if (userName.length() > MAX_NAME_LENGTH) {
            return Optional.empty();
        }
        int at = userName.lastIndexOf('@');
        if (at > 0) {
            return Domain.parse(userName.substring(at + 1))
                    .map(domain -> Address.of(LocalPart.canonical(userName.substring(0, at)), domain));
        }
        return userName.isEmpty()
                ? Optional.empty()
                : DomainTable.only(c).map(domain -> Address.of(LocalPart.canonical(userName), domain.name()));
    }

    /** The credential whose password was given. */
    private Optional<CredentialTable.Stored> find(Candidate candidate, String password) throws IOException {
        Optional<String> prepared = prepare(password);
        if (prepared.isPresent() && candidate.account().isPresent()) {
            Optional<CredentialTable.Stored> known =
                    verified.find(candidate.account().get().id(), prepared.get(), candidate.passwords());
            if (known.isPresent()) {
                return known;
            }
        }
        Optional<CredentialTable.Stored> right = compare(candidate.passwords(), prepared.orElse(""));
        if (right.isEmpty() || prepared.isEmpty()) {
            return Optional.empty();
        }
        long accountId = candidate.account().orElseThrow().id();
        verified.remember(accountId, prepared.get(), right.get());
        renewIfWeak(accountId, prepared.get(), right.get(), candidate.passwords());
        return right;
    }

    /** One hash for all that share salt and cost, which are all of an account but for those of an older cost; one also for nobody. */
    private Optional<CredentialTable.Stored> compare(List<CredentialTable.Stored> passwords, String prepared) throws IOException {
        List<Argon2Hash> computed = new ArrayList<>();
        Optional<CredentialTable.Stored> right = Optional.empty();
        for (CredentialTable.Stored stored : passwords) {
            Argon2Hash expected = stored.secret().argon2id();
            Optional<Argon2Hash> before =
                    computed.stream().filter(hash -> hash.sameSaltAndCost(expected)).findFirst();
            Argon2Hash given = before.isPresent() ? before.get() : hasher.hashLike(prepared, expected);
            if (before.isEmpty()) {
                computed.add(given);
            }
            if (given.matches(expected)) {
                right = Optional.of(stored);
            }
        }
        if (passwords.isEmpty()) {
            hasher.hashLike(prepared, nobodys);
        }
        return right;
    }

    /** @param guess stands for name and password; equal for equal ones */
    private Outcome fail(Candidate candidate, ByteBuffer guess, InetAddress client) {
        LoginThrottle.Failure failure = throttle.failed(candidate.name(), client, guess);
        log.warn(
                "auth.failed",
                "user",
                candidate.name(),
                "client",
                client.getHostAddress(),
                "failures",
                failure.failures());
        if (failure.accountLocked()) {
            log.warn("auth.locked", "account", candidate.name(), "client", client.getHostAddress());
        }
        if (failure.networkLocked()) {
            log.warn("auth.locked", "network", LoginThrottle.network(client));
        }
        pause(failure.delay());
        Optional<Duration> locked = throttle.lockedFor(candidate.name(), client);
        return locked.isPresent() ? new Outcome.LockedOut(locked.get()) : new Outcome.Rejected();
    }

    /** A password whose hash is of an older cost is hashed anew, while it is at hand. A failure of that harms nobody. */
    private void renewIfWeak(
            long accountId, String prepared, CredentialTable.Stored used, List<CredentialTable.Stored> passwords) {
        if (used.secret().argon2id().cost().equals(hasher.cost())) {
            return;
        }
        Optional<Secret> sibling = passwords.stream()
                .map(CredentialTable.Stored::secret)
                .filter(secret -> secret.argon2id().cost().equals(hasher.cost()))
                .findFirst();
        try {
            Secret renewed = hasher.derive(prepared, sibling);
            String old = used.secret().argon2id().format();
            database.note(c -> {
                boolean unchanged = CredentialTable.list(c, accountId).stream()
                        .anyMatch(stored -> stored.secret().argon2id().format().equals(old));
                if (unchanged) {
                    CredentialTable.setSecret(c, accountId, used.credential().id(), renewed);
                }
                return null;
            });
        } catch (IOException e) {
            log.warn("auth.rehash-failed", "account-id", accountId, "reason", e.toString());
        }
    }

    private void noteUse(Account account, Credential credential) {
        boolean recent = credential.lastUsed().isPresent()
                && Duration.between(credential.lastUsed().get(), time.now()).compareTo(LAST_USED_PRECISION) < 0;
        if (recent) {
            return;
        }
        try {
            database.note(c -> {
                CredentialTable.setLastUsed(c, account.id(), credential.id(), time.now());
                return null;
            });
        } catch (IOException e) {
            // A full disk must not keep people from reading and deleting mail.
            log.warn("auth.last-use-not-noted", "user", account.address(), "reason", e.toString());
        }
    }

    private void pause(Duration delay) {
        if (delay.isZero()) {
            return;
        }
        CountDownLatch over = new CountDownLatch(1);
        Time.Scheduled end = time.schedule(delay, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            end.cancel();
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<String> prepare(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length > PasswordPolicy.MAX_OCTETS
                ? Optional.empty()
                : SaslPrep.prepare(password);
    }

    private static String cut(String name) {
        return name.length() <= MAX_NAME_LENGTH ? name : name.substring(0, MAX_NAME_LENGTH);
    }
}
