package io.mailserver.returnpath;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed hashes over texts (HMAC-SHA-256, RFC 2104), written in letters and digits that survive a change of case. Safe for use by any
 * thread.
 */
public final class Seal {
    /** The shortest key, in octets. */
    public static final int KEY_OCTETS = 32;

    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BITS_PER_DIGIT = 5;

    private final SecretKeySpec key;

    /** @param key at least {@link #KEY_OCTETS}; the same after a restart */
    public Seal(byte[] key) {
        if (key.length < KEY_OCTETS) {
            throw new IllegalArgumentException("a key of " + key.length + " octets");
        }
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /**
     * The hash of a text.
     *
     * @param purpose so that what was made for one thing is never good for another
     * @param digits 5 bits each
     */
    String of(String purpose, String text, int digits) {
        byte[] hash = hmac(purpose + "\0" + text);
        StringBuilder written = new StringBuilder(digits);
        for (int i = 0; i < digits; i++) {
            int bit = i * BITS_PER_DIGIT;
            int window = (hash[bit >> 3] & 0xff) << 8 | (hash[(bit >> 3) + 1] & 0xff);
            written.append(DIGITS.charAt(window >> (11 - (bit & 7)) & 31));
        }
        return written.toString();
    }

    /** Whether {@code given} is the hash, in upper or lower case; takes as long for one that is nearly right as for any other. */
    boolean matches(String given, String purpose, String text, int digits) {
        byte[] right = of(purpose, text, digits).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(given.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8), right);
    }

    /** A day in two digits; days 1,024 apart look the same. */
    static String day(long day) {
        return "" + DIGITS.charAt((int) (day >> BITS_PER_DIGIT & 31)) + DIGITS.charAt((int) (day & 31));
    }

    /** How many days ago that day was, 0 to 1,023; -1 where it is none. */
    static int daysSince(String written, long today) {
        if (written.length() != 2) {
            return -1;
        }
        String lower = written.toLowerCase(Locale.ROOT);
        int high = DIGITS.indexOf(lower.charAt(0));
        int low = DIGITS.indexOf(lower.charAt(1));
        return high < 0 || low < 0 ? -1 : (int) (today - (high << BITS_PER_DIGIT | low)) & 1023;
    }

    private byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
