package io.mailserver.dkim;

import io.mailserver.dkim.TagList.SyntaxException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A public key as the DNS holds it (RFC 6376 §3.6.1, RFC 8463 §4).
 *
 * @param keyType in lower case: {@code rsa}, {@code ed25519} or one we do not know
 * @param hashes which hash algorithms it may be used with; empty for all
 * @param services for what; {@code *} for all
 * @param testing whether its owner only tries DKIM out
 * @param strictIdentity whether {@code i=} must have the very domain of {@code d=}
 * @param key the key in the form of its type; empty if it was revoked
 */
public record KeyRecord(
        String keyType, Set<String> hashes, Set<String> services, boolean testing, boolean strictIdentity, Optional<String> key) {
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final int ED25519_OCTETS = 32;
    private static final int MAX_RSA_EXPONENT_BITS = 64;

    /**
     * Parses the text of a TXT record.
     *
     * @throws SyntaxException if it is no key record
     */
    public static KeyRecord parse(String text) throws SyntaxException {
        TagList tags = TagList.parse(text);
        Optional<String> version = tags.value("v");
        boolean versionFirst = tags.tags().keySet().iterator().next().equals("v");
        if (version.isPresent() && (!version.get().equals("DKIM1") || !versionFirst)) {
            throw new SyntaxException("another version than DKIM1");
        }
        String key = tags.value("p").map(TagList::withoutSpace).orElseThrow(() -> new SyntaxException("no tag 'p='"));
        Set<String> flags = lowerCase(tags.value("t"));
        return new KeyRecord(
                tags.value("k").orElse("rsa").toLowerCase(Locale.ROOT),
                lowerCase(tags.value("h")),
                tags.value("s").isPresent() ? lowerCase(tags.value("s")) : Set.of("*"),
                flags.contains("y"),
                flags.contains("s"),
                key.isEmpty() ? Optional.empty() : Optional.of(key));
    }

    /** Whether it may be used for mail. */
    public boolean forMail() {
        return services.contains("*") || services.contains("email");
    }

    /** Whether signatures of an algorithm may use it; all of ours hash with SHA-256. */
    public boolean allows(SigningAlgorithm algorithm) {
        return keyType.equals(algorithm.keyType()) && (hashes.isEmpty() || hashes.contains("sha256"));
    }

    /**
     * The key itself.
     *
     * @throws SyntaxException if it is revoked, of a type we do not know, or no key
     */
    public PublicKey publicKey() throws SyntaxException {
        byte[] octets = TagList.base64(key.orElseThrow(() -> new SyntaxException("a revoked key")), "p");
        try {
            return switch (keyType) {
                case "rsa" -> rsa(octets);
                case "ed25519" -> ed25519(octets);
                default -> throw new SyntaxException("a key of an unknown type");
            };
        } catch (InvalidKeySpecException e) {
            throw new SyntaxException("'p=' is no " + keyType + " key");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The size of an RSA key in bits; that of Ed25519 otherwise. */
    static int bits(PublicKey key) {
        return key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : ED25519_OCTETS * Byte.SIZE;
    }

    private static PublicKey rsa(byte[] octets) throws GeneralSecurityException, SyntaxException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        PublicKey key;
        try {
            key = factory.generatePublic(new X509EncodedKeySpec(octets));
        } catch (InvalidKeySpecException e) {
            // RFC 6376 §3.6.1 says RSAPublicKey; the world publishes SubjectPublicKeyInfo. Both are taken.
            key = factory.generatePublic(rsaPublicKey(octets));
        }
        if (key instanceof RSAPublicKey rsa && rsa.getPublicExponent().bitLength() > MAX_RSA_EXPONENT_BITS) {
            throw new SyntaxException("an RSA key with an excessive exponent"); // It would cost us much time.
        }
        return key;
    }

    private static PublicKey ed25519(byte[] octets) throws GeneralSecurityException {
        if (octets.length != ED25519_OCTETS) {
            throw new InvalidKeySpecException("not 32 octets");
        }
        byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + ED25519_OCTETS);
        System.arraycopy(octets, 0, encoded, ED25519_PREFIX.length, ED25519_OCTETS);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** SEQUENCE of modulus and exponent (RFC 8017 §A.1.1). */
    private static RSAPublicKeySpec rsaPublicKey(byte[] der) throws InvalidKeySpecException {
        int[] at = {0};
        int end = enter(der, at, 0x30);
        BigInteger modulus = integer(der, at);
        BigInteger exponent = integer(der, at);
        if (at[0] != end || end != der.length) {
            throw new InvalidKeySpecException("trailing octets");
        }
        return new RSAPublicKeySpec(modulus, exponent);
    }

    private static BigInteger integer(byte[] der, int[] at) throws InvalidKeySpecException {
        int end = enter(der, at, 0x02);
        BigInteger value = new BigInteger(Arrays.copyOfRange(der, at[0], end));
        if (value.signum() <= 0) {
            throw new InvalidKeySpecException("not positive");
        }
        at[0] = end;
        return value;
    }

    /** Steps over a DER tag and length; answers where the content ends, which is within the octets and not empty. */
    private static int enter(byte[] der, int[] at, int tag) throws InvalidKeySpecException {
        if (der.length - at[0] < 2 || der[at[0]] != tag) {
            throw new InvalidKeySpecException("not the expected tag");
        }
        int length = der[at[0] + 1] & 0xff;
        at[0] += 2;
        if (length >= 0x80) {
            int lengthOctets = length & 0x7f;
            if (lengthOctets < 1 || lengthOctets > 2 || der.length - at[0] < lengthOctets) {
                throw new InvalidKeySpecException("not a length");
            }
            length = 0;
            for (int i = 0; i < lengthOctets; i++) {
                length = length << 8 | (der[at[0]++] & 0xff);
            }
        }
        if (length < 1 || length > der.length - at[0]) {
            throw new InvalidKeySpecException("not within the octets");
        }
        return at[0] + length;
    }

    private static Set<String> lowerCase(Optional<String> value) {
        Set<String> set = new TreeSet<>();
        List<String> elements = value.map(TagList::elements).orElse(List.of());
        elements.forEach(element -> set.add(element.toLowerCase(Locale.ROOT)));
        return Set.copyOf(set);
    }
}
