package io.mailserver.smtpclient;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The names of servers in certificates and policies, and when two mean the same. */
public final class ServerNames {
    private static final int DNS_NAME = 2;

    private ServerNames() {}

    /** RFC 6125 §6.4: only DNS names of the certificate count. */
    public static List<String> of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.get(0) instanceof Integer type && type == DNS_NAME) {
                    names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of(); // Names that cannot be read match none.
        }
        return names;
    }

    /** Whether a name is that of a pattern; a star in front stands for one label (RFC 6125 §6.4.3, RFC 8461 §4.1). */
    public static boolean match(String pattern, String name) {
        String has = pattern.toLowerCase(Locale.ROOT);
        String wanted = name.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return has.equals(wanted) || (has.startsWith("*.") && dot > 0 && wanted.substring(dot).equals(has.substring(1)));
    }
}
