package io.mailserver.spam;

import io.mailserver.dns.DnsName;
import io.mailserver.net.Network;
import java.util.List;

/**
 * A list of bad names or addresses in the DNS (RFC 5782).
 *
 * @param zone such as {@code zen.spamhaus.org}
 * @param of what it lists
 * @param points for who is on it
 * @param answers which answers count; empty for all that are listings
 */
public record DnsList(DnsName zone, Kind of, double points, List<Network> answers) {
    public DnsList {
        answers = List.copyOf(answers);
    }

    /** What a list is asked for. */
    public enum Kind {
        /** The client's address. */
        ADDRESSES,
        /** Domains: the sender's, and those of links. */
        DOMAINS
    }
}
