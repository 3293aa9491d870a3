package io.mailserver.queue;

import io.mailserver.base.Time;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Whether mail may leave by IPv6: where the address that it would come from has a name that leads back to it (forward-confirmed reverse
 * DNS). Without, large receivers refuse what they would take over IPv4. Looked at once an hour for each address. Safe for use by any
 * thread; blocks for the DNS.
 */
public final class Ipv6Source {
    private static final Duration FRESH = Duration.ofHours(1);
    /** What the DNS could not say is asked again sooner. */
    private static final Duration AFTER_TROUBLE = Duration.ofMinutes(5);

    private static final Duration DNS_TIME = Duration.ofSeconds(20);
    private static final int MAX_NAMES = 10;
    private static final int MAX_ADDRESSES = 100;
    private static final int ANY_PORT = 25;

    private final Resolver resolver;
    private final Supplier<Use> use;
    private final Function<InetAddress, Optional<InetAddress>> sourceFor;
    private final Time time;
    private final Map<InetAddress, Verdict> verdicts = new ConcurrentHashMap<>();

    /** When IPv6 is used. */
    public enum Use {
        CONFIRMED,
        ALWAYS,
        NEVER
    }

    /** @param name the one that confirms; empty for none */
    private record Verdict(Optional<String> name, String why, Instant until) {}

    /** @param sourceFor the address that a connection to another comes from; {@link #ofThisMachine} */
    public Ipv6Source(
            Resolver resolver, Supplier<Use> use, Function<InetAddress, Optional<InetAddress>> sourceFor, Time time) {
        this.resolver = resolver;
        this.use = use;
        this.sourceFor = sourceFor;
        this.time = time;
    }

    /** Whether the operating system knows a way to the address, and from which of ours; nothing is sent. */
    public static Optional<InetAddress> ofThisMachine(InetAddress target) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(target, ANY_PORT));
            InetAddress local = socket.getLocalAddress();
            return local.isAnyLocalAddress() ? Optional.empty() : Optional.of(withoutZone(local));
        } catch (IOException e) {
            return Optional.empty(); // no IPv6 here
        }
    }

    private static InetAddress withoutZone(InetAddress address) throws IOException {
        return InetAddress.getByAddress(address.getAddress());
    }

    /** Whether IPv6 is used at all. */
    boolean isOn() {
        return use.get() != Use.NEVER;
    }

    /**
     * Whether mail may go to the address.
     *
     * @param from the address that the operator wants it to come from, where that is one of IPv6
     */
    boolean mayReach(Inet6Address target, Optional<InetAddress> from) {
        return switch (use.get()) {
            case NEVER -> false;
            case ALWAYS -> true;
            case CONFIRMED -> from.or(() -> sourceFor.apply(target)).map(source -> verdict(source).name().isPresent()).orElse(false);
        };
    }

    private Verdict verdict(InetAddress source) {
        Instant now = time.now();
        Verdict known = verdicts.get(source);
        if (known != null && now.isBefore(known.until())) {
            return known;
        }
        if (verdicts.size() >= MAX_ADDRESSES) {
            verdicts.clear(); // privacy addresses come and go
        }
        Verdict fresh = look(source, now);
        verdicts.put(source, fresh);
        return fresh;
    }

    private Verdict look(InetAddress source, Instant now) {
        Answer<Rdata.Ptr> pointers = resolver.resolve(DnsName.reverse(source), RecordType.PTR, DNS_TIME);
        List<DnsName> names = pointers.records().stream().map(Rdata.Ptr::name).limit(MAX_NAMES).toList();
        boolean trouble = pointers.temporary();
        for (DnsName name : names) {
            Answer<Rdata.Aaaa> back = resolver.resolve(name, RecordType.AAAA, DNS_TIME);
            if (back.records().stream().anyMatch(record -> record.address().equals(source))) {
                return new Verdict(Optional.of(name.text()), "", now.plus(FRESH));
            }
            trouble |= back.temporary();
        }
        String why = trouble
                ? "its PTR record cannot be looked up"
                : names.isEmpty() ? "it has no PTR record" : names.getFirst().text() + ", its PTR record, does not lead back to it";
        return new Verdict(Optional.empty(), why, now.plus(trouble ? AFTER_TROUBLE : FRESH));
    }

    /** What was found out so far, a line for each address of ours. */
    List<String> findings() {
        return verdicts.entrySet().stream()
                .map(each -> each.getValue().name()
                        .map(name -> "IPv6 is used from " + each.getKey().getHostAddress() + ", which is " + name)
                        .orElseGet(() -> "IPv6 is not used from " + each.getKey().getHostAddress() + ": " + each.getValue().why()))
                .sorted()
                .toList();
    }
}
