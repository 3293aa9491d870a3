package io.mailserver.store;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/**
 * Who may touch the folders of which accounts: deliveries side by side, a count or a removal alone. The locks are striped: an account
 * shares its lock with others of the same hash. Taken before work goes to the pool, never on a thread of the pool: there all threads
 * could wait for a delivery that waits for a thread.
 */
final class AccountLocks {
    private static final int STRIPES = 256;

    private final List<ReentrantReadWriteLock> stripes =
            IntStream.range(0, STRIPES).mapToObj(i -> new ReentrantReadWriteLock()).toList();

    /** Something that must not happen beside a removal. */
    @FunctionalInterface
    interface Work<T, X extends Exception> {
        T run() throws X;
    }

    /** Runs {@code work} beside other work of this kind on the same accounts. */
    <T, X extends Exception> T shared(Collection<AccountKey> accounts, Work<T, X> work) throws X {
        if (accounts.size() == 1) {
            Lock lock = stripes.get(stripeNumber(accounts.iterator().next())).readLock();
            lock.lock();
            try {
                return work.run();
            } finally {
                lock.unlock();
            }
        }
        // In the order of their numbers, so that two that share several locks do not wait for each other.
        TreeSet<Integer> numbers = new TreeSet<>();
        accounts.forEach(account -> numbers.add(stripeNumber(account)));
        List<Lock> locks =
                numbers.stream().map(number -> (Lock) stripes.get(number).readLock()).toList();
        locks.forEach(Lock::lock);
        try {
            return work.run();
        } finally {
            locks.reversed().forEach(Lock::unlock);
        }
    }

    /** Runs {@code work} when nothing else is under way on the account. */
    <T, X extends Exception> T alone(AccountKey account, Work<T, X> work) throws X {
        Lock lock = stripes.get(stripeNumber(account)).writeLock();
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    private static int stripeNumber(AccountKey account) {
        return Math.floorMod(account.hashCode(), STRIPES);
    }
}
