package io.mailserver.imapserver;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Short names for sessions, unique on this host: {@code i}, the millisecond in which the process started, then a number, both in base
 * 36. Safe for use by any thread.
 */
public final class ImapSessionIds {
    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    /** @param processStart of this process */
    public ImapSessionIds(Instant processStart) {
        prefix = "i" + Long.toString(processStart.toEpochMilli(), Character.MAX_RADIX) + "-";
    }

    /** A new name: lower-case letters, digits and one hyphen. */
    public String next() {
        return prefix + Long.toString(last.incrementAndGet(), Character.MAX_RADIX);
    }
}
