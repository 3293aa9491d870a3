package io.mailserver.net;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate of a server that has no other yet: ECDSA P-256, signed by itself. Other mail servers encrypt with it (they do not
 * verify, RFC 7435); people's programs warn.
 *
 * <p>Key and certificate lie in one file, so that a crash can never leave a key without its certificate.
 */
public final class SelfSignedCertificate {
    private static final String CURVE = "secp256r1";
    private static final Duration LIFETIME = Duration.ofDays(3650);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    /** Clients' clocks go wrong. */
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final int SERIAL_BITS = 127;
    private static final int PEM_LINE = 64;
    /** RFC 5280 appendix A: ub-common-name. */
    private static final int MAX_COMMON_NAME = 64;

    private SelfSignedCertificate() {}

    /**
     * Makes the file unless it is there with these names and does not expire soon.
     *
     * @param file is written with mode 0600, all or nothing; its folder is made where missing (0700)
     * @param names at least one; the first is the common name where it is short enough
     * @return the file as certificate and key
     * @throws OperatorException if it cannot be written
     */
    public static CertificateFiles ensure(Path file, List<Domain> names, Time time) {
        CertificateFiles files = new CertificateFiles(file, file);
        if (!usable(files, names, time.now())) {
            try {
                SecretFile.write(file, generate(names, time.now()));
            } catch (IOException e) {
                throw new OperatorException(
                        "cannot write the certificate " + file + ": " + e.getMessage(),
                        "the user the server runs as must be able to write there",
                        e);
            }
        }
        return files;
    }

    private static boolean usable(CertificateFiles files, List<Domain> names, Instant now) {
        if (!Files.exists(files.chain())) {
            return false;
        }
        try {
            ServerCertificate certificate = ServerCertificate.load(files);
            Set<String> covered = certificate.names();
            return names.stream().allMatch(name -> covered.contains(name.ascii()))
                    && certificate.notAfter().isAfter(now.plus(RENEW_BEFORE));
        } catch (OperatorException e) {
            return false; // damaged: made anew
        }
    }

    private static String generate(List<Domain> names, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            KeyPair keys = generator.generateKeyPair();
            GeneralName[] alternatives = names.stream()
                    .map(name -> new GeneralName(GeneralName.dNSName, name.ascii()))
                    .toArray(GeneralName[]::new);
            String first = names.getFirst().ascii();
            X500Principal subject = new X500Principal("CN=" + (first.length() <= MAX_COMMON_NAME ? first : "mailserver"));
            byte[] certificate = new JcaX509v3CertificateBuilder(
                            subject,
                            new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
                            Date.from(now.minus(BACKDATED)),
                            Date.from(now.plus(LIFETIME)),
                            subject,
                            keys.getPublic())
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            StringWriter pem = new StringWriter();
            block(pem, "PRIVATE KEY", keys.getPrivate().getEncoded());
            block(pem, "CERTIFICATE", certificate);
            return pem.toString();
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("this Java cannot make an ECDSA certificate", e);
        }
    }

    private static void block(Writer pem, String label, byte[] der) throws IOException {
        Base64.Encoder encoder = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'});
        pem.write("-----BEGIN " + label + "-----\n" + encoder.encodeToString(der) + "\n-----END " + label + "-----\n");
    }
}
