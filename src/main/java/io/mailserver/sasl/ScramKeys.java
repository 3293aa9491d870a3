package io.mailserver.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 §3, RFC 7677): enough to check a client and to prove itself, not
 * enough to log in elsewhere. Arrays are not copied: treat them as immutable.
 *
 * @param salt at least 16 octets, random for each credential
 * @param iterations at least 4,096 (RFC 7677 §4)
 * @param storedKey H(ClientKey), 32 octets
 * @param serverKey HMAC(SaltedPassword, "Server Key"), 32 octets
 */
@SuppressWarnings("ArrayRecordComponent") // equality is defined below over the octets
public record ScramKeys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    /** The least number of iterations (RFC 7677 §4). */
    public static final int MIN_ITERATIONS = 4096;

    private static final int MIN_SALT_OCTETS = 16;
    private static final int KEY_OCTETS = 32;

    public ScramKeys {
        if (salt.length < MIN_SALT_OCTETS || iterations < MIN_ITERATIONS) {
            throw new IllegalArgumentException("salt or iterations too small");
        }
        if (storedKey.length != KEY_OCTETS || serverKey.length != KEY_OCTETS) {
            throw new IllegalArgumentException("keys of the wrong length");
        }
    }

    /**
     * Derives the keys. Costs {@code iterations} HMAC-SHA-256, some milliseconds of processor time: call it behind a limit.
     *
     * @param preparedPassword after {@link SaslPrep#prepare}, not empty
     */
    public static ScramKeys derive(String preparedPassword, byte[] salt, int iterations) {
        byte[] salted = saltedPassword(preparedPassword, salt, iterations);
        byte[] clientKey = hmac(salted, "Client Key");
        return new ScramKeys(salt.clone(), iterations, sha256(clientKey), hmac(salted, "Server Key"));
    }

    /**
     * Hi(Normalize(password), salt, i) of RFC 5802 §2.2: PBKDF2 with HMAC-SHA-256.
     */
    private static byte[] saltedPassword(String preparedPassword, byte[] salt, int iterations) {
        // The JDK's PBKDF2 takes characters as UTF-8, as RFC 5802 §2.2 wants them.
        PBEKeySpec spec = new PBEKeySpec(preparedPassword.toCharArray(), salt, iterations, KEY_OCTETS * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    /**
     * Whether a client's proof was made with this password (RFC 5802 §3): in constant time.
     *
     * @param proof ClientProof
     * @param spoken AuthMessage
     */
    boolean opens(byte[] proof, String spoken) {
        byte[] signature = hmac(storedKey, spoken);
        if (proof.length != signature.length) {
            return false;
        }
        byte[] clientKey = new byte[proof.length];
        for (int i = 0; i < proof.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ signature[i]);
        }
        return MessageDigest.isEqual(sha256(clientKey), storedKey);
    }

    /** ServerSignature over AuthMessage: proves to the client that we know its password. */
    byte[] sign(String spoken) {
        return hmac(serverKey, spoken);
    }

    /** Whether a client answers one challenge for both. */
    public boolean sameChallenge(ScramKeys other) {
        return iterations == other.iterations && Arrays.equals(salt, other.salt);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScramKeys that
                && iterations == that.iterations
                && MessageDigest.isEqual(salt, that.salt)
                && MessageDigest.isEqual(storedKey, that.storedKey)
                && MessageDigest.isEqual(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    /** Says nothing of the keys. */
    @Override
    public String toString() {
        return "ScramKeys[iterations=" + iterations + "]";
    }
}
