package io.mailserver.net;

import io.mailserver.base.OperatorException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * The blocks of one PEM file (RFC 7468): certificates, and a private key as PKCS#8, as SEC1 EC (RFC 5915) or as PKCS#1 RSA (RFC 8017).
 * Text around the blocks is ignored, as in files that OpenSSL writes.
 */
final class PemFile {
    private static final int MAX_OCTETS = 1024 * 1024;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN (?<label>[A-Z0-9 ]{1,40})-----(?<body>[^-]*)-----END \\k<label>-----");

    private record Block(String label, String body) {}

    private final Path file;
    private final List<Block> blocks = new ArrayList<>();

    /** @throws OperatorException if the file cannot be read or holds no PEM block */
    PemFile(Path file) {
        this.file = file;
        Matcher matcher = BLOCK.matcher(read(file));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group("label"), matcher.group("body")));
        }
        if (blocks.isEmpty()) {
            throw new OperatorException(file + " is not a PEM file", "it has to hold lines like -----BEGIN CERTIFICATE-----");
        }
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_OCTETS) {
                throw new OperatorException(file + " is larger than 1 MiB", "give the PEM file of a certificate or a key");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new OperatorException(file + " does not exist", "check the certificate's paths in the configuration", e);
        } catch (IOException e) {
            throw new OperatorException(
                    "cannot read " + file + ": " + e.getMessage(), "the user the server runs as must be able to read it", e);
        }
    }

    /**
     * All certificates in the file's order.
     *
     * @throws OperatorException if there is none, or one does not parse
     */
    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks) {
                if (block.label().equals("CERTIFICATE")) {
                    certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decode(block))));
                }
            }
        } catch (CertificateException e) {
            throw new OperatorException("a certificate in " + file + " cannot be read", "check the file with openssl x509 -text", e);
        }
        if (certificates.isEmpty()) {
            throw new OperatorException(file + " holds no certificate", "give the full chain here, such as fullchain.pem");
        }
        return certificates;
    }

    /**
     * The first private key.
     *
     * @param algorithm of the certificate's public key, which the key must fit
     * @throws OperatorException if there is none, it is encrypted, or it is not of that algorithm
     */
    PrivateKey privateKey(String algorithm) {
        for (Block block : blocks) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return privateKey(block, algorithm);
            }
        }
        throw new OperatorException(file + " holds no private key", "give the key's file here, such as privkey.pem");
    }

    private PrivateKey privateKey(Block block, String algorithm) {
        if (block.label().startsWith("ENCRYPTED") || block.body().contains("ENCRYPTED")) {
            throw new OperatorException(
                    "the private key in " + file + " is encrypted", "decrypt it: openssl pkey -in KEY -out NEWKEY, then chmod 600");
        }
        try {
            byte[] pkcs8 = switch (block.label()) {
                case "PRIVATE KEY" -> decode(block);
                case "EC PRIVATE KEY" -> fromSec1(decode(block));
                case "RSA PRIVATE KEY" -> fromPkcs1(decode(block));
                default -> throw new InvalidKeySpecException("unknown form: " + block.label());
            };
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (NoSuchAlgorithmException e) {
            throw new OperatorException("keys of type " + algorithm + " are not supported", "use an ECDSA or RSA certificate", e);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException | IllegalStateException e) {
            throw new OperatorException(
                    "the private key in " + file + " cannot be read as the certificate's " + algorithm + " key",
                    "check that certificate and key belong together, and the file with openssl pkey -noout -text",
                    e);
        }
    }

    private byte[] decode(Block block) {
        try {
            return Base64.getMimeDecoder().decode(block.body());
        } catch (IllegalArgumentException e) {
            throw new OperatorException("a block in " + file + " is not base64", "get the file anew", e);
        }
    }

    /** RFC 5915 §3: the curve stands inside the key and has to be named outside too. */
    private static byte[] fromSec1(byte[] der) throws IOException {
        ECPrivateKey key = ECPrivateKey.getInstance(ASN1Primitive.fromByteArray(der));
        ASN1Encodable curve = key.getParametersObject();
        if (curve == null) {
            throw new IllegalArgumentException("the EC key does not name its curve");
        }
        return new PrivateKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key).getEncoded();
    }

    private static byte[] fromPkcs1(byte[] der) throws IOException {
        AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
        return new PrivateKeyInfo(rsa, ASN1Primitive.fromByteArray(der)).getEncoded();
    }
}
