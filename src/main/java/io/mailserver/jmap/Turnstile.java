package io.mailserver.jmap;

import io.mailserver.store.AccountKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what an account does at a time. Safe for use by any thread. */
final class Turnstile {
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private final Map<AccountKey, Integer> inside = new HashMap<>();

    /** Whether one more may begin; if so, {@link #leave} is due. */
    boolean enter(AccountKey account, int limit) {
        lock.lock();
        try {
            int now = inside.getOrDefault(account, 0);
            if (now >= limit) {
                return false;
            }
            inside.put(account, now + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave(AccountKey account) {
        lock.lock();
        try {
            inside.computeIfPresent(account, (_, now) -> now == 1 ? null : now - 1);
        } finally {
            lock.unlock();
        }
    }
}
