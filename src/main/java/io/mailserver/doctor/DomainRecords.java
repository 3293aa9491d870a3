package io.mailserver.doctor;

import io.mailserver.account.DkimKey;
import io.mailserver.base.Domain;
import io.mailserver.dns.DnsName;
import io.mailserver.doctor.DnsEntry.Place;
import io.mailserver.smtp.AddressLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The records a domain should publish for this server as it is now; nothing is promised there that it does not do yet
 * ({@code docs/dns-setup.md}).
 */
public final class DomainRecords {
    /** Who gets other servers' aggregate reports on DMARC (RFC 9990). */
    public static final String DMARC_REPORTS = "dmarc-reports";

    /** Who gets other servers' reports on TLS (RFC 8460). */
    public static final String TLS_REPORTS = "tls-reports";

    private final Domain domain;
    private final ServerFacts server;
    private final List<DnsEntry> entries = new ArrayList<>();

    private DomainRecords(Domain domain, ServerFacts server) {
        this.domain = domain;
        this.server = server;
    }

    /**
     * All of them, in the order of their importance.
     *
     * @param keys of the domain; those that may go are left out
     */
    public static List<DnsEntry> of(Domain domain, ServerFacts server, List<DkimKey> keys) {
        DomainRecords records = new DomainRecords(domain, server);
        records.receiving();
        records.sending(keys);
        records.services();
        records.addresses(false);
        return List.copyOf(records.entries);
    }

    private void receiving() {
        // RFC 5321 §5.1
        add(domain.ascii(), "MX", "10 " + server.host() + ".", "mail for the domain goes to this server");
        if (hostIsOurs()) {
            addresses(true);
        }
    }

    private void sending(List<DkimKey> keys) {
        // RFC 7208 §3
        add(domain.ascii(), "TXT", "v=spf1 mx -all", "only the domain's mail exchanges send for it (SPF)");
        if (hostIsOurs() && !server.host().equals(domain)) {
            // RFC 7208 §10.1.3: bounces are checked by the name in HELO.
            add(server.host().ascii(), "TXT", "v=spf1 a -all", "the same for bounces, which name the server (SPF)");
        }
        for (DkimKey key : keys) {
            switch (key.state()) {
                case PENDING -> add(key.recordName(), key.record(), "the next DKIM key; it signs once this is seen");
                case ACTIVE -> add(key.recordName(), key.record(), "the DKIM key that signs");
                case RETIRING -> add(key.recordName(), key.record(), "the former DKIM key, for mail still on its way");
                case REMOVED -> { }
            }
        }
        // RFC 9989 §4.7
        add("_dmarc." + domain, "TXT", "v=DMARC1; p=quarantine; rua=mailto:" + DMARC_REPORTS + "@" + domain,
                "what others do with mail that only pretends to be yours, and where they report (DMARC)");
        // RFC 8460 §3
        add("_smtp._tls." + domain, "TXT", "v=TLSRPTv1; rua=mailto:" + TLS_REPORTS + "@" + domain,
                "where others report trouble with TLS");
    }

    private void services() {
        for (ServerFacts.Service service : server.services()) {
            // RFC 6186 §3, RFC 8314 §5.1
            Optional<String> name = switch (service.name()) {
                case "submission" -> Optional.of("_submission");
                case "submissions" -> Optional.of("_submissions");
                case "imap" -> Optional.of("_imap");
                case "imaps" -> Optional.of("_imaps");
                case "pop3" -> Optional.of("_pop3");
                case "pop3s" -> Optional.of("_pop3s");
                default -> Optional.empty();
            };
            name.ifPresent(label -> add(label + "._tcp." + domain, "SRV", "0 1 " + service.port() + " " + server.host() + ".",
                    "where mail programs find the service"));
        }
        if (!server.host().equals(new Domain("autoconfig." + domain))) {
            add("autoconfig." + domain, "CNAME", server.host() + ".", "where some mail programs look for their settings");
        }
        server.stsId().ifPresent(id -> {
            // RFC 8461 §3.1
            add("_mta-sts." + domain, "TXT", "v=STSv1; id=" + id, "that there is a policy for TLS of mail to you (MTA-STS)");
            add("mta-sts." + domain, "CNAME", server.host() + ".", "where that policy is");
        });
        if (hostIsOurs()) {
            // RFC 8659 §4.2
            add(server.host().ascii(), "CAA", "0 issue \"letsencrypt.org\"", "who may issue certificates; name your authority");
        }
    }

    /** The host's own, or those of its addresses. */
    private void addresses(boolean forward) {
        if (forward && server.addresses().stream().noneMatch(Inet4Address.class::isInstance)) {
            toComplete("A", "<the public IPv4 address of this machine>");
        }
        if (forward && server.addresses().stream().allMatch(Inet4Address.class::isInstance)) {
            toComplete("AAAA", "<its IPv6 address, if it has one>");
        }
        for (InetAddress address : server.addresses()) {
            if (forward) {
                String type = address instanceof Inet4Address ? "A" : "AAAA";
                add(server.host().ascii(), type, AddressLiteral.plain(address), "where this server is");
            } else {
                entries.add(new DnsEntry(DnsName.reverse(address), "PTR", server.host() + ".",
                        "ask your provider for it: from the address back to the name", Place.PROVIDER));
            }
        }
    }

    private void toComplete(String type, String missing) {
        entries.add(new DnsEntry(DnsName.of(server.host()), type, missing, "where this server is", Place.TO_COMPLETE));
    }

    private boolean hostIsOurs() {
        return server.host().equals(domain) || server.host().ascii().endsWith("." + domain);
    }

    private void add(DnsName name, String text, String purpose) {
        entries.add(new DnsEntry(name, "TXT", text, purpose, Place.ZONE));
    }

    private void add(String name, String type, String value, String purpose) {
        // A domain so long that a name below it is none has no such record.
        DnsName.parse(name).ifPresent(parsed -> entries.add(new DnsEntry(parsed, type, value, purpose, Place.ZONE)));
    }
}
