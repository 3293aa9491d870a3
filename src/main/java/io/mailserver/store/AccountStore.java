package io.mailserver.store;

import io.mailserver.account.Quota;
import io.mailserver.base.Content;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.maildir.MaildirCopier;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.MaildirTree;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.maildir.UniqueNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The mail of all accounts: takes deliveries and knows what an account holds.
 *
 * <p>Usage is counted along with deliveries, for accounts whose quota was asked for; as other programs may delete mail unseen, a
 * refusal is never decided by a count older than {@link #FRESH}.
 *
 * <p>Closed by whoever made it, after all who use it.
 *
 * <p>Threads: any but those of its pools; calls block. Deliveries to an account go side by side; a count, and a removal by
 * {@link AccountFolders}, wait for them and have the account to themselves.
 */
public final class AccountStore implements AutoCloseable {
    /** How old a count may be for a refusal. Counting at every try would let a flood to a full mailbox cost 100 ms a try. */
    static final Duration FRESH = Duration.ofSeconds(5);

    /** Each takes two of the kernel's watches; Linux gives a user some ten thousands, and others want some too. */
    private static final int MAX_WATCHED = 4_000;

    /** About 150 octets each. */
    private static final int MAX_COUNTED = 20_000;

    /** Open accounts that nobody uses: so many may have mail coming and going without files being opened for each message. */
    private static final int MAX_IDLE = 300;

    private final AccountFolders folders;
    private final PlatformPool pool;
    private final Time time;
    private final AccountLocks locks;
    private final StoreParts parts;
    private final OpenAccounts open;
    private final MaildirWatch watch;
    private final ReentrantLock countsLock = new ReentrantLock();
    /** Guarded by {@link #countsLock}. */
    private final Map<AccountKey, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountKey, Count> eldest) {
            return size() > MAX_COUNTED;
        }
    };

    /**
     * What a store stands on; all of it outlives it.
     *
     * @param root the folder that the folders of all accounts are in; exists durably
     * @param names of message files
     * @param maildirs counts file work
     * @param files runs what reads, writes and moves files of messages
     * @param queries runs what reads and writes databases
     * @param quotas what an account may hold, asked at each append
     * @param folderNames what the mailboxes of a new account are called, by their {@link SpecialUse#assignable} use
     * @param boot differs from one boot of the machine to the next
     */
    public record Parts(
            AccountFolders folders,
            Path root,
            UniqueNames names,
            MaildirStatistics maildirs,
            Databases databases,
            PlatformPool files,
            PlatformPool queries,
            Time time,
            EventLog log,
            Function<AccountKey, Quota> quotas,
            Function<SpecialUse, String> folderNames,
            String boot) {
        /** With the usual names of mailboxes. */
        public Parts(
                AccountFolders folders,
                Path root,
                UniqueNames names,
                MaildirStatistics maildirs,
                Databases databases,
                PlatformPool files,
                PlatformPool queries,
                Time time,
                EventLog log,
                Function<AccountKey, Quota> quotas,
                String boot) {
            this(folders, root, names, maildirs, databases, files, queries, time, log, quotas, SpecialUse::defaultName, boot);
        }

        /** Without quotas, and with the usual names. */
        public Parts(
                AccountFolders folders,
                Path root,
                UniqueNames names,
                MaildirStatistics maildirs,
                Databases databases,
                PlatformPool files,
                PlatformPool queries,
                Time time,
                EventLog log,
                String boot) {
            this(folders, root, names, maildirs, databases, files, queries, time, log, account -> Quota.NONE, boot);
        }
    }

    public AccountStore(Parts given) {
        this.folders = given.folders();
        this.locks = folders.locks();
        this.pool = given.files();
        this.time = given.time();
        Blobs blobs = new MaildirBlobs(
                this::maildir,
                new MaildirWriter(given.root(), pool, given.names(), time, given.maildirs()),
                new MaildirCopier(given.root(), given.names(), time, given.maildirs()),
                new MaildirTree(given.root(), time, given.maildirs()),
                pool);
        this.watch = new MaildirWatch(time, pool, given.log(), MAX_WATCHED);
        this.parts = new StoreParts(
                blobs,
                new OtherPrograms(this::maildir, pool, watch),
                given.databases(),
                given.queries(),
                new LocalChangeFeed(),
                new EmailRenderer(),
                time,
                given.log(),
                given.quotas(),
                given.folderNames(),
                given.boot());
        this.open = new OpenAccounts(parts, MAX_IDLE);
        folders.beforeRetiring(open::expel);
    }

    /**
     * What one account gets.
     *
     * @param folder the mailbox by its use, such as {@link SpecialUse#JUNK}; empty for the INBOX
     * @param head header fields to put before the content; accounts with equal heads share one file where the disk can
     * @param flags system flags
     */
    public record Target(AccountKey account, Optional<SpecialUse> folder, String head, Set<Flag> flags) {
        public Target {
            flags = Set.copyOf(flags);
            if (!flags.stream().allMatch(Flag::system)) {
                throw new IllegalArgumentException("keywords cannot be delivered");
            }
        }

        /** Without flags. */
        public Target(AccountKey account, Optional<SpecialUse> folder, String head) {
            this(account, folder, head, Set.of());
        }

        /** Into the INBOX. */
        public Target(AccountKey account, String head) {
            this(account, Optional.empty(), head);
        }
    }

    /** @param countedAt {@link Time#nanos} of the last scan */
    private record Count(Usage usage, long countedAt) {}

    /**
     * Puts a message into a mailbox of each account: durable and visible in all when this returns, in none when it throws.
     *
     * @param targets at least one, each account once
     * @param received INTERNALDATE
     * @param stillThere asked once no removal of these accounts can begin any more: whether all of them still take mail. Without it a
     *     delivery that was decided before a removal could make a folder that a later account of the same name finds.
     * @return the files in the order of {@code targets}
     * @throws AccountGoneException an account does not take mail any more; nothing was done
     * @throws IOException as {@link MaildirWriter#write}
     */
    public List<Path> deliver(List<Target> targets, Content content, Instant received, BooleanSupplier stillThere)
            throws IOException {
        return locks.shared(targets.stream().map(Target::account).toList(), () -> {
            if (!stillThere.getAsBoolean()) {
                throw new AccountGoneException();
            }
            try (Delivery delivery = Delivery.prepare(open, parts, targets)) {
                List<Path> files = delivery.write(content, received);
                for (Target target : targets) {
                    count(target.account(), target.head().getBytes(StandardCharsets.UTF_8).length + content.size());
                }
                return files;
            }
        });
    }

    /** An account was removed or disabled since it was decided to deliver to it. */
    public static final class AccountGoneException extends IOException {
        AccountGoneException() {
            super("an account does not take mail any more");
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

    /**
     * Opens the mail of an account, which must exist and stay: the caller has looked it up in the directory.
     *
     * @return closed by the caller
     */
    public AccountMail open(AccountKey account) throws StoreException {
        return new LeasedMail(open.acquire(account), parts.feed());
    }

    /**
     * Compares all that is stored of an account with itself: Maildir, {@code account.db}, {@code index.db}. Changes of other programs that
     * nobody has looked at yet are among what does not agree.
     *
     * @return what does not agree, in plain words, a line each; none if all is well
     */
    public List<String> check(AccountKey account) throws StoreException {
        try (OpenAccounts.Lease lease = open.acquire(account)) {
            return lease.account().exclusively(() -> {
                lease.account().absorb();
                return StoreCheck.of(lease.account());
            });
        }
    }

    /**
     * Makes the index of an account anew from its Maildir and {@code account.db}; the old one is kept beside it as {@code
     * index.db.damaged}. UIDs and flags stay. Sessions of the account are ended: they get UNAVAILABLE.
     *
     * @return what still does not agree
     */
    public List<String> rebuild(AccountKey account) throws StoreException {
        open.whileClosed(account, () -> {
            try {
                parts.queries().call(() -> {
                    parts.databases().setAside(account, Databases.Kind.INDEX);
                    return account;
                });
            } catch (IOException e) {
                throw Troubles.of(e);
            }
            return account;
        });
        try (OpenAccounts.Lease lease = open.acquire(account)) {
            lease.account().files().compareAll();
        }
        return check(account);
    }

    /** Has an account open; closed by the caller. */
    OpenAccounts.Lease lease(AccountKey account) throws StoreException {
        return open.acquire(account);
    }

    /**
     * Has {@code listener} told of the changes of all accounts, as {@link AccountMail#watch} tells of one's, until the result is closed.
     */
    public AccountMail.Watch watchAll(BiConsumer<AccountKey, Change> listener) {
        return parts.feed().subscribeAll(listener);
    }

    /** How many accounts are open. */
    public int openAccounts() {
        return open.size();
    }

    /** Closes all accounts; leases that are left are of no use any more. */
    @Override
    public void close() {
        open.close();
        watch.close();
    }

    /** What an account holds, counted now. */
    public Usage usage(AccountKey account) throws IOException {
        return locks.alone(account, () -> {
            Usage usage = pool.call(() -> UsageScan.of(maildir(account)));
            remember(account, new Count(usage, time.nanos()));
            return usage;
        });
    }

    private Path maildir(AccountKey account) {
        return folders.maildir(account.domain(), account.localPart());
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

    private void count(AccountKey account, long size) {
        countsLock.lock();
        try {
            counts.computeIfPresent(account, (key, count) -> new Count(count.usage().plus(size), count.countedAt()));
        } finally {
            countsLock.unlock();
        }
    }
}
