package io.mailserver.smtpserver;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Short names for sessions, unique on this host: the millisecond in which the process started, then a number, both in base 36. Safe for
 * use by any thread.
 */
public final class SessionIds {
    private static final int RADIX = 36;

    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    /** @param processStart of this process */
    public SessionIds(Instant processStart) {
        prefix = Long.toString(processStart.toEpochMilli(), RADIX) + "-";
    }

    /** A new name: lower-case letters, digits and one hyphen. */
    public String next() {
        return prefix + Long.toString(last.incrementAndGet(), RADIX);
    }
}
