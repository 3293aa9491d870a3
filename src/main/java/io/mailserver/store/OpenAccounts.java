package io.mailserver.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that are open, each once: leases are counted, and of those that nobody uses the longest unused are closed when there are
 * too many. Opening and closing one account waits for no other.
 *
 * <p>Safe for use by any thread but those of a pool.
 */
final class OpenAccounts implements AutoCloseable {
    /** About 50 MB. */
    private static final long MAX_IDLE_MESSAGES = 1_000_000;

    private final StoreParts parts;
    private final int maxIdle;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}; in the order of last use. */
    private final LinkedHashMap<AccountKey, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

    /** Messages in lists as they were counted when sessions ended. Guarded by {@link #lock}. */
    private long loadedMessages;

    private boolean closed;

    /** @param maxIdle open accounts beyond those in use; each takes some 200 KiB and six file descriptors */
    OpenAccounts(StoreParts parts, int maxIdle) {
        this.parts = parts;
        this.maxIdle = maxIdle;
    }

    /** One account's place: its own lock orders opening and closing. */
    private static final class Slot {
        private final ReentrantLock opening = new ReentrantLock();
        /** Changed under {@link #opening}. */
        private volatile @Nullable OpenAccount account;
        /** Guarded by the lock of all. */
        private int users;
        /** Its part of what is loaded. Guarded by the lock of all. */
        private int loadedMessages;
    }

    /** A counted use; closed by whoever acquired it. */
    final class Lease implements AutoCloseable {
        private final AccountKey key;
        private final Slot slot;
        private final OpenAccount account;
        private boolean closed;

        private Lease(AccountKey key, Slot slot, OpenAccount account) {
            this.key = key;
            this.slot = slot;
            this.account = account;
        }

        OpenAccount account() {
            return account;
        }

        AccountKey key() {
            return key;
        }

        /** After a session, which may have left large lists in memory. */
        void closeAndTrim() {
            int loaded = account.loadedMessages();
            close();
            if (ended(slot, loaded)) {
                trim();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                closed = true;
            } finally {
                lock.unlock();
            }
            release(slot);
        }
    }

    /** Opens an account, or joins those who have it open. */
    Lease acquire(AccountKey key) throws StoreException {
        Slot slot;
        lock.lock();
        try {
            if (closed) {
                throw new StoreException(StoreException.Cause.UNAVAILABLE, "The server stops");
            }
            slot = slots.computeIfAbsent(key, _ -> new Slot());
            slot.users++;
        } finally {
            lock.unlock();
        }
        boolean acquired = false;
        slot.opening.lock();
        try {
            OpenAccount account = slot.account;
            if (account == null || account.failed()) {
                if (account != null) {
                    closeQuietly(account);
                }
                slot.account = null;
                account = OpenAccount.open(key, parts);
                slot.account = account;
            }
            acquired = true;
            return new Lease(key, slot, account);
        } finally {
            slot.opening.unlock();
            if (!acquired) {
                release(slot);
            }
        }
    }

    private void release(Slot slot) {
        List<Slot> surplus = new ArrayList<>();
        lock.lock();
        try {
            slot.users--;
            int idle = slots.size() - maxIdle;
            Iterator<Slot> eldest = slots.values().iterator();
            while (idle > 0 && eldest.hasNext()) {
                Slot each = eldest.next();
                if (each.users == 0) {
                    // Whoever comes meanwhile waits at this slot's own lock.
                    each.users++;
                    surplus.add(each);
                    idle--;
                }
            }
        } finally {
            lock.unlock();
        }
        surplus.forEach(this::close);
    }

    /** Whether so much may be in memory that the accounts have to be looked at. */
    private boolean ended(Slot slot, int loaded) {
        lock.lock();
        try {
            loadedMessages += loaded - slot.loadedMessages;
            slot.loadedMessages = loaded;
            return loadedMessages > MAX_IDLE_MESSAGES;
        } finally {
            lock.unlock();
        }
    }

    /** Of accounts that nobody uses, those used last keep their lists in memory, up to a limit for all together. */
    private void trim() {
        List<OpenAccount> surplus = new ArrayList<>();
        lock.lock();
        try {
            long loaded = 0;
            loadedMessages = 0;
            for (Slot slot : slots.sequencedValues().reversed()) {
                OpenAccount account = slot.account;
                slot.loadedMessages = account == null ? 0 : account.loadedMessages();
                if (account != null && slot.users == 0) {
                    loaded += slot.loadedMessages;
                    if (slot.loadedMessages > 0 && loaded > MAX_IDLE_MESSAGES) {
                        surplus.add(account);
                        slot.loadedMessages = 0;
                    }
                }
                loadedMessages += slot.loadedMessages;
            }
        } finally {
            lock.unlock();
        }
        for (OpenAccount account : surplus) {
            try {
                account.unload();
            } catch (StoreException e) {
                // Closed meanwhile, with all it had in memory: nothing is left to do, but somebody may wonder.
                parts.log().info("store.not-unloaded", "account", account.key(), "reason", e);
            }
        }
    }

    private void close(Slot slot) {
        boolean wanted;
        slot.opening.lock();
        try {
            lock.lock();
            try {
                wanted = slot.users > 1;
            } finally {
                lock.unlock();
            }
            if (!wanted && slot.account != null) {
                closeQuietly(slot.account);
                slot.account = null;
            }
        } finally {
            slot.opening.unlock();
        }
        lock.lock();
        try {
            slot.users--;
            if (slots.values().removeIf(each -> each == slot && each.users == 0 && each.account == null)) {
                loadedMessages -= slot.loadedMessages;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes an account whatever leases there are: it is being removed. Who has one gets UNAVAILABLE. */
    void expel(AccountKey key) {
        Slot slot;
        lock.lock();
        try {
            slot = slots.get(key);
        } finally {
            lock.unlock();
        }
        if (slot == null) {
            return;
        }
        slot.opening.lock();
        try {
            if (slot.account != null) {
                closeQuietly(slot.account);
                slot.account = null;
            }
        } finally {
            slot.opening.unlock();
        }
    }

    /**
     * Closes an account, whatever leases there are, and does something before anybody can open it again. Who has a lease gets
     * UNAVAILABLE.
     */
    void whileClosed(AccountKey key, OpenAccount.Action<?> action) throws StoreException {
        Slot slot;
        lock.lock();
        try {
            slot = slots.computeIfAbsent(key, _ -> new Slot());
            slot.users++;
        } finally {
            lock.unlock();
        }
        slot.opening.lock();
        try {
            if (slot.account != null) {
                slot.account.expel();
                slot.account = null;
            }
            action.run();
        } finally {
            slot.opening.unlock();
            release(slot);
        }
    }

    /** How many accounts are open. */
    int size() {
        lock.lock();
        try {
            return slots.size();
        } finally {
            lock.unlock();
        }
    }

    private void closeQuietly(OpenAccount account) {
        try {
            account.close();
        } catch (StoreException e) {
            // What is told is durable already; the next open finds the rest in the files.
            parts.log().error("store.close-failed", e, "account", account.key());
        }
    }

    /** Closes all; leases that are left get UNAVAILABLE. */
    @Override
    public void close() {
        List<AccountKey> open;
        lock.lock();
        try {
            closed = true;
            open = List.copyOf(slots.keySet());
        } finally {
            lock.unlock();
        }
        // Side by side: each waits for the disk some times.
        List<Future<?>> closings = new ArrayList<>();
        try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
            open.forEach(key -> closings.add(closing.submit(() -> expel(key))));
        }
        for (Future<?> each : closings) {
            if (each.state() == Future.State.FAILED) {
                if (each.exceptionNow() instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException(each.exceptionNow());
            }
        }
    }
}
