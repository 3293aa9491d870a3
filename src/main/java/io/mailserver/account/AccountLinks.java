package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Links that an operator gives to one person: an invitation to make an account, or a way to a new password where the old one is lost. A
 * link holds 256 random bits, of which {@code system.db} has only the SHA-256; it is good once and for a time. A new link to a new
 * password takes the place of the one before.
 *
 * <p>What is no link counts as a failed login of its network ({@link LoginThrottle}). Safe for use by any thread; blocks for the database
 * and for hashing the password.
 */
public final class AccountLinks {
    /** How long an invitation is good unless said otherwise. */
    public static final Duration INVITATION = Duration.ofDays(7);

    /** How long a link to a new password is good unless said otherwise. */
    public static final Duration NEW_PASSWORD = Duration.ofDays(1);

    /** No link is good for longer. */
    public static final Duration LONGEST = Duration.ofDays(90);

    /** How many links may be open at a time. */
    static final int MAX_OPEN = 10_000;

    private static final int TOKEN_OCTETS = 32;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final String SELECT =
            "SELECT domain_id, local_part, account_id, quota_messages, quota_bytes, expires_ms FROM account_links ";

    /**
     * Names that stand for the domain and not for a person: RFC 2142, and those by which certificate authorities hand out certificates.
     * Only an invitation that names such an address leads to it.
     */
    private static final Set<String> RESERVED = Set.of(
            "abuse", "admin", "administrator", "ftp", "hostmaster", "info", "mailer-daemon", "marketing", "news",
            "no-reply", "noc", "noreply", "postmaster", "root", "sales", "security", "ssladmin", "ssladministrator",
            "sslwebmaster", "support", "sysadmin", "system", "usenet", "uucp", "webmaster", "www");

    private final SystemDatabase database;
    private final Credentials credentials;
    private final LoginThrottle throttle;
    private final SecureRandom random;
    private final Time time;
    private final EventLog log;

    AccountLinks(
            SystemDatabase database, Credentials credentials, LoginThrottle throttle, SecureRandom random, Time time, EventLog log) {
        this.database = database;
        this.credentials = credentials;
        this.throttle = throttle;
        this.random = random;
        this.time = time;
        this.log = log;
    }

    /**
     * What a link is good for.
     *
     * @param domain of the account
     * @param localPart of the account; empty where the invited person chooses it
     * @param existing whether the account is there and gets a new password
     */
    public record Offer(Domain domain, Optional<String> localPart, boolean existing, Instant expires) {}

    /** A link's secret, which is nowhere else. */
    public record Made(String token, Instant expires) {
        @Override
        public String toString() {
            return "Made[" + expires + "]";
        }
    }

    /** The link is none, was used, or is over; or its network is shut out for a while. */
    public static final class RefusedException extends Exception {
        private final Optional<Duration> retryAfter;

        RefusedException(String text, Optional<Duration> retryAfter) {
            super(text);
            this.retryAfter = retryAfter;
        }

        /** Where it is not the link: when to try again. */
        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }

    /**
     * Invites somebody.
     *
     * @param localPart empty: the person chooses a free one
     */
    public Made invite(Domain domain, Optional<String> localPart, Quota quota, Duration valid) throws IOException {
        Optional<Address> address = localPart.map(local -> LocalPart.parse(local + "@" + domain.ascii()));
        return make(valid, (c, hash, expires) -> {
            MailDomain found = Domains.require(c, domain);
            if (address.isPresent()) {
                Accounts.requireFree(c, address.get());
            }
            insert(c, hash, found.id(), address.map(Address::localPart), Optional.empty(), quota, expires);
        });
    }

    /** A way for the account's owner to set a new {@link Credentials#MAIN_LABEL} password. */
    public Made newPassword(String typed, Duration valid) throws IOException {
        Address address = LocalPart.parse(typed);
        return make(valid, (c, hash, expires) -> {
            Account account = Accounts.require(c, address);
            Sql.update(c, "DELETE FROM account_links WHERE account_id = ?", account.id());
            MailDomain domain = Domains.require(c, account.domain());
            insert(c, hash, domain.id(), Optional.of(account.localPart()), Optional.of(account.id()), Quota.NONE, expires);
        });
    }

    /** Takes back all open invitations and links to new passwords. Returns how many there were. */
    public int revokeAll() throws IOException {
        return database.write(c -> Sql.update(c, "DELETE FROM account_links"));
    }

    /** What a link is good for; it stays good. */
    public Offer look(String token, InetAddress client) throws IOException, RefusedException {
        requireOpen(client);
        Optional<Stored> found = TOKEN.matcher(token).matches() ? database.read(c -> find(c, token)) : Optional.empty();
        return found.orElseThrow(() -> refused(token, client)).offer();
    }

