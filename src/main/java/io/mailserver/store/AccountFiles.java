package io.mailserver.store;

import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.SubscriptionsFile;
import io.mailserver.store.AccountDatabase.Entry;
import io.mailserver.store.AccountDatabase.Marks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The Maildir of an open account as other programs see and change it: takes in folders that they made, has flags and subscriptions reach
 * the files within {@link #PUSH}, and at once when the account is closed.
 *
 * <p>Safe for use by any thread.
 */
final class AccountFiles {
    /** Flags are 30 s on their way at most (DESIGN §6): this, and the time the renames take. */
    static final Duration PUSH = Duration.ofSeconds(20);

    private final OpenAccount account;
    private final OtherPrograms others;
    private final Map<Integer, MailboxFiles> byMailbox = new ConcurrentHashMap<>();
    private final AtomicBoolean planned = new AtomicBoolean();
    private final AtomicBoolean comparisonPlanned = new AtomicBoolean();
    private final AtomicBoolean subscriptionsChanged = new AtomicBoolean();

    AccountFiles(OpenAccount account, OtherPrograms others) {
        this.account = account;
        this.others = others;
    }

    /** The folder of a mailbox. */
    MailboxFiles of(OpenMailbox mailbox) {
        return byMailbox.computeIfAbsent(mailbox.id().number(), id -> new MailboxFiles(account, mailbox, others));
    }

    /** The mailbox is deleted, or its folder has another name: what was watched is no more. */
    void moved(OpenMailbox mailbox) {
        MailboxFiles files = byMailbox.remove(mailbox.id().number());
        if (files != null) {
            files.close();
        }
    }

    /** Makes mailboxes of folders that {@code account.db} does not know. Before anybody else uses the account. */
    void adopt() throws StoreException {
        Adoption adoption = adoption();
        for (Adoption.Found found : adoption.mailboxes()) {
            account.exclusively(() -> {
                Marks marks = account.marksForMailbox();
                int uidValidity = found.uidValidity() == 0 ? marks.lastUidValidity() : found.uidValidity();
                Marks higher = new Marks(
                        marks.lastMailbox(), Math.max(marks.lastUidValidity(), uidValidity), marks.modSeqReserved());
                Entry entry = new Entry(
                        marks.lastMailbox(), found.name().text(), uidValidity, found.uidReserved(), Optional.empty(), Optional.empty());
                account.log().tree(Index.Event.MAILBOX_MADE, entry.id());
                account.database().add(higher, List.of(entry));
                account.marked(higher);
                account.add(entry, List.of(), new Arrivals(found.uidReserved() + 1, found.uidReserved()));
                return entry;
            });
            account.parts().log().info("store.adopted", "account", account.key(), "mailbox", found.name().text());
        }
    }

    private Adoption adoption() throws StoreException {
        Set<MailboxName> known = new HashSet<>();
        Set<Integer> validities = new HashSet<>();
        for (OpenMailbox mailbox : account.mailboxes()) {
            known.add(mailbox.name());
            validities.add(mailbox.uidValidity());
        }
        return adoption(account.key(), account.parts(), known, validities);
    }

    /** What the Maildir of an account tells of mailboxes that are not known. */
    static Adoption adoption(AccountKey key, StoreParts parts, Set<MailboxName> known, Set<Integer> validities) throws StoreException {
        OtherPrograms others = parts.others();
        try {
            return others.files().call(() -> Adoption.of(others.maildir(key), known, validities, parts.time().now()));
        } catch (IOException e) {
            throw Troubles.of(e);
        }
    }

    /** Compares all mailboxes with their folders. */
    void compareAll() throws StoreException {
        for (OpenMailbox mailbox : account.mailboxes()) {
            of(mailbox).compareNow();
        }
        push(true);
    }

    /** Some names lack their flags. */
    void pushSoon() {
        if (planned.compareAndSet(false, true)) {
            account.parts().time().schedule(PUSH, () -> Thread.ofVirtual().name("flags").start(this::pushPlanned));
        }
    }

    /**
     * Messages of ours came into folders, whose times are others now: folders that somebody looks at now and then are compared before he
     * does, once in {@link #PUSH} at most, so that he does not wait for it.
     */
    void compareSoon() {
        if (byMailbox.values().stream().anyMatch(MailboxFiles::worthComparing) && comparisonPlanned.compareAndSet(false, true)) {
            account.parts().time().schedule(PUSH, () -> Thread.ofVirtual().name("maildir-look").start(this::comparePlanned));
        }
    }

    private void comparePlanned() {
        comparisonPlanned.set(false);
        try {
            for (MailboxFiles files : byMailbox.values()) {
                if (!account.isClosed() && files.worthComparing()) {
                    files.noteForNextTime();
                }
            }
        } catch (StoreException e) {
            if (!account.isClosed()) {
                account.parts().log().error("store.compare-failed", e, "account", account.key());
            }
        }
    }

    /** The subscriptions are others than the file says. */
    void pushSubscriptionsSoon() {
        subscriptionsChanged.set(true);
        pushSoon();
    }

    private void pushPlanned() {
        planned.set(false);
        try {
            if (!account.isClosed()) {
                push(false);
            }
        } catch (StoreException e) {
            if (!account.isClosed()) {
                account.parts().log().error("store.push-failed", e, "account", account.key());
                pushSoon();
            }
        }
    }

    /**
     * Has flags and subscriptions reach the files now. Not under the account's lock.
     *
     * @param all or so much as is done quickly; the rest soon after
     */
    void push(boolean all) throws StoreException {
        boolean more = false;
        for (OpenMailbox mailbox : account.mailboxes()) {
            if (!mailbox.renamesDue().isEmpty() || mailbox.namesDoubtful()) {
                of(mailbox).pushFlags(all);
                more |= !mailbox.renamesDue().isEmpty();
            }
        }
        if (subscriptionsChanged.getAndSet(false)) {
            pushSubscriptions();
        }
        if (more) {
            pushSoon();
        }
    }

    private void pushSubscriptions() throws StoreException {
        Set<FolderName> names = new LinkedHashSet<>();
        for (MailboxName name : new MailboxTree(account).subscriptions()) {
            names.add(Adoption.folderName(name));
        }
        Path maildir = others.maildir(account.key());
        try {
            others.files().call(() -> {
                if (Files.isDirectory(maildir)) {
                    SubscriptionsFile.write(maildir, names);
                }
                return names;
            });
        } catch (IOException e) {
            throw Troubles.of(e);
        }
    }

    /** Has everything reach the files, and ends all watching. The account is still open. */
    void close() throws StoreException {
        try {
            for (OpenMailbox mailbox : account.mailboxes()) {
                if (mailbox.arrivals().any()) {
                    of(mailbox).bringInStep();
                }
            }
            push(true);
            for (MailboxFiles files : byMailbox.values()) {
                files.noteForNextTime();
            }
        } finally {
            byMailbox.values().forEach(MailboxFiles::close);
        }
    }
}
