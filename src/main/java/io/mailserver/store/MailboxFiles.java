package io.mailserver.store;

import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.DovecotKeywords;
import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.FolderStamp;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing;
import io.mailserver.maildir.MaildirName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an open mailbox, which other programs read and change: looked at when somebody opens the mailbox and the folder's times
 * say that names have changed, and watched while somebody stays.
 *
 * <p>Threads: {@link #lock} is held while names are compared or changed, so that a comparison never meets a rename of ours half done. It
 * is taken before the account's lock, never under it, and never on a thread of a pool.
 */
final class MailboxFiles {
    /** Between two looks at the times of a folder that is not watched. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    /** A removal of ours is in the folder before it is in the index: a missing file is looked for again after this time. */
    private static final Duration SETTLING = Duration.ofMillis(200);

    private static final int MAX_TOUCHED = 1_000;

    /** About 150 octets each; their notifications come within moments. */
    private static final int MAX_REMOVED = 5_000;
    private static final int MAX_RENAMES = 5_000;

    private final OpenAccount account;
    private final OpenMailbox mailbox;
    private final OtherPrograms others;
    private final ReentrantLock lock = new ReentrantLock();

    /** Whether somebody has looked since the account was opened. */
    private volatile boolean compared;

    private volatile boolean inStep;
    private volatile boolean doubtful;

    private volatile boolean lettersKnown;
    private volatile long lookedAt;
    /** The times at the last comparison. */
    private volatile FolderStamp noted = FolderStamp.UNKNOWN;

    /** Held for moments, under {@link #lock} or alone. */
    private final ReentrantLock watchLock = new ReentrantLock();

    /** All guarded by {@link #watchLock}. */
    private MaildirWatch.@Nullable Watching watching;
    private Set<String> touched = new HashSet<>();
    /** Names of files that we removed, the latest; no other file ever has one of them. */
    private final Set<String> removed = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMOVED;
        }
    });
    private boolean touchedMore;
    private boolean inspecting;

    MailboxFiles(OpenAccount account, OpenMailbox mailbox, OtherPrograms others) {
        this.account = account;
        this.mailbox = mailbox;
        this.others = others;
    }

    /**
     * Whether messages that arrive may be shown: whether the index has all that the folder had before them. So it has when it was
     * compared since the account was opened, and when this boot of the machine has written it.
     */
    boolean inStep() {
        return inStep;
    }

    void inStep(boolean now) {
        inStep = now;
    }

    /**
     * The index knows the mailbox.
     *
     * @param mark the times of the folder when they were compared last
     * @param sameBoot whether what was committed then cannot have been lost
     */
    void found(Index.FolderMark mark, boolean sameBoot) {
        if (sameBoot) {
            noted = new FolderStamp(mark.freshNanos(), mark.curNanos());
            inStep = true;
        } else {
            doubtful = true;
        }
    }

    /** Whether the index may have lost its last commits, and what was told by them, since it was last compared. */
    boolean doubtful() {
        return doubtful;
    }

    /** Compares if that must be before anything is shown. Not under the account's lock. */
    void bringInStep() throws StoreException {
        if (!inStep) {
            look();
        }
    }

    /** Takes in what other programs have changed, if they have. Not under the account's lock. */
    void look() throws StoreException {
        account.index();
        long now = account.parts().time().nanos();
        boolean recently = compared && now - lookedAt < BETWEEN_LOOKS.toNanos();
        if (recently || (compared && isWatched())) {
            return;
        }
        lock.lock();
        try {
            watchIfWanted();
            lookedAt = now;
            FolderStamp stamp = onPool(() -> FolderStamp.of(folder()));
            if (!stamp.equals(noted)) {
                compare();
            }
            compared = true;
            inStep = true;
        } finally {
            lock.unlock();
        }
    }

    /** Has the next open of the account find nothing to compare. Not under the account's lock. */
    void noteForNextTime() throws StoreException {
        lock.lock();
        try {
            if (compared && !mailbox.deleted() && !onPool(() -> FolderStamp.of(folder())).equals(noted)) {
                compare();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody has looked, and the next who does would look at the folder again. */
    boolean worthComparing() {
        return compared && !isWatched();
    }

    /** Compares in any case. Not under the account's lock. */
    void compareNow() throws StoreException {
        lock.lock();
        try {
            compare();
            compared = true;
            inStep = true;
        } finally {
            lock.unlock();
        }
    }

    private void compare() throws StoreException {
        noted = new FolderComparison(account, mailbox, this).run();
        doubtful = false;
    }

    /** Does something while no name changes but by {@code action}. Not under the account's lock, nor under another mailbox's here. */
    <T> T still(OpenAccount.Action<T> action) throws StoreException {
        lock.lock();
        try {
            return action.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives file names the flags that messages have. Not under the account's lock.
     *
     * @param all or some thousands, as whoever opens the mailbox waits meanwhile
     */
    void pushFlags(boolean all) throws StoreException {
        lock.lock();
        try {
            boolean due = !mailbox.deleted() && (mailbox.namesDoubtful() || !account.exclusively(mailbox::renamesDue).isEmpty());
            if (due && !compared) {
                compare();
                compared = true;
                inStep = true;
            }
            if (due && mailbox.namesDoubtful()) {
                FlagPush.findDue(account, mailbox, readLetters());
            }
            if (due) {
                new FlagPush(account, mailbox, this).run(all ? Integer.MAX_VALUE : MAX_RENAMES);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the watch, and the wait of whoever looks. */
    void close() {
        watchLock.lock();
        try {
            if (watching != null) {
                watching.close();
                watching = null;
            }
        } finally {
            watchLock.unlock();
        }
    }

    // Keywords.

    /** What letters stand for in names of this mailbox, as its {@code dovecot-keywords} says now. */
    DovecotKeywords readLetters() throws StoreException {
        MaildirFolder folder = folder();
        DovecotKeywords read = onPool(() -> DovecotKeywords.read(folder));
        mailbox.letters(read);
        lettersKnown = true;
        return read;
    }

    /**
     * What letters stand for, with letters for all keywords in {@code used} as long as there are any: durable before a name carries one.
     * Under the account's lock or {@link #lock}.
     */
    DovecotKeywords letters(Set<Flag> used) throws StoreException {
        DovecotKeywords known = lettersKnown ? mailbox.letters() : readLetters();
        DovecotKeywords more = FileFlags.named(used, known);
        if (!more.equals(known)) {
            MaildirFolder folder = folder();
            makeFolder();
            onPool(() -> {
                DovecotKeywords merged = FileFlags.named(used, DovecotKeywords.read(folder));
                merged.write(folder);
                mailbox.letters(merged);
                return merged;
            });
        }
        return mailbox.letters();
    }

    /** A mailbox that never had a message may have no folder yet. */
    void makeFolder() throws StoreException {
        try {
            account.parts().blobs().create(new Blobs.Place(account.key(), mailbox.folder()));
        } catch (IOException e) {
            throw Troubles.of(e);
        }
    }

    MaildirFolder folder() {
        return MaildirFolder.of(others.maildir(account.key()), new FolderName(mailbox.name().levels()));
    }

    /** Runs file work; trouble in the store's terms. */
    <T> T onPool(PlatformPool.Work<T, IOException> work) throws StoreException {
        try {
            return others.files().call(work);
        } catch (IOException e) {
            throw Troubles.of(e);
        }
    }

    // Watching.

    private boolean isWatched() {
        watchLock.lock();
        try {
            return watching != null;
        } finally {
            watchLock.unlock();
        }
    }

    private void watchIfWanted() throws StoreException {
        watchLock.lock();
        try {
            if (watching == null && account.parts().feed().watched(account.key())) {
                watching = onPool(() -> others.watch().watch(folder(), this::touched));
            }
        } finally {
            watchLock.unlock();
        }
    }

    /** Files of these names will be removed by us: that they go is nothing to look at. */
    void removing(Collection<String> names) {
        watchLock.lock();
        try {
            if (watching != null) {
                removed.addAll(names);
            }
        } finally {
            watchLock.unlock();
        }
    }

    /** On the thread of the watch. */
    private void touched(MaildirWatch.Touch touch) {
        boolean start;
        watchLock.lock();
        try {
            Set<String> names = new HashSet<>(touch.names());
            names.removeIf(removed::contains);
            if (names.isEmpty() && !touch.unsure()) {
                return;
            }
            touched.addAll(names);
            touchedMore |= touch.unsure() || touched.size() > MAX_TOUCHED;
            start = !inspecting && watching != null;
            inspecting = true;
        } finally {
            watchLock.unlock();
        }
        if (start) {
            Thread.ofVirtual().name("maildir-look").start(() -> inspect(true));
        }
    }

    /** Compares if what was touched was not touched by us. */
    private void inspect(boolean mayWait) {
        lock.lock();
        try {
            Set<String> strange = strange();
            if (!strange.isEmpty() && mayWait) {
                again(strange);
            } else if (!strange.isEmpty()) {
                compare();
            }
        } catch (StoreException e) {
            if (!mailbox.deleted() && !account.isClosed()) {
                account.parts().log().error("store.compare-failed", e, "account", account.key(), "mailbox", mailbox.id());
            }
        } finally {
            lock.unlock();
        }
    }

    /** What looks strange may be a change of ours on its way into the index. */
    private void again(Set<String> strange) {
        watchLock.lock();
        try {
            touched.addAll(strange);
            if (inspecting) {
                return;
            }
            inspecting = true;
        } finally {
            watchLock.unlock();
        }
        account.parts().time().schedule(SETTLING, () -> Thread.ofVirtual().name("maildir-look").start(() -> inspect(false)));
    }

    /** Of the names of files that came or went, those that the index does not explain; compares at once where not all are known. */
    private Set<String> strange() throws StoreException {
        Set<String> names;
        boolean more;
        watchLock.lock();
        try {
            names = touched;
            more = touchedMore;
            touched = new HashSet<>();
            touchedMore = false;
            inspecting = false;
        } finally {
            watchLock.unlock();
        }
        if (more) {
            compare();
            return Set.of();
        }
        Set<String> strange = new HashSet<>();
        for (String text : names) {
            Optional<MaildirName> name = MaildirName.parse(text);
            if (name.isPresent() && !isExplained(name.get())) {
                strange.add(text);
            }
        }
        return strange;
    }

    private boolean isExplained(MaildirName name) throws StoreException {
        boolean ours = name.imapNumber().isPresent()
                && name.imapNumber().get().uidValidity() == Integer.toUnsignedLong(mailbox.uidValidity());
        if (!ours) {
            return false;
        }
        int uid = (int) name.imapNumber().get().uid();
        if (mailbox.arrivals().knows(uid)) {
            return true;
        }
        Optional<Index.FileRow> row = account.index().file(mailbox.id().number(), uid);
        MaildirFolder folder = folder();
        for (boolean fresh : new boolean[] {false, true}) {
            MaildirListing.Entry entry = new MaildirListing.Entry(name, fresh);
            boolean there = onPool(() -> Files.exists(entry.path(folder), LinkOption.NOFOLLOW_LINKS));
            boolean known = row.isPresent() && row.get().file().equals(MaildirBlobs.text(entry));
            if (there != known) {
                return false;
            }
        }
        return true;
    }
}
