package io.mailserver.store;

import io.mailserver.base.Content;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The mail of all accounts: takes deliveries, knows what an account holds, puts an account's mail aside. Everything that changes an
 * account's folder while the server runs goes through here.
 *
 * <p>Usage is counted along with deliveries, for accounts whose quota was asked for; as other programs may delete mail unseen, a
 * refusal is never decided by a count older than {@link #FRESH}.
 *
 * <p>Threads: any; calls block. Deliveries to an account go side by side; a count and a removal wait for them and have the account to
 * themselves. The locks are striped: an account shares its lock with others of the same hash, and a delivery takes the locks of all its
 * accounts in the order of their numbers.
 */
public final class AccountStore {
    /** How old a count may be for a refusal. Counting at every try would let a flood to a full mailbox cost 100 ms a try. */
    static final Duration FRESH = Duration.ofSeconds(5);

    private static final int STRIPES = 256;
    /** About 150 octets each. */
    private static final int MAX_COUNTED = 20_000;

    private final AccountFolders folders;
    private final MaildirWriter writer;
    private final PlatformPool pool;
    private final Time time;
    private final List<ReentrantReadWriteLock> stripes =
            IntStream.range(0, STRIPES).mapToObj(i -> new ReentrantReadWriteLock()).toList();
    private final ReentrantLock countsLock = new ReentrantLock();
    /** Guarded by {@link #countsLock}. */
    private final Map<AccountKey, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountKey, Count> eldest) {
            return size() > MAX_COUNTED;
        }
    };

    /**
     * @param writer whose root is above the folders of all accounts
     * @param pool runs what reads and moves folders
     */
    public AccountStore(AccountFolders folders, MaildirWriter writer, PlatformPool pool, Time time) {
        this.folders = folders;
        this.writer = writer;
        this.pool = pool;
        this.time = time;
    }

    /**
     * What one account gets.
     *
     * @param head header fields to put before the content; accounts with equal heads share one file where the disk can
     */
    public record Target(AccountKey account, String head) {}

    /** @param countedAt {@link Time#nanos} of the last scan */
    private record Count(Usage usage, long countedAt) {}

    /**
     * Puts a message into the INBOX of each account: durable and visible in all when this returns, in none when it throws.
     *
     * @param targets at least one, each account once
     * @param received INTERNALDATE
     * @return the files in the order of {@code targets}
     * @throws IOException as {@link MaildirWriter#write}
     */
    public List<Path> deliver(List<Target> targets, Content content, Instant received) throws IOException {
        List<MaildirWriter.Copy> copies = targets.stream()
                .map(target -> new MaildirWriter.Copy(MaildirFolder.inbox(maildir(target.account())), target.head()))
                .toList();
        List<Lock> held = shareAll(targets);
        try {
            List<Path> files = writer.write(copies, content, received);
            for (Target target : targets) {
                count(target.account(), target.head().getBytes(StandardCharsets.UTF_8).length + content.size());
            }
            return files;
        } finally {
            held.reversed().forEach(Lock::unlock);
        }
    }

    /**
     * Whether an account may take more mail: decided by what is known of its usage, but a refusal only by a fresh count.
     *
     * @param quota whether a usage leaves room
     */
    public boolean hasRoom(AccountKey account, Predicate<Usage> quota) throws IOException {
        Optional<Count> known = known(account);
        if (known.isPresent()) {
            boolean fresh = time.nanos() - known.get().countedAt() < FRESH.toNanos();
            if (fresh || quota.test(known.get().usage())) {
                return quota.test(known.get().usage());
            }
        }
        return quota.test(usage(account));
    }

    /** What an account holds, counted now. */
    public Usage usage(AccountKey account) throws IOException {
        Lock alone = stripe(account).writeLock();
        alone.lock();
        try {
            Usage usage = pool.call(() -> UsageScan.of(maildir(account)));
            remember(account, new Count(usage, time.nanos()));
            return usage;
        } finally {
            alone.unlock();
        }
    }

    /** Puts an account's folder aside, as {@link AccountFolders#retire}, when no delivery is under way. */
    public Optional<Path> retire(AccountKey account) throws IOException {
        Lock alone = stripe(account).writeLock();
        alone.lock();
        try {
            Optional<Path> retired = pool.call(() -> folders.retire(account.domain(), account.localPart()));
            forget(account);
            return retired;
        } finally {
            alone.unlock();
        }
    }

    private Path maildir(AccountKey account) {
        return folders.maildir(account.domain(), account.localPart());
    }

    private List<Lock> shareAll(List<Target> targets) {
        TreeSet<Integer> numbers = new TreeSet<>();
        targets.forEach(target -> numbers.add(stripeNumber(target.account())));
        List<Lock> locks =
                numbers.stream().map(number -> (Lock) stripes.get(number).readLock()).toList();
        locks.forEach(Lock::lock);
        return locks;
    }

    private ReentrantReadWriteLock stripe(AccountKey account) {
        return stripes.get(stripeNumber(account));
    }

    private static int stripeNumber(AccountKey account) {
        return Math.floorMod(account.hashCode(), STRIPES);
    }

    private Optional<Count> known(AccountKey account) {
        countsLock.lock();
        try {
            return Optional.ofNullable(counts.get(account));
        } finally {
            countsLock.unlock();
        }
    }

    private void remember(AccountKey account, Count count) {
        countsLock.lock();
        try {
            counts.put(account, count);
        } finally {
            countsLock.unlock();
        }
    }

    private void forget(AccountKey account) {
        countsLock.lock();
        try {
            counts.remove(account);
        } finally {
            countsLock.unlock();
        }
    }

    private void count(AccountKey account, long size) {
        countsLock.lock();
        try {
            counts.computeIfPresent(account, (key, count) -> new Count(count.usage().plus(size), count.countedAt()));
        } finally {
            countsLock.unlock();
        }
    }
}
