package io.mailserver.delivery;

import io.mailserver.dns.DnsName;
import java.util.List;
import java.util.Locale;

/**
 * Whether the client's address has a name that leads back to it (RFC 8601 §3).
 *
 * @param names the names of the address (PTR), at most ten
 * @param confirmed those of them that have the address
 * @param reason why it is no pass, in a few words; else empty
 */
public record IprevResult(Verdict verdict, List<DnsName> names, List<DnsName> confirmed, String reason) {
    public IprevResult {
        names = List.copyOf(names);
        confirmed = List.copyOf(confirmed);
    }

    /** The results of RFC 8601 §2.7.3. */
    public enum Verdict {
        /** A name of the address has the address. */
        PASS,
        /** None of its names has. */
        FAIL,
        /** The DNS failed. */
        TEMPERROR,
        /** The address has no name. */
        PERMERROR;

        /** The word of the standard. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
