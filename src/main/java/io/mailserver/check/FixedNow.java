package io.mailserver.check;

import io.mailserver.base.Time;
import java.time.Duration;
import java.time.Instant;

/** A clock whose date stands still, while its deadlines run: checks and signatures as of another day. */
public record FixedNow(Time running, Instant now) implements Time {
    @Override
    public long nanos() {
        return running.nanos();
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        return running.schedule(delay, task);
    }
}
