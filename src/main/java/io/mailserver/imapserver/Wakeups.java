package io.mailserver.imapserver;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where a session that waits for more than its client learns what happened: the one meeting point of its thread with others. Each kind is
 * remembered once however often it comes, so that nothing piles up.
 */
final class Wakeups {
    /** What can happen. */
    enum Wakeup {
        /** The child thread has read a line, or the input has ended. */
        INPUT,
        /** Messages or mailboxes of the account may have changed. */
        MAIL
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    /** Guarded by lock. */
    private final Set<Wakeup> pending = EnumSet.noneOf(Wakeup.class);

    /** Any thread; never blocks. */
    void post(Wakeup wakeup) {
        lock.lock();
        try {
            if (pending.add(wakeup)) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something happened and takes all of it; the session's thread. */
    Set<Wakeup> await() throws InterruptedException {
        lock.lock();
        try {
            while (pending.isEmpty()) {
                arrived.await();
            }
            Set<Wakeup> taken = EnumSet.copyOf(pending);
            pending.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what happened before. */
    void clear() {
        lock.lock();
        try {
            pending.clear();
        } finally {
            lock.unlock();
        }
    }
}
