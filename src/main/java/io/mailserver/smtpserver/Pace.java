package io.mailserver.smtpserver;

import io.mailserver.base.Time;
import io.mailserver.config.SmtpConfig;
import java.time.Duration;

/**
 * How long a session waits for the next piece of a message: not longer than one block may take (RFC 5321 §4.5.3.2.5), and on the whole
 * not longer than the slowest rate allows, so that a drip of octets cannot hold a session for ever.
 */
final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Time time;
    private final long start;
    private final long alreadyArrived;
    private final Duration block;
    private final long octetsPerSecond;

    /** Starts now. */
    Pace(Time time, SmtpConfig limits, long alreadyArrived) {
        this.time = time;
        this.start = time.nanos();
        this.alreadyArrived = alreadyArrived;
        this.block = limits.dataBlockTimeout();
        this.octetsPerSecond = limits.minDataRate().octets();
    }

    /** From now, after {@code arrived} octets of the message in all. */
    Duration patience(long arrived) {
        if (octetsPerSecond == 0) {
            return block;
        }
        long octets = arrived - alreadyArrived;
        Duration earned = Duration.ofSeconds(octets / octetsPerSecond, octets % octetsPerSecond * NANOS_PER_SECOND / octetsPerSecond);
        Duration byRate = block.plus(earned).minusNanos(time.nanos() - start);
        return byRate.compareTo(block) < 0 ? byRate : block;
    }
}
