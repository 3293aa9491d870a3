package io.mailserver.pop3server;

import io.mailserver.store.AccountKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Which accounts have a session, at most one each (RFC 1939 §4): so that those of disabled accounts can be ended. Any thread. */
public final class Maildrops {
    private final ReentrantLock lock = new ReentrantLock();
    /** What ends the session. Guarded by lock. */
    private final Map<AccountKey, Runnable> open = new HashMap<>();

    /**
     * Takes the maildrop of an account.
     *
     * @param end ends the session; called by any thread, must not block
     * @return whether nobody else has it
     */
    boolean take(AccountKey account, Runnable end) {
        lock.lock();
        try {
            return open.putIfAbsent(account, end) == null;
        } finally {
            lock.unlock();
        }
    }

    void release(AccountKey account) {
        lock.lock();
        try {
            open.remove(account);
        } finally {
            lock.unlock();
        }
    }

    /** How many are open. */
    public int open() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the sessions of accounts that may no longer log in. */
    public void endUnless(Predicate<AccountKey> mayLogIn) {
        Map<AccountKey, Runnable> now;
        lock.lock();
        try {
            now = Map.copyOf(open);
        } finally {
            lock.unlock();
        }
        List<Runnable> ends = new ArrayList<>();
        now.forEach((account, end) -> {
            if (!mayLogIn.test(account)) {
                ends.add(end);
            }
        });
        ends.forEach(Runnable::run);
    }
}
