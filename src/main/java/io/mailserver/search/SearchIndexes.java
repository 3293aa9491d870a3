package io.mailserver.search;

import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The search indexes of all accounts. Told that something of an account changed, it brings that account's index up to date soon after: some
 * seconds to gather messages, then one account after the other, each for a bounded time, so that one that is adopted with a million
 * messages does not keep others waiting. An index that is missing is made when its account is first changed or searched.
 *
 * <p>Threads: safe for any; indexing runs on one thread of the pool at a time. Closed by whoever made it, before the store.
 */
public final class SearchIndexes implements AutoCloseable {
    /** Messages that come one after the other are written together; with the second that the index of messages takes, within five. */
    static final Duration GATHER = Duration.ofMillis(2_500);

    /** How long one account is worked on before the next has its turn. */
    private static final Duration TURN = Duration.ofSeconds(2);

    /** Files that nobody used for so long are closed. */
    static final Duration IDLE = Duration.ofMinutes(1);

    /** Each has three files open. */
    private static final int MAX_OPEN = 100;

    private final Parts parts;
    private final ReentrantLock lock = new ReentrantLock();
    /** All guarded by {@link #lock}. */
    private final Map<AccountKey, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    private final Set<AccountKey> pending = new LinkedHashSet<>();
    private boolean scheduled;
    private boolean closingScheduled;
    private boolean closed;

    /**
     * What it stands on; all of it outlives it.
     *
     * @param folders the folder of an account's index, which exists
     * @param mail opens the mail of an account
     * @param pool runs what reads and writes indexes
     */
    public record Parts(Function<AccountKey, Path> folders, MailOpener mail, PlatformPool pool, Time time, EventLog log) {}

    /** Opens accounts; what it gives is closed here. */
    @FunctionalInterface
    public interface MailOpener {
        AccountMail open(AccountKey account) throws StoreException;
    }

    public SearchIndexes(Parts parts) {
        this.parts = parts;
    }

    private static final class Open {
        private final TextFile file;
        /** Touched by the indexing thread only. */
        private final IndexingPass.Progress progress = new IndexingPass.Progress();

        private int users;
        private long lastUsedNanos;

        Open(TextFile file) {
            this.file = file;
        }
    }

    /** The index of an account. */
    public SearchIndex of(AccountKey account) {
        return (wanted, terms, found) -> {
            parts.pool().call(() -> {
                scan(account, wanted, terms, found);
                return null;
            });
            changed(account); // Whatever it lacks will be there next time.
        };
    }

    private void scan(AccountKey account, long[] wanted, TextTerms terms, SearchIndex.Found found) {
        try {
            Open index = acquire(account);
            try {
                index.file.scan(wanted, terms, found);
            } finally {
                release(index);
            }
        } catch (IOException e) {
            // The messages themselves are searched instead: slower, not wrong.
            parts.log().warn("search.index-unreadable", "account", account, "reason", e);
        }
    }

    /** Something of an account's mail changed: its index is looked at soon. Does not block. */
    public void changed(AccountKey account) {
        lock.lock();
        try {
            if (!closed && pending.add(account) && !scheduled) {
                scheduled = true;
                parts.time().schedule(GATHER, this::work);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many accounts wait for their turn. */
    public int pending() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the files of an account that goes. */
    public void forget(AccountKey account) {
        Open gone;
        lock.lock();
        try {
            pending.remove(account);
            gone = open.remove(account);
        } finally {
            lock.unlock();
        }
        if (gone != null) {
            close(account, gone);
        }
    }

    /** Brings the indexes of all pending accounts up to date. */
    private void work() {
        AccountKey account = next();
        while (account != null) {
            boolean more = pass(account);
            if (more) {
                again(account);
            }
            account = next();
        }
        closeIdle();
    }

    private @Nullable AccountKey next() {
        lock.lock();
        try {
            if (pending.isEmpty() || closed) {
                scheduled = false;
                return null;
            }
            return ((LinkedHashSet<AccountKey>) pending).removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void again(AccountKey account) {
        lock.lock();
        try {
            pending.add(account);
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is more to do for the account. */
    private boolean pass(AccountKey account) {
        try (AccountMail mail = parts.mail().open(account)) {
            return parts.pool().call(() -> pass(account, mail));
        } catch (StoreException | IOException e) {
            // The next change or search of the account tries again; until then its messages are read when they are searched.
            parts.log().warn("search.indexing-failed", "account", account, "reason", e);
            return false;
        }
    }

    private boolean pass(AccountKey account, AccountMail mail) throws IOException {
        Open index = acquire(account);
        try {
            return new IndexingPass(mail, index.file, index.progress, parts.time(), TURN).run();
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            release(index);
        }
    }

    private Open acquire(AccountKey account) throws IOException {
        lock.lock();
        try {
            Open index = open.get(account);
            if (index == null) {
                index = new Open(TextFile.open(parts.folders().apply(account)));
                open.put(account, index);
            }
            index.users++;
            return index;
        } finally {
            lock.unlock();
        }
    }

    private void release(Open index) {
        Map<AccountKey, Open> surplus = new LinkedHashMap<>();
        lock.lock();
        try {
            index.users--;
            index.lastUsedNanos = parts.time().nanos();
            open.forEach((account, each) -> { // The longest unused first.
                if (each.users == 0 && open.size() - surplus.size() > MAX_OPEN) {
                    surplus.put(account, each);
                }
            });
            open.keySet().removeAll(surplus.keySet());
            if (!closingScheduled && !closed) {
                closingScheduled = true;
                parts.time().schedule(IDLE, this::closeIdleLater);
            }
        } finally {
            lock.unlock();
        }
        surplus.forEach(this::close);
    }

    private void closeIdleLater() {
        lock.lock();
        try {
            closingScheduled = false;
        } finally {
            lock.unlock();
        }
        closeIdle();
    }

    private void closeIdle() {
        Map<AccountKey, Open> idle = new LinkedHashMap<>();
        lock.lock();
        try {
            long now = parts.time().nanos();
            open.forEach((account, index) -> {
                if (index.users == 0 && now - index.lastUsedNanos >= IDLE.toNanos()) {
                    idle.put(account, index);
                }
            });
            open.keySet().removeAll(idle.keySet());
            if (!open.isEmpty() && !closingScheduled && !closed) {
                closingScheduled = true;
                parts.time().schedule(IDLE, this::closeIdleLater);
            }
        } finally {
            lock.unlock();
        }
        idle.forEach(this::close);
    }

    private void close(AccountKey account, Open index) {
        try {
            index.file.close();
        } catch (IOException e) {
            parts.log().warn("search.index-unreadable", "account", account, "reason", e);
        }
    }

    /** Ends indexing after the account that is worked on. */
    @Override
    public void close() {
        Map<AccountKey, Open> left;
        lock.lock();
        try {
            closed = true;
            left = Map.copyOf(open);
            open.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(this::close);
    }
}
