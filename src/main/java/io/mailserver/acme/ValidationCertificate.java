package io.mailserver.acme;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** What is shown to an authority that validates a name by tls-alpn-01 (RFC 8737 §3); acme4j's own takes RSA keys only. */
final class ValidationCertificate {
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");
    private static final Duration LIFETIME = Duration.ofDays(7);

    private ValidationCertificate() {}

    /** @param digest of the key authorization */
    static X509Certificate of(String name, byte[] digest, KeyPair key, Instant now) {
        X500Principal subject = new X500Principal("CN=acme.invalid");
        try {
            return new JcaX509CertificateConverter().getCertificate(new JcaX509v3CertificateBuilder(
                            subject, BigInteger.valueOf(now.toEpochMilli()), Date.from(now.minus(LIFETIME)), Date.from(now.plus(LIFETIME)),
                            subject, key.getPublic())
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, name)))
                    .addExtension(ACME_IDENTIFIER, true, new DEROctetString(digest))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("every Java signs with P-256", e);
        }
    }
}
