package io.mailserver.dane;

import io.mailserver.dns.Rdata;
import io.mailserver.smtpclient.ServerNames;
import io.mailserver.smtpclient.TlsPolicy;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** Whether a server's certificates are those that its TLSA records name. Immutable. */
public final class TlsaCheck implements TlsPolicy.ChainCheck {
    private static final int DANE_TA = 2;
    private static final int DANE_EE = 3;
    private static final int WHOLE_CERTIFICATE = 0;
    private static final int PUBLIC_KEY = 1;

    private final List<Rdata.Tlsa> records;
    private final List<String> names;
    private final Supplier<Instant> now;

    /**
     * @param usable from {@link #usable}, at least one
     * @param names the server's name and the domain whose mail it takes (RFC 7672 §3.2.2)
     */
    public TlsaCheck(List<Rdata.Tlsa> usable, List<String> names, Supplier<Instant> now) {
        this.records = List.copyOf(usable);
        this.names = List.copyOf(names);
        this.now = now;
    }

    /** The records that SMTP can use (RFC 7672 §3.1): PKIX usages and unknown numbers are not among them. */
    public static List<Rdata.Tlsa> usable(List<Rdata.Tlsa> records) {
        return records.stream()
                .filter(record -> record.usage() == DANE_TA || record.usage() == DANE_EE)
                .filter(record -> record.selector() == WHOLE_CERTIFICATE || record.selector() == PUBLIC_KEY)
                .filter(record -> record.matchingType() >= 0 && record.matchingType() <= 2)
                .toList();
    }

    @Override
    public boolean accepts(List<X509Certificate> chain) {
        return records.stream().anyMatch(record -> switch (record.usage()) {
            // RFC 7672 §3.1.1: neither names nor dates of the certificate matter.
            case DANE_EE -> matches(record, chain.getFirst());
            case DANE_TA -> namesFit(chain.getFirst()) && leadsToAnchor(record, chain);
            default -> false;
        });
    }

    private boolean namesFit(X509Certificate certificate) {
        List<String> has = ServerNames.of(certificate);
        return names.stream().anyMatch(name -> has.stream().anyMatch(pattern -> ServerNames.match(pattern, name)));
    }

    /** RFC 7672 §3.1.2: the anchor is in the chain that the server sends, and signed what is before it. */
    private boolean leadsToAnchor(Rdata.Tlsa record, List<X509Certificate> chain) {
        try {
            for (int i = 0; i < chain.size(); i++) {
                chain.get(i).checkValidity(Date.from(now.get()));
                if (i > 0) {
                    if (chain.get(i).getBasicConstraints() < 0) {
                        return false; // no authority
                    }
                    chain.get(i - 1).verify(chain.get(i).getPublicKey());
                }
                if (matches(record, chain.get(i))) {
                    return true;
                }
            }
            return false;
        } catch (GeneralSecurityException e) {
            return false; // expired, or not signed by the next
        }
    }

    private static boolean matches(Rdata.Tlsa record, X509Certificate certificate) {
        try {
            byte[] selected =
                    record.selector() == WHOLE_CERTIFICATE ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
            byte[] associated = switch (record.matchingType()) {
                case 1 -> MessageDigest.getInstance("SHA-256").digest(selected);
                case 2 -> MessageDigest.getInstance("SHA-512").digest(selected);
                default -> selected;
            };
            return MessageDigest.isEqual(associated, HexFormat.of().parseHex(record.data()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-2", e);
        } catch (GeneralSecurityException e) {
            return false; // a certificate that cannot be encoded matches none
        }
    }
}
