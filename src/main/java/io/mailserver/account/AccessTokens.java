package io.mailserver.account;

import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Signing in once for each device instead of showing the password with every request. A browser gets one secret for its cookie; a program
 * gets access tokens for an hour and a refresh token for new ones, which is replaced whenever it is used. Secrets have 256 random bits; in
 * {@code system.db} is only their SHA-256. A device is forgotten when it is revoked, when it was not used for 60 days, and when the
 * password it was signed in with is changed or removed.
 *
 * <p>Safe for use by any thread; blocks for the database, and {@link #signIn} as {@link Authenticator#verify} does.
 */
public final class AccessTokens {
    /** How long an access token is good. */
    public static final Duration ACCESS = Duration.ofHours(1);

    /** A device that is not used for so long is forgotten; no cookie lives longer either. */
    public static final Duration UNUSED = Duration.ofDays(60);

    /** How many devices an account may have; signing in at one more forgets the one used longest ago. */
    public static final int MAX_DEVICES = 100;

    /**
     * How long the refresh token before the present one is taken as well: the answer with the new one may have been lost. After that,
     * somebody has a copy, and the device is revoked (RFC 9700 §4.14.2).
     */
    static final Duration REPEAT = Duration.ofMinutes(5);

    private static final Duration LAST_USED_PRECISION = Duration.ofMinutes(10);
    private static final int TOKEN_OCTETS = 32;
    private static final int MAX_ACCESS_TOKENS = 20;
    private static final int MAX_NAME = 100;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final SystemDatabase database;
    private final Authenticator authenticator;
    private final SecureRandom random;
    private final Time time;
    private final EventLog log;

    AccessTokens(SystemDatabase database, Authenticator authenticator, SecureRandom random, Time time, EventLog log) {
        this.database = database;
        this.authenticator = authenticator;
        this.random = random;
        this.time = time;
        this.log = log;
    }

    /** What came of signing in. */
    public sealed interface SignIn {
        /** The secrets are here and nowhere else. */
        record Done(Signed signed, String secret, Optional<String> accessToken) implements SignIn {
            @Override
            public String toString() {
                return "Done[" + signed + "]";
            }
        }

        /** As {@link Authenticator} says; never a success. */
        record Refused(Outcome outcome) implements SignIn {}
    }

    /**
     * Somebody who is signed in.
     *
     * @param username canonical address of the account
     */
    public record Signed(long accountId, String username, long device) {}

    /** New tokens of a device. */
    public record Tokens(Signed signed, String accessToken, String refreshToken) {
        @Override
        public String toString() {
            return "Tokens[" + signed + "]";
        }
    }

    /**
     * Signs in with a password.
     *
     * @param device as it calls itself; cut to 100 characters
     * @param browser for a cookie's secret; else for a refresh token and a first access token
     */
    public SignIn signIn(String userName, String password, String device, boolean browser, InetAddress client) throws IOException {
        Authenticator.Verified verified = authenticator.verifyWhich(userName, password, client);
        if (!(verified.outcome() instanceof Outcome.Success success)) {
            return new SignIn.Refused(verified.outcome());
        }
        String secret = newToken();
        Optional<String> access = browser ? Optional.empty() : Optional.of(newToken());
        Instant now = time.now();
        long accountId = verified.accountId();
        long id = database.write(c -> {
            List<Device> devices = DeviceTable.list(c, accountId, Instant.EPOCH);
            for (Device old : devices.subList(Math.min(MAX_DEVICES - 1, devices.size()), devices.size())) {
                DeviceTable.delete(c, accountId, old.id());
            }
            long next = SystemSchema.nextId(c, "device");
            DeviceTable.insert(c, accountId, verified.credentialId(),
                    new Device(next, printable(device), browser, now, now, client.getHostAddress()), hash(secret));
            if (access.isPresent()) {
                DeviceTable.addAccessToken(c, next, hash(access.get()), now.plus(ACCESS));
            }
            return next;
        });
        log.info("auth.device-added", "user", success.account(), "device", id, "client", client.getHostAddress());
        return new SignIn.Done(new Signed(accountId, success.account(), id), secret, access);
    }

    /** Who shows this access token; empty if it is none, or no longer good. */
    public Optional<Signed> byAccessToken(String token, InetAddress client) throws IOException {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        Instant now = time.now();
        return used(database.read(c -> DeviceTable.byAccessToken(c, hash(token), now, now.minus(UNUSED))), client);
    }

    /** Who shows this cookie; empty if it is none, or no longer good. */
    public Optional<Signed> byCookie(String secret, InetAddress client) throws IOException {
        if (!TOKEN.matcher(secret).matches()) {
            return Optional.empty();
        }
        Instant since = time.now().minus(UNUSED);
        return used(database.read(c -> DeviceTable.byToken(c, hash(secret), since)).filter(found -> found.device().browser()), client);
    }

    /** New tokens for a refresh token, which is replaced; empty if it is none, or no longer good. */
    public Optional<Tokens> refresh(String refreshToken, InetAddress client) throws IOException {
        if (!TOKEN.matcher(refreshToken).matches()) {
            return Optional.empty();
        }
        String access = newToken();
        String refresh = newToken();
        Instant now = time.now();
        String given = hash(refreshToken);
        return database.write(c -> {
            Optional<DeviceTable.Stored> found = DeviceTable.byToken(c, given, now.minus(UNUSED)).filter(each -> !each.device().browser());
            if (found.isEmpty()) {
                return Optional.empty();
            }
            DeviceTable.Stored stored = found.get();
            long device = stored.device().id();
            if (stored.token().equals(given)) {
                DeviceTable.renew(c, device, hash(refresh), now);
            } else if (now.isBefore(stored.renewed().plus(REPEAT))) {
                DeviceTable.replace(c, device, hash(refresh));
            } else {
                DeviceTable.delete(c, stored.accountId(), device);
                log.warn("auth.device-revoked", "user", stored.address(), "device", device, "client", client.getHostAddress(), "reason",
                        "an old refresh token was used again: somebody has a copy");
                return Optional.empty();
            }
            DeviceTable.addAccessToken(c, device, hash(access), now.plus(ACCESS));
            DeviceTable.pruneAccessTokens(c, device, now, MAX_ACCESS_TOKENS);
            DeviceTable.used(c, device, now, client.getHostAddress());
            return Optional.of(new Tokens(signed(stored), access, refresh));
        });
    }

    /** The devices of an account, the last used first. */
    public List<Device> devices(long accountId) throws IOException {
        Instant since = time.now().minus(UNUSED);
        return database.read(c -> DeviceTable.list(c, accountId, since));
    }

    /** Signs a device out; whether it was one of the account's. */
    public boolean revoke(long accountId, long device) throws IOException {
        boolean gone = database.write(c -> DeviceTable.delete(c, accountId, device));
        if (gone) {
            log.info("auth.device-removed", "account-id", accountId, "device", device);
        }
        return gone;
    }

    /** What a page of ours must show besides the cookie, so that other sites' forms do nothing: known to whoever knows the cookie. */
    public static String csrf(String cookie) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256("csrf " + cookie));
    }

    private Optional<Signed> used(Optional<DeviceTable.Stored> found, InetAddress client) {
        found.ifPresent(stored -> noteUse(stored.device(), client));
        return found.map(AccessTokens::signed);
    }

    private void noteUse(Device device, InetAddress client) {
        Instant now = time.now();
        if (Duration.between(device.lastUsed(), now).compareTo(LAST_USED_PRECISION) < 0
                && device.address().equals(client.getHostAddress())) {
            return;
        }
        try {
            database.note(c -> {
                DeviceTable.used(c, device.id(), now, client.getHostAddress());
                return null;
            });
        } catch (IOException e) {
            // A full disk must not keep people from reading and deleting mail.
            log.warn("auth.last-use-not-noted", "device", device.id(), "reason", e.toString());
        }
    }

    private static Signed signed(DeviceTable.Stored stored) {
        return new Signed(stored.accountId(), stored.address(), stored.device().id());
    }

    private String newToken() {
        byte[] octets = new byte[TOKEN_OCTETS];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /** A hash without salt or cost is enough for what nobody can guess. */
    static String hash(String token) {
        return HexFormat.of().formatHex(sha256(token));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String printable(String name) {
        String text = name.codePoints()
                .filter(point -> !Character.isISOControl(point) && Character.getType(point) != Character.FORMAT)
                .limit(MAX_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return text.isEmpty() ? "unnamed" : text;
    }
}
