package io.mailserver.app;

import io.mailserver.dns.DnsName;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.doctor.ServerFacts;
import io.mailserver.net.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether names point to this machine. Behind a NAT that nobody told us of, a name with any public address may: who validates it will find
 * out.
 */
final class NamesHere {
    private static final Duration QUESTION = Duration.ofSeconds(10);

    private final Resolver resolver;

    NamesHere(Resolver resolver) {
        this.resolver = resolver;
    }

    /** @param configured the machine's public addresses, where it does not have them itself */
    boolean pointsHere(String name, List<InetAddress> configured) {
        Optional<DnsName> dnsName = DnsName.parse(name);
        if (dnsName.isEmpty()) {
            return false;
        }
        List<InetAddress> found = new ArrayList<>();
        resolver.resolve(dnsName.get(), RecordType.A, QUESTION).records().forEach(a -> found.add(a.address()));
        resolver.resolve(dnsName.get(), RecordType.AAAA, QUESTION).records().forEach(aaaa -> found.add(aaaa.address()));
        List<InetAddress> ours = configured.isEmpty() ? ServerFacts.publicAddresses() : configured;
        return ours.isEmpty() ? found.stream().anyMatch(Network::isPublic) : found.stream().anyMatch(ours::contains);
    }
}
