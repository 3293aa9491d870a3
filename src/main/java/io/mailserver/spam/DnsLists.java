package io.mailserver.spam;

import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks lists in the DNS about a client and about domains (RFC 5782), all at once.
 *
 * <p>An answer that is no listing never counts as one: lists that are asked through a public resolver, or too often, answer
 * {@code 127.255.255.x}; a list whose domain was sold answers with other people's addresses. Both are errors, and counted.
 *
 * <p>Safe for use by any thread; blocks for the DNS.
 */
public final class DnsLists {
    /** How many domains of one message are looked up in each list. */
    private static final int MAX_DOMAINS = 20;

    private static final int LOOPBACK = 127;
    private static final int REFUSED = 255;

    private final List<DnsList> lists;
    private final Resolver resolver;
    private final Failures failures;

    public DnsLists(List<DnsList> lists, Resolver resolver, Failures failures) {
        this.failures = failures;
        this.lists = List.copyOf(lists);
        this.resolver = resolver;
    }

    /**
     * What the lists say.
     *
     * @param client whose address is looked up; empty for one that no list can know
     * @param domains of senders and links, as A-labels
     * @param within how long all of it may take; what is late counts as an error
     * @throws InterruptedException the calling thread was interrupted
     */
    public List<Finding> ask(Optional<InetAddress> client, Collection<String> domains, Duration within) throws InterruptedException {
        if (lists.isEmpty()) {
            return List.of();
        }
        Set<String> names = namesToAsk(domains);
        List<Future<Optional<Finding>>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (DnsList list : lists) {
                if (list.of() == DnsList.Kind.ADDRESSES) {
                    client.ifPresent(address -> asked.add(threads.submit(() -> ask(list, reversed(address), "its address", within))));
                } else {
                    names.forEach(name -> asked.add(threads.submit(() -> ask(list, name, name, within))));
                }
            }
            return findings(asked);
        }
    }

    private List<Finding> findings(List<Future<Optional<Finding>>> asked) throws InterruptedException {
        Map<String, Finding> byList = new TreeMap<>();
        for (Future<Optional<Finding>> one : asked) {
            try {
                // Several domains on one list count once.
                one.get().ifPresent(finding -> byList.putIfAbsent(finding.name(), finding));
            } catch (ExecutionException e) {
                failures.count("dns-lists"); // A mistake of ours: the answer is missing, nothing else.
            }
        }
        return List.copyOf(byList.values());
    }

    private Optional<Finding> ask(DnsList list, String name, String whose, Duration within) {
        Optional<DnsName> question = list.zone().child(name);
        if (question.isEmpty()) {
            return Optional.empty();
        }
        Answer<Rdata.A> answer = resolver.resolve(question.get(), RecordType.A, within);
        if (answer.temporary()) {
            failed(list);
            return Optional.empty();
        }
        for (Rdata.A record : answer.records()) {
            byte[] octets = record.address().getAddress();
            if ((octets[0] & 0xff) != LOOPBACK || ((octets[1] & 0xff) == REFUSED && (octets[2] & 0xff) == REFUSED)) {
                failed(list);
                return Optional.empty();
            }
            // RFC 5782 §5: 127.0.0.1 is no listing.
            boolean listing = !(octets[1] == 0 && octets[2] == 0 && octets[3] == 1);
            if (listing && (list.answers().isEmpty() || list.answers().stream().anyMatch(each -> each.contains(record.address())))) {
                return Optional.of(new Finding("LISTED:" + list.zone(), list.points(),
                        whose + " is on the list " + list.zone() + " (" + record.address().getHostAddress() + ")"));
            }
        }
        return Optional.empty();
    }

    private void failed(DnsList list) {
        failures.count("list " + list.zone());
    }

    /** RFC 5782 §2.1 and §2.4: octets or nibbles, last first. */
    static String reversed(InetAddress address) {
        String name = DnsName.reverse(address).text();
        int suffix = name.endsWith(".in-addr.arpa") ? ".in-addr.arpa".length() : ".ip6.arpa".length();
        return name.substring(0, name.length() - suffix);
    }

    /** Lists of domains know registered names: each host without the labels that are its owner's own affair. */
    private static Set<String> namesToAsk(Collection<String> domains) {
        Set<String> names = new LinkedHashSet<>();
        for (String domain : domains) {
            if (domain.isEmpty() || domain.startsWith("[") || Character.isDigit(domain.charAt(domain.length() - 1))) {
                continue;
            }
            names.add(Facts.registered(domain));
            if (names.size() >= MAX_DOMAINS) {
                break;
            }
        }
        return names;
    }
}
