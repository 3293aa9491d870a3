package io.mailserver.app;

import io.mailserver.base.Time;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A task that runs again and again, each time an interval after its last end, until it is closed. Safe for use by any thread. */
final class Repeating implements AutoCloseable {
    private final Time time;
    private final Duration interval;
    private final Runnable task;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private Time.@Nullable Scheduled next;
    private boolean closed;

    /** @param task must not throw: the repetition would end */
    Repeating(Time time, Duration interval, Runnable task) {
        this.time = time;
        this.interval = interval;
        this.task = task;
    }

    /** Begins; to be called once. */
    void start(Duration delay) {
        schedule(delay);
    }

    private void schedule(Duration delay) {
        lock.lock();
        try {
            if (!closed) {
                next = time.schedule(delay, this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        task.run();
        schedule(interval);
    }

    /** No run begins any more; one that runs already ends by itself. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (next != null) {
                next.cancel();
            }
        } finally {
            lock.unlock();
        }
    }
}
