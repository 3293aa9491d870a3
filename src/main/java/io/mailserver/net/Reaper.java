package io.mailserver.net;

import io.mailserver.base.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends what takes too long on connections: Java's socket timeout is per read and there is none for writes, so one sweep looks at all
 * open connections every {@link #SWEEP}. An overdue read is ended so that the session can still say goodbye; a read or goodbye that is
 * still stuck {@link #GRACE} later, and every overdue write, ends with the raw socket closed.
 *
 * <p>Without connections no timer runs. Safe for use by any thread; the sweep never blocks on a peer.
 */
public final class Reaper {
    /** How late a deadline may be noticed. */
    public static final Duration SWEEP = Duration.ofMillis(250);
    /** From the end of input to the hard close of a connection that still waits for its peer. */
    public static final Duration GRACE = Duration.ofSeconds(5);

    private final Time time;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    public Reaper(Time time) {
        this.time = time;
    }

    Time time() {
        return time;
    }

    void watch(Connection connection) {
        connections.add(connection);
        scheduleSweep();
    }

    void forget(Connection connection) {
        connections.remove(connection);
    }

    /** Whether a sweep is scheduled. */
    boolean isSweeping() {
        return scheduled.get();
    }

    /** Whether every connection waits for its client, which has sent nothing more: for tests, before they move the clock. */
    boolean allWaitForInput() {
        return connections.stream().allMatch(Connection::waitsInVain);
    }

    private void scheduleSweep() {
        if (scheduled.compareAndSet(false, true)) {
            var _ = time.schedule(SWEEP, this::sweep);
        }
    }

    private void sweep() {
        long now = time.nanos();
        for (Connection connection : connections) {
            connection.endOverdue(now);
        }
        scheduled.set(false);
        // Read after the flag is cleared: a connection added in between either sees the flag cleared or is seen here.
        if (!connections.isEmpty()) {
            scheduleSweep();
        }
    }
}
