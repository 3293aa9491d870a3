package io.mailserver.account;

import io.mailserver.base.Time;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts failed log-ins by network and by name, says when they are to be slowed down and refused. A network from which an account
 * logged in lately is not shut out by other networks' failures for that account: nobody can lock a user out of the place where she
 * works by guessing her password from elsewhere.
 *
 * <p>Memory is bounded: what failed longest ago is forgotten first. Everything is forgotten when the process ends. Safe for use by any
 * thread; never blocks.
 */
public final class LoginThrottle {
    /** Networks and names each; some 300 octets each. */
    private static final int MAX_COUNTERS = 20_000;

    private static final Duration PLACE_KNOWN_FOR = Duration.ofDays(30);
    private static final int IPV6_NETWORK_OCTETS = 8;

    private final LoginLimits limits;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, FailureCounter> byNetwork = new RecentlyUsed<>(MAX_COUNTERS);
    private final Map<String, FailureCounter> byName = new RecentlyUsed<>(MAX_COUNTERS);
    private final Map<Place, Long> successes = new RecentlyUsed<>(MAX_COUNTERS);

    public LoginThrottle(LoginLimits limits, Time time) {
        this.limits = limits;
        this.time = time;
    }

    private record Place(String name, String network) {}

    /**
     * What a failure leads to.
     *
     * @param failures how many count now, of the network or the name, whichever has more
     * @param delay how long to wait with the answer
     * @param accountLocked the name has just been locked
     * @param networkLocked the network has just been locked
     */
    record Failure(int failures, Duration delay, boolean accountLocked, boolean networkLocked) {}

    /**
     * What is locked now.
     *
     * @param what an account's address or a network such as {@code 192.0.2.1} or {@code 2001:db8:0:0::/64}
     * @param remaining until it ends by itself
     */
    public record Locked(String what, Duration remaining) {}

    /** How long an attempt must wait; empty if it may be made. */
    Optional<Duration> lockedFor(String name, InetAddress client) {
        String network = network(client);
        lock.lock();
        try {
            long now = time.nanos();
            Optional<Duration> networkLock = lockedFor(byNetwork.get(network), now);
            if (networkLock.isPresent() || isKnownPlace(name, network, now)) {
                return networkLock;
            }
            return lockedFor(byName.get(name), now);
        } finally {
            lock.unlock();
        }
    }

    /** @param guess stands for name and password; equal for equal ones, and tells nothing of them */
    Failure failed(String name, InetAddress client, ByteBuffer guess) {
        String network = network(client);
        lock.lock();
        try {
            long now = time.nanos();
            FailureCounter ofNetwork =
                    byNetwork.computeIfAbsent(network, key -> new FailureCounter(limits.addressFailures(), limits));
            FailureCounter ofName = byName.computeIfAbsent(name, key -> new FailureCounter(limits.accountFailures(), limits));
            boolean networkWasLocked = ofNetwork.lockedFor(now).isPresent();
            boolean nameWasLocked = ofName.lockedFor(now).isPresent();
            int failures = Math.max(ofNetwork.failed(guess, now), ofName.failed(guess, now));
            return new Failure(
                    failures,
                    limits.delay(failures),
                    !nameWasLocked && ofName.lockedFor(now).isPresent(),
                    !networkWasLocked && ofNetwork.lockedFor(now).isPresent());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets the name's failures. Those of the network stay: who has an account of their own could otherwise guess others' passwords
     * for ever, logging in now and then.
     */
    void succeeded(String name, InetAddress client) {
        lock.lock();
        try {
            byName.remove(name);
            successes.put(new Place(name, network(client)), time.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the failures for an account. Returns whether it was locked. */
    public boolean unlockAccount(String name) {
        return unlock(byName, name);
    }

    /** Forgets the failures from an address and its network. Returns whether it was locked. */
    public boolean unlockAddress(InetAddress client) {
        return unlock(byNetwork, network(client));
    }

    /** What is locked now: networks, then accounts. */
    public List<Locked> locked() {
        lock.lock();
        try {
            List<Locked> result = new ArrayList<>();
            long now = time.nanos();
            for (Map<String, FailureCounter> counters : List.of(byNetwork, byName)) {
                counters.forEach((what, counter) ->
                        counter.lockedFor(now).ifPresent(remaining -> result.add(new Locked(what, remaining))));
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** How many networks and names are remembered. */
    int remembered() {
        lock.lock();
        try {
            return byNetwork.size() + byName.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean unlock(Map<String, FailureCounter> counters, String key) {
        lock.lock();
        try {
            FailureCounter removed = counters.remove(key);
            return lockedFor(removed, time.nanos()).isPresent();
        } finally {
            lock.unlock();
        }
    }

    private boolean isKnownPlace(String name, String network, long now) {
        Long last = successes.get(new Place(name, network));
        return last != null && now - last < PLACE_KNOWN_FOR.toNanos();
    }

    private static Optional<Duration> lockedFor(@Nullable FailureCounter counter, long now) {
        return counter == null ? Optional.empty() : counter.lockedFor(now);
    }

    /** One customer's addresses: the address itself, of IPv6 the first 64 bits (RFC 6177 §2). */
    static String network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] octets = address.getAddress();
        Arrays.fill(octets, IPV6_NETWORK_OCTETS, octets.length, (byte) 0);
        try {
            return InetAddress.getByAddress(octets).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen octets are an address", e);
        }
    }
}
