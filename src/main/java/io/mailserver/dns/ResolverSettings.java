package io.mailserver.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom a {@link CachingResolver} asks, and its bounds.
 *
 * @param servers at least one, in order of preference
 * @param validation who vouches for authentic answers
 * @param limits the bounds
 */
public record ResolverSettings(List<NameServer> servers, Validation validation, Limits limits) {
    public ResolverSettings {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no DNS server");
        }
    }

    /** Asks these servers, believing the AD bit of those that are trusted, with the default limits. */
    public static ResolverSettings of(List<NameServer> servers) {
        return new ResolverSettings(servers, Validation.TRUSTED_SERVERS, Limits.DEFAULTS);
    }

    /** Who decides whether an answer is authentic. */
    public enum Validation {
        /** The AD bit of a trusted server (RFC 6840 §5.8). A bogus zone shows as SERVFAIL, which such a server says. */
        TRUSTED_SERVERS,
        /** We, from the anchor of the root zone (RFC 4035 §5). Several more questions for each new zone. */
        OURSELVES
    }

    /**
     * A recursive resolver.
     *
     * @param address where it listens
     * @param trusted whether it validates and the way to it cannot be tampered with, so that its AD bit counts
     */
    public record NameServer(InetSocketAddress address, boolean trusted) {
        /** The standard port (RFC 1035 §4.2). */
        public static final int PORT = 53;

        /** A server whose AD bit counts only when it is on this machine. */
        public static NameServer at(InetAddress address, int port) {
            return new NameServer(new InetSocketAddress(address, port), address.isLoopbackAddress());
        }
    }

    /**
     * @param question after how long a question is given up; the tries of all servers take place within
     * @param attempt how long to wait for one server in the first round; twice that in the second
     * @param cacheOctets about how much memory the cache may take
     * @param questionsInFlight how many different questions may be under way; one more is answered with a server failure at once
     * @param maxTtl the longest time an answer is kept, whatever its TTL (RFC 8767 §4 allows a cap)
     * @param maxNegativeTtl the same for "there is none" (RFC 2308 §5: one to three hours)
     * @param failureTtl how long a server failure is kept, so that a broken zone is not asked at every message (RFC 9520 §3.2)
     * @param cnames the longest chain of aliases; longer ones are a server failure
     */
    public record Limits(
            Duration question,
            Duration attempt,
            long cacheOctets,
            int questionsInFlight,
            Duration maxTtl,
            Duration maxNegativeTtl,
            Duration failureTtl,
            int cnames) {
        public static final Limits DEFAULTS = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(2), 16L << 20, 1_000,
                Duration.ofDays(1), Duration.ofHours(1), Duration.ofSeconds(5), 8);

        /** These limits with other times for a question and an attempt. */
        public Limits withTimes(Duration newQuestion, Duration newAttempt) {
            return new Limits(newQuestion, newAttempt, cacheOctets, questionsInFlight, maxTtl, maxNegativeTtl, failureTtl, cnames);
        }
    }
}
