package io.mailserver.net;

import io.mailserver.base.Time;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts open and new connections and says which are too many. One instance is shared by the listeners that share the limits.
 *
 * <p>Bounded memory: open connections are at most {@link Limits#total}, and the counts of new ones cover {@link #MAX_COUNTED} clients
 * at most, in two minutes that are forgotten in turn. Clients beyond that are not counted by minute (the other limits hold for them),
 * because refusing them would let a flood of many addresses shut everybody out.
 *
 * <p>Safe for use by any thread.
 */
public final class ConnectionLimits {
    /**
     * What is allowed; each at least 1.
     *
     * @param perAddress open at once from one address
     * @param perNetwork open at once from one IPv4 /24 or IPv6 /56
     * @param total open at once
     * @param newPerMinute opened within a minute by one client: an IPv4 address or an IPv6 /64 (who has one IPv6 address has them all)
     */
    public record Limits(int perAddress, int perNetwork, int total, int newPerMinute) {
        public Limits {
            if (perAddress < 1 || perNetwork < 1 || total < 1 || newPerMinute < 1) {
                throw new IllegalArgumentException("a connection limit is less than 1");
            }
        }

        /** No limit but the total that memory allows; for tests and tools. */
        public static Limits only(int total) {
            return new Limits(total, total, total, Integer.MAX_VALUE);
        }
    }

    /** How many clients are counted by minute. */
    static final int MAX_COUNTED = 65_536;

    private static final int IPV4_NETWORK = 24;
    private static final int IPV6_NETWORK = 56;
    private static final int IPV6_CLIENT = 64;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Time time;
    private volatile Limits limits;

    private final ReentrantLock lock = new ReentrantLock();
    // All below guarded by lock.
    private final Map<InetAddress, Integer> openByAddress = new HashMap<>();
    private final Map<Network, Integer> openByNetwork = new HashMap<>();
    private int open;
    private Map<InetAddress, Integer> newInThisMinute = new HashMap<>();
    private Map<InetAddress, Integer> newInLastMinute = new HashMap<>();
    private long minuteStart;

    public ConnectionLimits(Limits limits, Time time) {
        this.limits = limits;
        this.time = time;
        this.minuteStart = time.nanos();
    }

    /** Applies new limits to connections that come from now on. */
    public void change(Limits newLimits) {
        limits = newLimits;
    }

    /** How many connections are open. */
    public int open() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a new connection in, unless it is too many.
     *
     * @return why it is refused; empty if it was counted, and then {@link #leave} must follow once
     */
    public Optional<Refusal> enter(InetAddress address) {
        Limits allowed = limits;
        Network network = networkOf(address);
        lock.lock();
        try {
            // Counted even when refused below: who keeps knocking stays out.
            if (countNew(clientOf(address)) > allowed.newPerMinute()) {
                return Optional.of(Refusal.TOO_FAST);
            }
            if (openByAddress.getOrDefault(address, 0) >= allowed.perAddress()) {
                return Optional.of(Refusal.TOO_MANY_FROM_ADDRESS);
            }
            if (openByNetwork.getOrDefault(network, 0) >= allowed.perNetwork()) {
                return Optional.of(Refusal.TOO_MANY_FROM_NETWORK);
            }
            if (open >= allowed.total()) {
                return Optional.of(Refusal.SERVER_FULL);
            }
            open++;
            openByAddress.merge(address, 1, Integer::sum);
            openByNetwork.merge(network, 1, Integer::sum);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Counts a connection out that {@link #enter} counted in. */
    public void leave(InetAddress address) {
        lock.lock();
        try {
            open--;
            openByAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
            openByNetwork.computeIfPresent(networkOf(address), (key, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }

    /** How many clients are counted by minute at present; at most twice {@link #MAX_COUNTED}. */
    int counted() {
        lock.lock();
        try {
            return newInThisMinute.size() + newInLastMinute.size();
        } finally {
            lock.unlock();
        }
    }

    /** The client's new connections within the last minute, this one included, estimated from two fixed minutes. */
    private double countNew(InetAddress client) {
        long elapsed = turnMinutes();
        Integer before = newInThisMinute.get(client);
        if (before == null && newInThisMinute.size() >= MAX_COUNTED) {
            return 0;
        }
        int now = before == null ? 1 : before + 1;
        newInThisMinute.put(client, now);
        double shareOfLastMinute = 1.0 - (double) elapsed / MINUTE;
        return now + newInLastMinute.getOrDefault(client, 0) * shareOfLastMinute;
    }

    /** Forgets minutes that are over; the time since the present one began. */
    private long turnMinutes() {
        long elapsed = time.nanos() - minuteStart;
        if (elapsed >= MINUTE) {
            newInLastMinute = elapsed < 2 * MINUTE ? newInThisMinute : new HashMap<>();
            newInThisMinute = new HashMap<>();
            minuteStart += elapsed / MINUTE * MINUTE;
            elapsed %= MINUTE;
        }
        return elapsed;
    }

    private static Network networkOf(InetAddress address) {
        return Network.around(address, address instanceof Inet4Address ? IPV4_NETWORK : IPV6_NETWORK);
    }

    private static InetAddress clientOf(InetAddress address) {
        return address instanceof Inet4Address ? address : Network.around(address, IPV6_CLIENT).base();
    }
}
