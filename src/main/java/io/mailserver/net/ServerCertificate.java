package io.mailserver.net;

import io.mailserver.base.OperatorException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A certificate with its key, read and checked; immutable.
 *
 * @param files where it came from
 * @param chain the certificate first
 * @param key fits the certificate
 * @param names the DNS names it is for, in lower case, {@code *.} in front of wildcards
 */
record ServerCertificate(CertificateFiles files, List<X509Certificate> chain, PrivateKey key, Set<String> names) {
    private static final int DNS_NAME = 2;

    ServerCertificate {
        chain = List.copyOf(chain);
        names = Set.copyOf(names);
    }

    /** @throws OperatorException if a file cannot be read, or key and certificate do not belong together */
    static ServerCertificate load(CertificateFiles files) {
        List<X509Certificate> chain = new PemFile(files.chain()).certificates();
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey key = new PemFile(files.key()).privateKey(publicKey.getAlgorithm());
        if (!belongTogether(publicKey, key)) {
            throw new OperatorException(
                    "the key in " + files.key() + " is not that of the certificate in " + files.chain(),
                    "give the two files that were made together");
        }
        return new ServerCertificate(files, chain, key, dnsNames(chain.getFirst(), files));
    }

    /** One made in memory. */
    static ServerCertificate inMemory(X509Certificate certificate, PrivateKey key, String name) {
        Path nowhere = Path.of("");
        return new ServerCertificate(new CertificateFiles(nowhere, nowhere), List.of(certificate), key, Set.of(name));
    }

    /** Whether it was signed by its own key: nobody else vouches for it. */
    boolean selfSigned() {
        X509Certificate certificate = chain.getFirst();
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** As JSSE names key types: {@code EC}, {@code RSA}, {@code EdDSA} … */
    String keyType() {
        return key.getAlgorithm();
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey key) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] probe = {1, 2, 3, 4};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(probe);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // such as EC keys on different curves
        }
    }

    private static Set<String> dnsNames(X509Certificate certificate, CertificateFiles files) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.get(0) instanceof Integer type && type == DNS_NAME) {
                    names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            throw new OperatorException(
                    "the names of the certificate in " + files.chain() + " cannot be read", "check the file with openssl x509 -text", e);
        }
        return names;
    }
}
