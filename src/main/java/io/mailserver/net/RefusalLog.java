package io.mailserver.net;

import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Logs refused connections of one listener: one line a second, which says how many more there were since the line before it, so that a
 * flood of connections does not become a flood of lines. Safe for use by any thread.
 */
final class RefusalLog {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String listener;
    private final Time time;
    private final EventLog log;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private long lastLine;
    private long unlogged;

    RefusalLog(String listener, Time time, EventLog log) {
        this.listener = listener;
        this.time = time;
        this.log = log;
        this.lastLine = time.nanos() - INTERVAL_NANOS;
    }

    void refused(InetAddress address, String reason) {
        long more;
        lock.lock();
        try {
            long now = time.nanos();
            if (now - lastLine < INTERVAL_NANOS) {
                unlogged++;
                return;
            }
            lastLine = now;
            more = unlogged;
            unlogged = 0;
        } finally {
            lock.unlock();
        }
        log.warn("connection.refused", "listener", listener, "address", address.getHostAddress(), "reason", reason, "more", more);
    }
}
