package io.mailserver.mtasts;

import io.mailserver.base.Domain;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The policy that a domain of ours publishes (RFC 8461 §3.2).
 *
 * @param mx the only host that takes mail for it
 */
public record OwnPolicy(Policy.Mode mode, Domain mx) {
    private static final Duration TESTING = Duration.ofDays(1);
    private static final Duration ENFORCED = Duration.ofDays(14);
    private static final int ID_OCTETS = 8;

    /** The file at {@code https://mta-sts.DOMAIN/.well-known/mta-sts.txt}. */
    public String text() {
        Duration maxAge = mode == Policy.Mode.ENFORCE ? ENFORCED : TESTING;
        return "version: STSv1\r\nmode: " + mode.name().toLowerCase(Locale.ROOT) + "\r\nmx: " + mx + "\r\nmax_age: " + maxAge.toSeconds()
                + "\r\n";
    }

    /** For the record at {@code _mta-sts.DOMAIN} (RFC 8461 §3.1): another one for another policy, and for no other reason. */
    public String id() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest, 0, ID_OCTETS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
