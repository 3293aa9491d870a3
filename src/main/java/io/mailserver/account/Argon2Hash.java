package io.mailserver.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * An Argon2id hash of a password (RFC 9106) with what it takes to compute it again. Written as
 * {@code $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>}, the form of the reference implementation. Arrays are not copied: treat them
 * as immutable.
 *
 * @param salt at least 8 octets
 * @param hash of the length that was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // compared by matches() only, in constant time
record Argon2Hash(Cost cost, byte[] salt, byte[] hash) {
    private static final int HASH_OCTETS = 32;
    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,8}),t=(\\d{1,4}),p=(\\d{1,3})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

    /**
     * What one computation costs.
     *
     * @param memoryKib memory in KiB
     * @param passes over the memory
     * @param lanes computed one after the other here
     */
    record Cost(int memoryKib, int passes, int lanes) {
        /** What OWASP asks for at least: some 40 ms and 19 MiB. */
        static final Cost STANDARD = new Cost(19_456, 2, 1);

        Cost {
            if (memoryKib < 8 * lanes || passes < 1 || lanes < 1) {
                throw new IllegalArgumentException("Argon2 parameters out of range (RFC 9106 §3.1)");
            }
        }
    }

    static Argon2Hash compute(String preparedPassword, byte[] salt, Cost cost) {
        byte[] octets = preparedPassword.getBytes(StandardCharsets.UTF_8);
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_OCTETS];
        generator.generateBytes(octets, hash);
        Arrays.fill(octets, (byte) 0);
        return new Argon2Hash(cost, salt, hash);
    }

    /** @throws IllegalArgumentException it is no Argon2id hash of version 1.3 */
    static Argon2Hash parse(String text) {
        Matcher phc = PHC.matcher(text);
        if (!phc.matches()) {
            throw new IllegalArgumentException("not an Argon2id hash");
        }
        Cost cost = new Cost(
                Integer.parseInt(phc.group(1)), Integer.parseInt(phc.group(2)), Integer.parseInt(phc.group(3)));
        return new Argon2Hash(cost, Base64.getDecoder().decode(phc.group(4)), Base64.getDecoder().decode(phc.group(5)));
    }

    String format() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.passes() + ",p=" + cost.lanes() + "$"
                + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    /** Whether both were computed from one password; the time taken does not depend on where they differ. */
    boolean matches(Argon2Hash other) {
        return MessageDigest.isEqual(hash, other.hash);
    }

    /** Whether one computation serves both. */
    boolean sameSaltAndCost(Argon2Hash other) {
        return cost.equals(other.cost) && Arrays.equals(salt, other.salt);
    }

    @Override
    public String toString() {
        return "Argon2Hash[" + cost + "]";
    }
}
