package io.mailserver.tlsrpt;

import io.mailserver.base.Domain;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.net.Network;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a domain wants reports: its record {@code _smtp._tls} (RFC 8460 §3).
 *
 * @param mail addresses
 * @param https where they are posted to
 */
public record ReportingPolicy(List<String> mail, List<URI> https) {
    private static final Duration DNS_TIME = Duration.ofSeconds(20);
    private static final int MAX_DESTINATIONS = 5;

    public ReportingPolicy {
        mail = List.copyOf(mail);
        https = List.copyOf(https);
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
        List<URI> https = new ArrayList<>();
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
                } else if (!isMail && https.size() < MAX_DESTINATIONS) {
                    web(each).ifPresent(https::add);
                }
            }
        }
        return new ReportingPolicy(mail, https);
    }

    /** A URL of https to a name, on the port that everybody uses for it, and without a login: nothing else is posted to (RFC 8460 §3). */
    private static Optional<URI> web(String text) {
        try {
            URI uri = new URI(text);
            boolean usual = "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null
                    && (uri.getPort() == -1 || uri.getPort() == 443);
            return usual && Domain.parse(uri.getHost()).isPresent() && Network.parseAddress(uri.getHost()).isEmpty()
                    && text.chars().allMatch(c -> c < 0x7f)
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isPlain(String address) {
        int at = address.lastIndexOf('@');
        return at > 0
                && address.chars().allMatch(c -> c > 0x20 && c < 0x7f && "<>,;:\"()[]\\%?".indexOf(c) < 0)
                && Domain.parse(address.substring(at + 1)).isPresent();
    }
}
