package io.mailserver.delivery;

import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.smtp.AddressLiteral;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the DNS says of the client's address and of the name it gave itself. */
final class AddressChecks {
    private static final int MAX_NAMES = 10;

    private final Resolver resolver;
    private final Supplier<Duration> remaining;

    /** @param remaining how long the next question may wait at most */
    AddressChecks(Resolver resolver, Supplier<Duration> remaining) {
        this.resolver = resolver;
        this.remaining = remaining;
    }

    /** Whether an address means something only near here, so that no name or policy of others can speak of it. */
    static boolean isLocal(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean shared = address instanceof Inet4Address && octets[0] == 100 && (octets[1] & 0xc0) == 64; // RFC 6598 §7
        boolean unique = address instanceof Inet6Address && (octets[0] & 0xfe) == 0xfc; // RFC 4193 §3.1
        return address.isLoopbackAddress() || address.isSiteLocalAddress() || address.isLinkLocalAddress() || shared || unique;
    }

    /** RFC 8601 §3. */
    IprevResult iprev(InetAddress client) {
        Answer<Rdata.Ptr> pointers = resolver.resolve(DnsName.reverse(client), RecordType.PTR, remaining.get());
        if (pointers.temporary()) {
            return new IprevResult(IprevResult.Verdict.TEMPERROR, List.of(), List.of(), pointers.summary());
        }
        List<DnsName> names = pointers.records().stream().map(Rdata.Ptr::name).limit(MAX_NAMES).toList();
        if (names.isEmpty()) {
            return new IprevResult(IprevResult.Verdict.PERMERROR, names, List.of(), "the address has no name");
        }
        List<DnsName> confirmed = new ArrayList<>();
        boolean unknown = false;
        for (DnsName name : names) {
            Addresses found = addresses(name, client);
            unknown |= found.unknown();
            if (found.list().contains(client)) {
                confirmed.add(name);
            }
        }
        if (!confirmed.isEmpty()) {
            return new IprevResult(IprevResult.Verdict.PASS, names, confirmed, "");
        }
        return unknown
                ? new IprevResult(IprevResult.Verdict.TEMPERROR, names, confirmed, "the addresses of " + names.getFirst() + " are unknown")
                : new IprevResult(IprevResult.Verdict.FAIL, names, confirmed, names.getFirst() + " does not have the address");
    }

    /** RFC 5321 §2.3.5. */
    HeloResult helo(String helo, InetAddress client) {
        if (helo.startsWith("[") && helo.endsWith("]")) {
            boolean own = AddressLiteral.parse(helo.substring(1, helo.length() - 1)).filter(client::equals).isPresent();
            return own ? new HeloResult(HeloResult.Verdict.MATCH, "the client's address")
                    : new HeloResult(HeloResult.Verdict.MALFORMED, "not the client's address");
        }
        Optional<DnsName> name = DnsName.parse(helo);
        if (name.isEmpty() || name.get().labels().size() < 2 || name.get().toDomain().isEmpty()) {
            return new HeloResult(HeloResult.Verdict.MALFORMED, "not a full host name");
        }
        Addresses found = addresses(name.get(), client);
        if (found.list().contains(client)) {
            return new HeloResult(HeloResult.Verdict.MATCH, "the name has the client's address");
        }
        if (!found.list().isEmpty()) {
            return new HeloResult(HeloResult.Verdict.RESOLVES, "the name has other addresses");
        }
        Answer<?> exchange = resolver.resolve(name.get(), RecordType.MX, remaining.get());
        Answer<?> other = otherFamily(name.get(), client);
        if (!exchange.records().isEmpty() || !other.records().isEmpty()) {
            return new HeloResult(HeloResult.Verdict.RESOLVES, "the name exists, without an address of the client's kind");
        }
        return found.unknown() || exchange.temporary() || other.temporary()
                ? new HeloResult(HeloResult.Verdict.TEMPERROR, "the DNS does not answer")
                : new HeloResult(HeloResult.Verdict.UNRESOLVED, "the name does not lead anywhere");
    }

    private record Addresses(List<InetAddress> list, boolean unknown) {}

    /** Of the client's family. */
    private Addresses addresses(DnsName name, InetAddress client) {
        if (client instanceof Inet4Address) {
            Answer<Rdata.A> answer = resolver.resolve(name, RecordType.A, remaining.get());
            return new Addresses(answer.records().stream().<InetAddress>map(Rdata.A::address).toList(), answer.temporary());
        }
        Answer<Rdata.Aaaa> answer = resolver.resolve(name, RecordType.AAAA, remaining.get());
        return new Addresses(answer.records().stream().<InetAddress>map(Rdata.Aaaa::address).toList(), answer.temporary());
    }

    private Answer<?> otherFamily(DnsName name, InetAddress client) {
        return client instanceof Inet4Address
                ? resolver.resolve(name, RecordType.AAAA, remaining.get())
                : resolver.resolve(name, RecordType.A, remaining.get());
    }
}
