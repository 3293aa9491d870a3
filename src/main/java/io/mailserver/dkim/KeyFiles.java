package io.mailserver.dkim;

import io.mailserver.base.OperatorException;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Reads private keys from PEM files, and writes public ones as the DNS wants them. */
public final class KeyFiles {
    private static final byte[] PKCS8_RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
    private static final int ED25519_OCTETS = 32;
    private static final String HINT = "make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048";

    private KeyFiles() {}

    /**
     * Reads a PKCS#8 key ({@code BEGIN PRIVATE KEY}) or the older RSA form ({@code BEGIN RSA PRIVATE KEY}).
     *
     * @throws OperatorException when it is neither, or encrypted, or of another algorithm
     */
    public static PrivateKey privateKey(String pem) {
        boolean rsaForm = pem.contains("-----BEGIN RSA PRIVATE KEY-----");
        String label = rsaForm ? "RSA PRIVATE KEY" : "PRIVATE KEY";
        int start = pem.indexOf("-----BEGIN " + label + "-----");
        int end = pem.indexOf("-----END " + label + "-----");
        if (start < 0 || end < start) {
            throw new OperatorException("this is no unencrypted private key in PEM form", HINT);
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.substring(pem.indexOf('\n', start) + 1, end));
        } catch (IllegalArgumentException e) {
            throw new OperatorException("the private key is damaged", HINT, e);
        }
        byte[] pkcs8 = rsaForm ? wrap(der) : der;
        for (String algorithm : new String[] {"RSA", "Ed25519"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // Not of this algorithm; the next may take it.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new OperatorException("the private key is neither RSA nor Ed25519", HINT);
    }

    /** The text of the key record to publish (RFC 6376 §3.6.1, RFC 8463 §4). */
    public static String keyRecord(PublicKey key) {
        byte[] encoded = key.getEncoded();
        byte[] published = key instanceof RSAPublicKey ? encoded
                : Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length);
        return "v=DKIM1; k=" + (key instanceof RSAPublicKey ? "rsa" : "ed25519") + "; p=" + Base64.getEncoder().encodeToString(published);
    }

    /** The public half of an RSA key, which holds it. */
    public static PublicKey publicKey(RSAPrivateCrtKey key) {
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The older form is the content of the newer one (RFC 5208 §5). */
    private static byte[] wrap(byte[] rsaPrivateKey) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(PKCS8_RSA);
        content.writeBytes(der(0x04, rsaPrivateKey));
        return der(0x30, content.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
