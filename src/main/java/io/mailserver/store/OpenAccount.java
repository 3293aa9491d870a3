package io.mailserver.store;

import io.mailserver.store.AccountDatabase.Entry;
import io.mailserver.store.AccountDatabase.Marks;
import io.mailserver.store.Arrivals.Arrival;
import io.mailserver.store.Index.Figures;
import io.mailserver.store.Index.Write;
import io.mailserver.store.OpenMailbox.Prepared;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * An account's one owner in memory: gives its numbers, makes its changes one after the other, each committed before it is shown, shown
 * before it is told.
 *
 * <p>Threads: the lock is held while the databases write, never while files of messages are read or written, never while a listener or a
 * consumer runs; it is not taken on threads of a pool. Databases have locks of their own below it, so that reading goes beside changes.
 */
final class OpenAccount {
    /** How many UIDs are reserved at once, by one synced write. */
    static final int UID_BLOCK = 1_000;

    /** MODSEQs are microseconds of the clock, so they are reserved by time: one synced write in ten minutes. */
    private static final long MODSEQ_BLOCK = Duration.ofMinutes(10).toNanos() / 1_000;

    /** How long messages gather before the index of an account that nobody looks at takes them in one transaction. */
    private static final Duration GATHER = Duration.ofSeconds(1);

    /** Behind the boot in the index of an account that was closed with all flags in the names of files. */
    private static final String CLEAN = " clean";

    private final AccountKey key;
    private final StoreParts parts;
    private final AccountDatabase database;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantReadWriteLock folders = new ReentrantReadWriteLock();
    private final Map<Integer, OpenMailbox> mailboxes = new ConcurrentHashMap<>();
    private final AtomicBoolean indexing = new AtomicBoolean();
    private final Threads threads;
    private final AccountFiles files;
    private final FlagSync flagSync = new FlagSync(this);
    private final AccountEmails emails = new AccountEmails(this);
    private final AccountLog log = new AccountLog(this);
    private volatile @Nullable Index index;
    private volatile boolean closed;
    private volatile boolean keepMarks;
    private volatile boolean failed;
    private boolean filesClosed;
    /** Whether the index says that the account was closed in good order, as long as nothing was committed. */
    private boolean foundClean;

    /** All guarded by {@link #lock}. */
    private Marks marks;

    private long lastModSeq;
    private final Set<String> subscriptions;
    private List<Change> unsaid = new ArrayList<>();

    private OpenAccount(AccountKey key, StoreParts parts, AccountDatabase database, AccountDatabase.State state, long lastModSeq)
            throws StoreException {
        this.key = key;
        this.parts = parts;
        this.database = database;
        this.threads = new Threads(database);
        this.files = new AccountFiles(this, parts.others());
        this.marks = state.marks();
        this.lastModSeq = lastModSeq;
        this.subscriptions = state.subscriptions();
        for (Entry entry : state.mailboxes()) {
            Arrivals arrivals = new Arrivals(entry.uidReserved() + 1, entry.uidReserved());
            add(entry, state.keywords().getOrDefault(entry.id(), List.of()), arrivals);
        }
    }

    /** Opens an account, or makes what a new one has. */
    static OpenAccount open(AccountKey key, StoreParts parts) throws StoreException {
        AccountDatabase database = AccountDatabase.open(parts.databases(), key, parts.queries());
        boolean usable = false;
        try {
            Optional<AccountDatabase.State> state = database.load();
            OpenAccount account = state.isPresent()
                    ? new OpenAccount(key, parts, database, state.get(), state.get().marks().modSeqReserved())
                    : make(key, parts, database);
            new MailboxTree(account).resume(state);
            if (state.isPresent()) {
                account.files.adopt();
            }
            usable = true;
            return account;
        } finally {
            if (!usable) {
                database.close();
            }
        }
    }

