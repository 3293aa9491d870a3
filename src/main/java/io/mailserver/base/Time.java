package io.mailserver.base;

import java.time.Duration;
import java.time.Instant;

/**
 * The product's only clock and timer. Two implementations: {@link SystemTime}, and the tests' clock that is moved by hand.
 *
 * <p>Safe for use by any thread.
 */
public interface Time {
    /** The wall clock, for dates that people and protocols see. May jump. */
    Instant now();

    /** A monotonic clock in nanoseconds with an arbitrary origin, for deadlines and durations; compare by difference only. */
    long nanos();

    /**
     * Runs {@code task} once after {@code delay}, on a virtual thread (under the tests' clock: on the thread that moves the
     * clock). A task that throws is reported to the thread's uncaught exception handler.
     *
     * @param delay zero or more
     * @return a handle that cancels the task if it has not started
     */
    Scheduled schedule(Duration delay, Runnable task);

    /** A task that waits for its time. */
    interface Scheduled {
        /** Prevents the task from starting; a task that runs already runs on. Idempotent. */
        void cancel();
    }
}