    /**
     * Makes the account, or sets its new password, and with it the link is used. Whoever was signed in with the old password no longer is.
     *
     * @param chosen the name the person wants; looked at only where the invitation leaves it open
     * @return the account's address
     * @throws OperatorException name or password cannot be used; the link is still good
     */
    public Address use(String token, String chosen, String displayName, String password, InetAddress client)
            throws IOException, RefusedException {
        Offer offer = look(token, client);
        Address address = LocalPart.parse(offer.localPart().orElse(chosen.strip()) + "@" + offer.domain().ascii());
        if (offer.localPart().isEmpty() && RESERVED.contains(address.localPart())) {
            throw new OperatorException(address + " stands for the domain", "choose a name of your own");
        }
        Accounts.checkDisplayName(displayName);
        if (!offer.existing()) {
            // A cheap look first, as for operators: the hash costs much.
            database.read(c -> Accounts.requireFree(c, address));
        }
        Secret secret = credentials.derive(PasswordPolicy.prepare(password), Optional.empty());
        boolean done = database.write(c -> {
            // Whoever comes second finds it gone: this is the transaction that counts.
            Optional<Stored> stored = find(c, token);
            if (stored.isEmpty() || Sql.update(c, "DELETE FROM account_links WHERE token_hash = ?", AccessTokens.hash(token)) != 1) {
                return false;
            }
            if (stored.get().accountId().isPresent()) {
                Account account = Accounts.require(c, address);
                CredentialTable.delete(c, account.id(), Credentials.MAIN_LABEL);
                CredentialTable.insert(c, account.id(), Credentials.MAIN_LABEL, secret, time.now());
            } else {
                Accounts.insert(c, Accounts.requireFree(c, address), address, displayName, stored.get().quota(), secret, time.now());
            }
            return true;
        });
        if (!done) {
            throw refused(token, client);
        }
        log.info(offer.existing() ? "account.password-by-link" : "account.made-by-invitation", "user", address, "client",
                client.getHostAddress());
        return address;
    }

    @FunctionalInterface
    private interface Keep {
        void keep(Connection c, String hash, Instant expires) throws SQLException;
    }

    private Made make(Duration valid, Keep keep) throws IOException {
        if (valid.compareTo(Duration.ofMinutes(1)) < 0 || valid.compareTo(LONGEST) > 0) {
            throw new OperatorException("a link is good for a minute to " + LONGEST.toDays() + " days", "choose such a time");
        }
        byte[] octets = new byte[TOKEN_OCTETS];
        random.nextBytes(octets);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        Instant now = time.now();
        Instant expires = now.plus(valid);
        database.write(c -> {
            Sql.update(c, "DELETE FROM account_links WHERE expires_ms <= ?", now.toEpochMilli());
            List<Long> open = Sql.list(c, row -> row.getLong(1), "SELECT COUNT(*) FROM account_links");
            if (open.getFirst() >= MAX_OPEN) {
                throw new OperatorException(MAX_OPEN + " links are open, which is the most", "wait until some are used or over");
            }
            keep.keep(c, AccessTokens.hash(token), expires);
            return null;
        });
        return new Made(token, expires);
    }

    private record Stored(long domainId, Offer offer, Optional<Long> accountId, Quota quota) {}

    /** The open link with this token; one to a new password only while its account is there. */
    private Optional<Stored> find(Connection c, String token) throws SQLException {
        Optional<Stored> found = Sql.first(
                c, row -> read(c, row), SELECT + "WHERE token_hash = ? AND expires_ms > ?",
                AccessTokens.hash(token), time.now().toEpochMilli());
        if (found.isEmpty() || found.get().accountId().isEmpty()) {
            return found;
        }
        Optional<Account> account = AccountTable.find(c, found.get().domainId(), found.get().offer().localPart().orElseThrow());
        return found.filter(stored -> account.isPresent() && account.get().enabled() && account.get().id() == stored.accountId().get());
    }

    private static Stored read(Connection c, ResultSet row) throws SQLException {
        long domainId = row.getLong("domain_id");
        Optional<String> localPart = Optional.ofNullable(row.getString("local_part"));
        long accountId = row.getLong("account_id");
        Optional<Long> existing = row.wasNull() ? Optional.empty() : Optional.of(accountId);
        String name = Sql.first(c, each -> each.getString(1), "SELECT name FROM domains WHERE domain_id = ?", domainId).orElseThrow();
        return new Stored(
                domainId,
                new Offer(new Domain(name), localPart, existing.isPresent(), Instant.ofEpochMilli(row.getLong("expires_ms"))),
                existing,
                new Quota(row.getLong("quota_messages"), row.getLong("quota_bytes")));
    }

    private static void insert(
            Connection c, String hash, long domainId, Optional<String> localPart, Optional<Long> accountId, Quota quota, Instant expires)
            throws SQLException {
        Sql.update(
                c,
                """
                INSERT INTO account_links (token_hash, domain_id, local_part, account_id, quota_messages, quota_bytes, expires_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                hash, domainId, localPart.orElse(null), accountId.orElse(null), quota.messages(), quota.bytes(), expires.toEpochMilli());
    }

    /** Links share the name "" with nothing else, so that no account is locked by guesses at them; networks are. */
    private void requireOpen(InetAddress client) throws RefusedException {
        Optional<Duration> locked = throttle.lockedFor(throttled(client), client);
        if (locked.isPresent()) {
            throw new RefusedException("Too many tries. Wait a while.", locked);
        }
    }

    private RefusedException refused(String token, InetAddress client) {
        throttle.failed(throttled(client), client, ByteBuffer.wrap(AccessTokens.hash(token).getBytes(StandardCharsets.US_ASCII)));
        return new RefusedException("This link was used already, or its time is over. Ask for a new one.", Optional.empty());
    }

    private static String throttled(InetAddress client) {
        return "links from " + client.getHostAddress();
    }
}