    private static OpenAccount make(AccountKey key, StoreParts parts, AccountDatabase database) throws StoreException {
        Instant now = parts.time().now();
        AccountDatabase.State state = NewAccount.of(
                AccountFiles.adoption(key, parts, Set.of(), Set.of()),
                parts.folderNames(),
                (int) now.getEpochSecond(),
                micros(now) + MODSEQ_BLOCK);
        List<Entry> reserved = NewAccount.withFirstBlock(state, UID_BLOCK);
        database.create(state.marks(), reserved, state.subscriptions());
        OpenAccount account = new OpenAccount(key, parts, database, state, micros(now));
        account.mailbox(reserved.getFirst().id()).arrivals().reservedTo(reserved.getFirst().uidReserved());
        return account;
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    /**
     * Shared by who works on files of messages, so that their folder keeps its name meanwhile; held alone to rename or remove folders.
     * Taken before all other locks of the account; those of several accounts in the order of their keys' texts.
     */
    ReentrantReadWriteLock folders() {
        return folders;
    }

    AccountKey key() {
        return key;
    }

    StoreParts parts() {
        return parts;
    }

    AccountDatabase database() {
        return database;
    }

    /** Its Maildir, beside other programs. */
    AccountFiles files() {
        return files;
    }

    boolean isClosed() {
        return closed;
    }

    /** Something that is done while nothing else changes the account. */
    @FunctionalInterface
    interface Action<T extends @Nullable Object> {
        T run() throws StoreException;
    }

    /** Runs {@code action} alone, then tells of the changes it has announced. Not on a thread of a pool. */
    <T extends @Nullable Object> T exclusively(Action<T> action) throws StoreException {
        List<Change> said = List.of();
        lock.lock();
        try {
            checkOpen();
            return action.run();
        } finally {
            if (lock.getHoldCount() == 1) {
                said = unsaid;
                unsaid = new ArrayList<>();
            }
            lock.unlock();
            said.forEach(change -> parts.feed().publish(key, change));
        }
    }

    void checkOpen() throws StoreException {
        if (closed) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "The account is being removed or the server stops");
        }
    }

    /** What is on the disk and in memory differ beyond repair: the next lease opens the account anew. */
    void fail(StoreException cause) {
        parts.log().error("store.account-failed", cause, "account", key);
        failed = true;
        closed = true;
    }

    boolean failed() {
        return failed;
    }

    /** What all mailboxes hold together. */
    Usage usage() throws StoreException {
        return exclusively(() -> {
            absorb();
            index();
            long messages = 0;
            long octets = 0;
            for (OpenMailbox mailbox : mailboxes.values()) {
                messages += mailbox.figures().messages();
                octets += mailbox.figures().octets();
            }
            return new Usage(messages, octets);
        });
    }

    /** All its emails, for who does not look at mailboxes one by one. */
    AccountEmails emails() {
        return emails;
    }

    /** How many messages are in lists in memory. */
    int loadedMessages() {
        int loaded = emails.loaded();
        for (OpenMailbox mailbox : mailboxes.values()) {
            MessageList list = mailbox.list();
            loaded += list == null ? 0 : list.size();
        }
        return loaded;
    }

    /** Takes the lists out of memory; whoever needs one reads it again. */
    void unload() throws StoreException {
        emails.unload();
        exclusively(() -> {
            mailboxes.values().forEach(OpenMailbox::unload);
            return null;
        });
    }

    /** Has a change told after the present action. Under the lock. */
    void announce(Change change) {
        unsaid.add(change);
    }

    /** What JMAP's changes need. */
    AccountLog log() {
        return log;
    }

    // Mailboxes.

    Collection<OpenMailbox> mailboxes() {
        return mailboxes.values();
    }

    OpenMailbox mailbox(int id) throws StoreException {
        OpenMailbox mailbox = mailboxes.get(id);
        if (mailbox == null) {
            throw new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "There is no such mailbox");
        }
        return mailbox;
    }

    Optional<OpenMailbox> find(MailboxName name) {
        return mailboxes.values().stream().filter(mailbox -> mailbox.name().equals(name)).findFirst();
    }

    Optional<OpenMailbox> find(SpecialUse use) {
        return mailboxes.values().stream().filter(mailbox -> mailbox.use().equals(Optional.of(use))).findFirst();
    }

    OpenMailbox add(Entry entry, List<Flag> keywords, Arrivals arrivals) throws StoreException {
        OpenMailbox mailbox = new OpenMailbox(entry, MailboxName.of(entry.name()), keywords, arrivals, lastModSeq);
        mailboxes.put(entry.id(), mailbox);
        return mailbox;
    }

    void forget(OpenMailbox mailbox) {
        mailboxes.remove(mailbox.id().number());
        files.moved(mailbox);
        mailbox.markDeleted();
    }

    /** Subscribed names; under the lock. */
    Set<String> subscriptions() {
        return subscriptions;
    }

    // Numbers.

    /** The marks for one more mailbox: its number and UIDVALIDITY are the marks' last ones. Under the lock. */
    Marks marksForMailbox() {
        // Seconds as an unsigned number, good until 2106.
        int uidValidity = (int) Math.max(
                Integer.toUnsignedLong(marks.lastUidValidity()) + 1, parts.time().now().getEpochSecond());
        return new Marks(marks.lastMailbox() + 1, uidValidity, marks.modSeqReserved());
    }

    /** The marks are stored. Under the lock. */
    void marked(Marks stored) {
        marks = stored;
    }

    /** A number for a change: higher than all before it, also after a crash. Under the lock. */
    long nextModSeq() throws StoreException {
        long modSeq = Math.max(lastModSeq + 1, micros(parts.time().now()));
        if (modSeq > marks.modSeqReserved()) {
            reserve(Map.of(), modSeq + MODSEQ_BLOCK);
        }
        lastModSeq = modSeq;
        return modSeq;
    }

    long highestModSeq() throws StoreException {
        return exclusively(() -> {
            absorb();
            return lastModSeq;
        });
    }

    /** Has {@code count} UIDs of a mailbox ready to be taken by file workers. */
    void promise(OpenMailbox mailbox, int count) throws StoreException {
        if (mailbox.arrivals().promise(count)) {
            return;
        }
        exclusively(() -> {
            while (!mailbox.arrivals().promise(count)) {
                int mark = mailbox.arrivals().markFor(count, UID_BLOCK);
                if (mark == 0) {
                    throw new StoreException(StoreException.Cause.LIMIT, "The mailbox has used up its numbers; copy it to a new one");
                }
                reserve(Map.of(mailbox.id().number(), mark), marks.modSeqReserved());
                mailbox.arrivals().reservedTo(mark);
            }
            return null;
        });
    }

    private void reserve(Map<Integer, Integer> uids, long modSeq) throws StoreException {
        Marks higher = new Marks(marks.lastMailbox(), marks.lastUidValidity(), modSeq);
        database.reserve(higher, uids);
        marks = higher;
    }

    // The index.

    /** The index, open. */
    Index index() throws StoreException {
        Index open = index;
        return open == null ? exclusively(this::openIndex) : open;
    }

    private Index openIndex() throws StoreException {
        Index known = index;
        if (known != null) {
            return known;
        }
        Index opened = JdbcIndex.openOrReplace(parts, key);
        boolean usable = false;
        try {
            String boot = opened.boot().orElse("");
            boolean clean = boot.endsWith(CLEAN);
            boolean sameBoot = boot.equals(parts.boot()) || boot.equals(parts.boot() + CLEAN);
            List<OpenMailbox> unsure = new ArrayList<>();
            for (Figures figures : opened.mailboxes()) {
                OpenMailbox mailbox = mailboxes.get(figures.mailbox());
                if (mailbox != null) {
                    mailbox.found(figures);
                    files.of(mailbox).found(figures.stamp(), sameBoot);
                    lastModSeq = Math.max(lastModSeq, figures.highestModSeq());
                    if (figures.dirty()) {
                        unsure.add(mailbox);
                    }
                }
            }
            if (!sameBoot) {
                raise(opened, unsure);
            } else {
                // Whoever only reads does not wait for the disk: a mark that nothing followed tells the truth.
                opened.withNextCommit(new Write.PutBoot(parts.boot()));
            }
            foundClean = clean && sameBoot;
            index = opened;
            usable = true;
            if (!clean && !boot.isEmpty()) {
                mailboxes.values().forEach(OpenMailbox::doubtNames);
                files.pushSoon();
            }
            if (sameBoot && !unsure.isEmpty()) {
                flagSync.resume();
            }
            return opened;
        } finally {
            if (!usable) {
                opened.close();
            }
        }
    }

    /** The power went while flags had been told that may be lost: clients shall look at every message again (DESIGN §5). */
    private void raise(Index opened, List<OpenMailbox> unsure) throws StoreException {
        List<Write> writes = new ArrayList<>(List.of(new Write.PutBoot(parts.boot())));
        List<Prepared> prepared = new ArrayList<>();
        for (OpenMailbox mailbox : unsure) {
            MessageList list = mailbox.load(opened);
            long modSeq = nextModSeq();
            MessageChunk[] chunks = new MessageChunk[list.chunkCount()];
            for (int i = 0; i < chunks.length; i++) {
                long[] modSeqs = new long[list.chunk(i).count()];
                Arrays.fill(modSeqs, modSeq);
                chunks[i] = list.chunk(i).with(list.chunk(i).flags, modSeqs);
            }
            Prepared raised = mailbox.change(list, chunks, modSeq, false);
            writes.addAll(raised.writes());
            prepared.add(raised);
            parts.log().warn("store.flags-unsure", "account", key, "mailbox", mailbox.id(), "messages", list.size());
        }
        opened.commit(writes, true);
        prepared.forEach(Prepared::accept);
    }

    /** Commits a change, shows it and has it told. Under the lock. */
    void commit(Prepared prepared, boolean synced) throws StoreException {
        index().commit(prepared.writes(), synced);
        prepared.accept();
        announce(new Change.Messages(prepared.mailbox().id(), prepared.figures().highestModSeq()));
    }

    /** Has changed flags reach the disk. Under the lock. */
    FlagSync flags() {
        return flagSync;
    }

    // Arrivals.

    /** Shows what has arrived, in all mailboxes by one transaction. Under the lock. */
    void absorb() throws StoreException {
        if (mailboxes.values().stream().noneMatch(mailbox -> mailbox.arrivals().any())) {
            return;
        }
        Index open = index();
        List<OpenMailbox> with = mailboxes.values().stream()
                .filter(mailbox -> mailbox.arrivals().any() && files.of(mailbox).inStep())
                .toList();
        Map<OpenMailbox, List<Arrival>> taken = new LinkedHashMap<>();
        for (OpenMailbox mailbox : with) {
            List<Arrival> ready = mailbox.arrivals().ready();
            if (!ready.isEmpty()) {
                taken.put(mailbox, ready);
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        boolean shown = false;
        try {
            show(open, taken);
            shown = true;
            taken.keySet().forEach(mailbox -> mailbox.arrivals().shown());
        } finally {
            if (!shown) {
                taken.forEach((mailbox, arrivals) -> mailbox.arrivals().restore(arrivals));
            }
        }
    }

    /** Shows messages that are not on their way but in the folder already, behind all that are shown. Under the lock. */
    void show(OpenMailbox mailbox, List<Arrival> found) throws StoreException {
        show(index(), Map.of(mailbox, found));
    }

    private void show(Index open, Map<OpenMailbox, List<Arrival>> taken) throws StoreException {
        long modSeq = nextModSeq();
        Threads.Batch batch = threads.batch(open, taken);
        List<Write> writes = new ArrayList<>();
        List<Prepared> prepared = new ArrayList<>(taken.size());
        for (Map.Entry<OpenMailbox, List<Arrival>> entry : taken.entrySet()) {
            Prepared arrived =
                    entry.getKey().arrive(open, entry.getValue(), batch.emails(entry.getKey(), entry.getValue()), modSeq);
            writes.addAll(arrived.writes());
            prepared.add(arrived);
        }
        batch.finish(writes);
        open.commit(writes, false);
        for (Prepared each : prepared) {
            each.accept();
            announce(new Change.Messages(each.mailbox().id(), modSeq));
        }
    }

    /** Shows what has arrived in {@code mailbox} before this call, as soon as nothing below it is on its way. */
    void showArrivals(OpenMailbox mailbox) throws StoreException {
        if (mailbox.arrivals().any()) {
            index();
            files.of(mailbox).bringInStep();
            mailbox.arrivals().awaitReady();
            exclusively(() -> {
                absorb();
                return null;
            });
        }
    }

    /** Has arrivals shown soon: at once where somebody looks, otherwise gathered. */
    void indexSoon() {
        if (!indexing.compareAndSet(false, true)) {
            return;
        }
        if (parts.feed().watched(key)) {
            Thread.ofVirtual().name("index").start(this::indexNow);
        } else {
            parts.time().schedule(GATHER, this::indexNow);
        }
    }

    private void indexNow() {
        indexing.set(false);
        try {
            for (OpenMailbox mailbox : mailboxes.values()) {
                if (!closed) {
                    showArrivals(mailbox);
                }
            }
            files.compareSoon();
        } catch (StoreException e) {
            // The messages are in their mailboxes; they are shown when somebody looks.
            if (!closed) {
                parts.log().error("store.index-failed", e, "account", key);
            }
        }
    }

    /** Shows what has arrived, syncs, writes the exact marks, closes the files. Nobody uses the account any more. */
    void close() throws StoreException {
        if (!closed) {
            try {
                // What fails here is late by a restart: the index has it.
                files.close();
            } catch (StoreException e) {
                parts.log().error("store.push-failed", e, "account", key);
            }
        }
        lock.lock();
        try {
            if (!closed) {
                finish();
            }
        } finally {
            closed = true;
            try {
                closeFiles();
            } finally {
                lock.unlock();
            }
        }
    }

    private void finish() throws StoreException {
        absorb();
        Index open = index;
        if (open != null) {
            OpenMailbox.forgetGone(mailboxes, open);
            flagSync.run(true);
            boolean named = mailboxes.values().stream()
                    .allMatch(mailbox -> mailbox.renamesDue().isEmpty() && !mailbox.namesDoubtful());
            if (named && (!foundClean || open.committed())) {
                open.commit(List.of(new Write.PutBoot(parts.boot() + CLEAN)), false);
            }
        }
        Map<Integer, Integer> exact = new TreeMap<>();
        for (OpenMailbox mailbox : mailboxes.values()) {
            Arrivals arrivals = mailbox.arrivals();
            if (arrivals.reserved() != arrivals.next() - 1) {
                exact.put(mailbox.id().number(), arrivals.next() - 1);
            }
        }
        // Who has a UID promised and does not know of the end may take it yet: then the next open begins above all that were reserved.
        if (!keepMarks && (!exact.isEmpty() || marks.modSeqReserved() != lastModSeq)) {
            reserve(exact, lastModSeq);
        }
    }

    /** Closes under the hands of who uses it. */
    void expel() throws StoreException {
        keepMarks = true;
        close();
    }

    private void closeFiles() throws StoreException {
        if (filesClosed) {
            return;
        }
        filesClosed = true;
        Index open = index;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            database.close();
        }
    }
}
