package io.mailserver.net;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates with the names and key forms that a test wants, and a client that believes all of them. */
final class TestCertificates {
    static final Instant EXPIRY = Instant.parse("2030-01-02T03:04:05Z");

    private TestCertificates() {}

    static KeyPair ec() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    /** Writes {@code <stem>.crt} and {@code <stem>.key} for these names. */
    static CertificateFiles write(Path folder, String stem, KeyPair keys, String... names) throws IOException {
        Path chain = Files.writeString(folder.resolve(stem + ".crt"), pem("CERTIFICATE", certificate(keys, names)));
        Path key = Files.writeString(folder.resolve(stem + ".key"), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        return new CertificateFiles(chain, key);
    }

    /** As OpenSSL writes it outside PKCS#8: SEC1 with the curve for EC, PKCS#1 for RSA. */
    static byte[] traditionalForm(KeyPair keys) throws IOException {
        ASN1Encodable inner = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded()).parsePrivateKey();
        if (keys.getPrivate() instanceof ECPrivateKey ec) {
            inner = new org.bouncycastle.asn1.sec.ECPrivateKey(256, ec.getS(), SECObjectIdentifiers.secp256r1);
        }
        return inner.toASN1Primitive().getEncoded();
    }

    static byte[] certificate(KeyPair keys, String... names) throws IOException {
        X500Principal subject = new X500Principal("CN=test");
        GeneralName[] alternatives =
                Arrays.stream(names).map(name -> new GeneralName(GeneralName.dNSName, name)).toArray(GeneralName[]::new);
        String algorithm = keys.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            return new JcaX509v3CertificateBuilder(
                            subject,
                            BigInteger.ONE,
                            Date.from(Instant.parse("2020-01-01T00:00:00Z")),
                            Date.from(EXPIRY),
                            subject,
                            keys.getPublic())
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))
                    .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    static SSLContext trustingClient() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        return context;
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
