package io.mailserver.dmarc;

import io.mailserver.base.Domain;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who wants the aggregate reports on a domain, and agreed to get them (RFC 9990 §4). Blocks for the DNS. */
public final class ReportDestinations {
    private static final int MAX_DESTINATIONS = 5;
    private static final Duration QUESTION = Duration.ofSeconds(10);

    private final Resolver resolver;

    public ReportDestinations(Resolver resolver) {
        this.resolver = resolver;
    }

    /** The mail addresses, as of now; none where the policy is gone, nobody agreed, or the DNS does not answer. */
    public List<String> of(Domain policyDomain) {
        Optional<DmarcRecord> record = TreeWalk.of(policyDomain, resolver, () -> QUESTION).own();
        List<String> destinations = new ArrayList<>();
        for (URI uri : record.map(DmarcRecord::aggregateReports).orElse(List.of())) {
            Optional<String> address = address(uri);
            if (address.isPresent() && destinations.size() < MAX_DESTINATIONS) {
                destinations.addAll(agreed(policyDomain, address.get()));
            }
        }
        return destinations.stream().distinct().toList();
    }

    /** The address itself, or what the destination names instead; none where it did not agree. */
    private List<String> agreed(Domain policyDomain, String address) {
        Domain destination = domain(address);
        Domain own = TreeWalk.of(policyDomain, resolver, () -> QUESTION).organizationalDomain();
        Domain other = destination.equals(policyDomain) ? own
                : TreeWalk.of(destination, resolver, () -> QUESTION).organizationalDomain();
        if (other.equals(own)) {
            return List.of(address);
        }
        Optional<DnsName> name = DnsName.of(destination).child(policyDomain.ascii() + "._report._dmarc");
        if (name.isEmpty()) {
            return List.of();
        }
        Answer<Rdata.Txt> answer = resolver.resolve(name.get(), RecordType.TXT, QUESTION);
        List<DmarcRecord> agreements = answer.records().stream().map(Rdata.Txt::latin1).filter(DmarcRecord::isDmarc)
                .map(DmarcRecord::parse).toList();
        if (agreements.isEmpty()) {
            return List.of();
        }
        List<String> instead = agreements.stream().flatMap(agreement -> agreement.aggregateReports().stream())
                .map(ReportDestinations::address).flatMap(Optional::stream).toList();
        // Who names somebody else's host gets nothing at all.
        boolean astray = instead.stream().anyMatch(each -> !domain(each).equals(destination));
        return astray ? List.of() : instead.isEmpty() ? List.of(address) : instead;
    }

    private static Optional<String> address(URI uri) {
        if (!"mailto".equalsIgnoreCase(uri.getScheme()) || uri.getRawSchemeSpecificPart() == null) {
            return Optional.empty();
        }
        String text = uri.getRawSchemeSpecificPart();
        int question = text.indexOf('?');
        String address = URLDecoder.decode((question < 0 ? text : text.substring(0, question)).replace("+", "%2B"), StandardCharsets.UTF_8);
        int at = address.lastIndexOf('@');
        boolean plain = at > 0 && address.chars().allMatch(c -> c > 0x20 && c < 0x7f && "<>,;:\"()[]\\".indexOf(c) < 0);
        return plain && Domain.parse(address.substring(at + 1)).isPresent() ? Optional.of(address) : Optional.empty();
    }

    private static Domain domain(String address) {
        return Domain.parse(address.substring(address.lastIndexOf('@') + 1)).orElseThrow();
    }
}
