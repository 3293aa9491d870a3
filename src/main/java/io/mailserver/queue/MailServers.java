package io.mailserver.queue;

import io.mailserver.base.Domain;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.smtp.EnhancedStatus;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Finds the servers of a domain (RFC 5321 §5.1). */
final class MailServers {
    /** RFC 5321 §5.1 wishes for at least two addresses to be tried; more than this is somebody's joke. */
    private static final int MAX_SERVERS = 10;

    private static final Duration DNS_TIME = Duration.ofSeconds(20);
    private static final EnhancedStatus NO_SUCH_DOMAIN = new EnhancedStatus(5, 1, 2);
    /** RFC 7505 §4.1. */
    private static final EnhancedStatus NULL_MX = new EnhancedStatus(5, 1, 10);

    private static final EnhancedStatus LOOP = new EnhancedStatus(5, 4, 6);
    private static final EnhancedStatus NO_ROUTE = new EnhancedStatus(4, 4, 4);
    private static final EnhancedStatus DNS_TROUBLE = new EnhancedStatus(4, 4, 3);

    private final Resolver resolver;
    private final Domain hostname;
    private final Ipv6Source ipv6;
    private final Optional<InetAddress> from;
    private final RandomGenerator random;

    /** What was found. */
    sealed interface Found {
        /** @param servers in the order to try them */
        record Servers(List<Server> servers) implements Found {}

        /** No server, now or for good. */
        record Nothing(EnhancedStatus status, String text) implements Found {}
    }

    /**
     * A server and one of its addresses.
     *
     * @param authentic whether DNSSEC vouches for the server being the domain's and for its address
     */
    record Server(String host, InetAddress address, boolean authentic) {}

    /**
     * @param hostname our own name: mail that leads back to us is in a loop
     * @param from the address that connections are to come from
     */
    MailServers(Resolver resolver, Domain hostname, Ipv6Source ipv6, Optional<InetAddress> from, RandomGenerator random) {
        this.resolver = resolver;
        this.hostname = hostname;
        this.ipv6 = ipv6;
        this.from = from;
        this.random = random;
    }

    Found of(Domain domain) {
        DnsName name = DnsName.of(domain);
        Answer<Rdata.Mx> answer = resolver.resolve(name, RecordType.MX, DNS_TIME);
        return switch (answer) {
            case Answer.Found<Rdata.Mx> found -> exchanges(domain, found.records(), found.authentic());
            // RFC 5321 §5.1: without MX the domain itself is its server.
            case Answer.NoData<Rdata.Mx> noData -> addressesOf(List.of(name), domain, noData.authentic());
            case Answer.NxDomain<Rdata.Mx> nxDomain -> new Found.Nothing(NO_SUCH_DOMAIN, "there is no domain " + domain);
            default -> new Found.Nothing(DNS_TROUBLE, "the MX of " + domain + " cannot be looked up: " + answer.summary());
        };
    }

    private Found exchanges(Domain domain, List<Rdata.Mx> records, boolean authentic) {
        if (records.stream().anyMatch(record -> record.exchange().text().isEmpty())) {
            return new Found.Nothing(NULL_MX, domain + " takes no mail (null MX)"); // RFC 7505 §3
        }
        TreeMap<Integer, List<DnsName>> byPreference = new TreeMap<>();
        for (Rdata.Mx record : records) {
            byPreference.computeIfAbsent(record.preference(), key -> new ArrayList<>()).add(record.exchange());
        }
        List<DnsName> hosts = new ArrayList<>();
        for (List<DnsName> equal : byPreference.values()) {
            if (equal.contains(DnsName.of(hostname))) {
                break; // RFC 5321 §5.1: neither ourselves nor who is less preferred
            }
            shuffle(equal);
            hosts.addAll(equal);
        }
        if (hosts.isEmpty()) {
            return new Found.Nothing(LOOP, "the MX of " + domain + " is this server, which does not host it");
        }
        return addressesOf(hosts.subList(0, Math.min(hosts.size(), MAX_SERVERS)), domain, authentic);
    }

    private Found addressesOf(List<DnsName> hosts, Domain domain, boolean authentic) {
        List<Server> servers = new ArrayList<>();
        String trouble = "";
        for (DnsName host : hosts) {
            List<InetAddress> addresses = new ArrayList<>();
            boolean vouched = authentic;
            if (ipv6.isOn()) {
                Answer<Rdata.Aaaa> six = resolver.resolve(host, RecordType.AAAA, DNS_TIME);
                six.records().stream().map(Rdata.Aaaa::address).filter(this::mayReach).forEach(addresses::add);
                vouched &= !(six instanceof Answer.Found<Rdata.Aaaa> found) || found.authentic();
                trouble = six.temporary() ? host + ": " + six.summary() : trouble;
            }
            Answer<Rdata.A> four = resolver.resolve(host, RecordType.A, DNS_TIME);
            four.records().forEach(record -> addresses.add(record.address()));
            vouched &= !(four instanceof Answer.Found<Rdata.A> found) || found.authentic();
            trouble = four.temporary() ? host + ": " + four.summary() : trouble;
            shuffle(addresses);
            // Both families get their turn early: one of them may be broken here.
            for (InetAddress address : interleave(addresses)) {
                servers.add(new Server(host.text(), address, vouched));
            }
        }
        if (!servers.isEmpty()) {
            return new Found.Servers(servers.subList(0, Math.min(servers.size(), MAX_SERVERS)));
        }
        return trouble.isEmpty()
                ? new Found.Nothing(hosts.size() == 1 && hosts.getFirst().text().equals(domain.ascii()) ? NO_SUCH_DOMAIN : NO_ROUTE,
                        "no server of " + domain + " has an address")
                : new Found.Nothing(DNS_TROUBLE, "the servers of " + domain + " cannot be looked up: " + trouble);
    }

    private boolean mayReach(InetAddress address) {
        return address instanceof Inet6Address six && ipv6.mayReach(six, from.filter(Inet6Address.class::isInstance));
    }

    private static List<InetAddress> interleave(List<InetAddress> addresses) {
        List<InetAddress> six = new ArrayList<>(addresses.stream().filter(Inet6Address.class::isInstance).toList());
        List<InetAddress> four = new ArrayList<>(addresses.stream().filter(Inet4Address.class::isInstance).toList());
        List<InetAddress> mixed = new ArrayList<>(addresses.size());
        while (!six.isEmpty() || !four.isEmpty()) {
            if (!six.isEmpty()) {
                mixed.add(six.removeFirst());
            }
            if (!four.isEmpty()) {
                mixed.add(four.removeFirst());
            }
        }
        return mixed;
    }

    private <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
