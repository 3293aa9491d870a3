package io.mailserver.app;

import io.mailserver.base.Domain;
import io.mailserver.config.ListenerConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The DNS records a domain should publish for this server as it is now; nothing is promised there that it does not do yet
 * ({@code docs/dns-setup.md}).
 */
final class DnsRecords {
    private DnsRecords() {}

    /**
     * One line for each record, in the form of a zone file.
     *
     * @param domain whose mail this server takes
     * @param host the name of this server
     * @param listeners for the services that are announced
     */
    static List<String> toPublish(Domain domain, Domain host, List<ListenerConfig> listeners) {
        List<String> records = new ArrayList<>();
        // RFC 5321 §5.1
        records.add(record(domain.ascii(), "MX", "10 " + host + "."));
        if (host.equals(domain) || host.ascii().endsWith("." + domain)) {
            records.add(record(host.ascii(), "A", "<the public IPv4 address of this machine>"));
            records.add(record(host.ascii(), "AAAA", "<its IPv6 address, if it has one>"));
        }
        // RFC 7208 §3; the MX hosts will be the ones that send.
        records.add(record(domain.ascii(), "TXT", "\"v=spf1 mx -all\""));
        // RFC 7489 §6.3
        records.add(record("_dmarc." + domain, "TXT", "\"v=DMARC1; p=quarantine; rua=mailto:postmaster@" + domain + "\""));
        for (ListenerConfig listener : listeners) {
            // RFC 6186 §3.1, §3.2, RFC 8314 §5.1
            String service = switch (listener.service()) {
                case SUBMISSION -> "_submission";
                case SUBMISSIONS -> "_submissions";
                case IMAP -> "_imap";
                case IMAPS -> "_imaps";
                case SMTP, LMTP, HTTP -> "";
            };
            if (!service.isEmpty()) {
                records.add(record(service + "._tcp." + domain, "SRV", "0 1 " + listener.port() + " " + host + "."));
            }
        }
        return records;
    }

    private static String record(String name, String type, String value) {
        return "%-34s %-5s %s".formatted(name + ".", type, value);
    }
}
