package io.mailserver.tlsrpt;

import io.mailserver.base.Domain;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a domain wants reports: its record {@code _smtp._tls} (RFC 8460 §3).
 *
 * @param mail addresses
 * @param other other URIs, such as of https
 */
public record ReportingPolicy(List<String> mail, List<String> other) {
    private static final Duration DNS_TIME = Duration.ofSeconds(20);
    private static final int MAX_DESTINATIONS = 5;

    public ReportingPolicy {
        mail = List.copyOf(mail);
        other = List.copyOf(other);
    }

    /** That of a domain; empty where it has none, or not exactly one. Blocks for the DNS. */
    public static Optional<ReportingPolicy> of(Domain domain, Resolver resolver) {
        Optional<DnsName> name = DnsName.of(domain).child("_tls").flatMap(tls -> tls.child("_smtp"));
        List<String> records = name.map(asked -> resolver.resolve(asked, RecordType.TXT, DNS_TIME).records().stream()
                .map(Rdata.Txt::latin1).filter(text -> text.startsWith("v=TLSRPTv1;")).toList()).orElse(List.of());
        return records.size() == 1 ? Optional.of(parse(records.getFirst())) : Optional.empty(); // RFC 8460 §3: more count as none
    }

    static ReportingPolicy parse(String record) {
        List<String> mail = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (String field : record.split(";", -1)) {
            String trimmed = field.strip();
            if (!trimmed.startsWith("rua=")) {
                continue;
            }
            for (String uri : trimmed.substring("rua=".length()).split(",", -1)) {
                String each = uri.strip();
                boolean isMail = each.toLowerCase(Locale.ROOT).startsWith("mailto:");
                String address = isMail ? each.substring("mailto:".length()) : "";
                if (isMail && mail.size() < MAX_DESTINATIONS && isPlain(address)) {
                    mail.add(address);
                } else if (!isMail && other.size() < MAX_DESTINATIONS) {
                    other.add(each);
                }
            }
        }
        return new ReportingPolicy(mail, other);
    }

    private static boolean isPlain(String address) {
        int at = address.lastIndexOf('@');
        return at > 0
                && address.chars().allMatch(c -> c > 0x20 && c < 0x7f && "<>,;:\"()[]\\%?".indexOf(c) < 0)
                && Domain.parse(address.substring(at + 1)).isPresent();
    }
}
