package io.mailserver.store;

import io.mailserver.maildir.DovecotKeywords;
import io.mailserver.maildir.DovecotUidlist;
import io.mailserver.maildir.FileFacts;
import io.mailserver.maildir.FolderStamp;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing;
import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.maildir.MaildirName;
import io.mailserver.store.AccountDatabase.Origin;
import io.mailserver.store.Arrivals.Arrival;
import io.mailserver.store.Index.Figures;
import io.mailserver.store.Index.FileRow;
import io.mailserver.store.Index.FolderMark;
import io.mailserver.store.Index.Write;
import io.mailserver.store.OpenMailbox.Prepared;
import io.mailserver.store.Reconciliation.KnownFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One comparison of a mailbox's files with its index, and what follows from it: other programs' messages get UIDs, their flags are
 * flags, messages whose files are gone are expunged. Also how an index that was deleted, or lost its last commits with the power, comes
 * back: our names tell the UIDs.
 *
 * <p>The first look is at leisure; what it finds is done after a second look under the account's lock, when no change of ours is half
 * done. A message is only gone if both miss it.
 */
final class FolderComparison {
    /** Rounds until files that keep coming while we look are left to the next comparison. */
    private static final int MAX_ROUNDS = 3;

    /** Messages that one transaction adds. */
    private static final int BATCH = 1_000;

    /** Files that are looked at in one piece of work for the pool. */
    private static final int FACTS_AT_ONCE = 200;

    private final OpenAccount account;
    private final OpenMailbox mailbox;
    private final MailboxFiles files;
    private final MaildirFolder folder;
    private final Map<Entry, Optional<FileFacts>> facts = new HashMap<>();
    private DovecotKeywords letters = DovecotKeywords.NONE;
    private Optional<DovecotUidlist> adopted = Optional.empty();
    /** Whether UIDs were given that stand in no file name yet: they are on the disk before this ends. */
    private boolean numbered;
    /** UIDs from here on were added by this comparison. */
    private int firstShown = -1;

    FolderComparison(OpenAccount account, OpenMailbox mailbox, MailboxFiles files) {
        this.account = account;
        this.mailbox = mailbox;
        this.files = files;
        this.folder = files.folder();
    }

    /** @return the times of the folder that the index now stands for */
    FolderStamp run() throws StoreException {
        adopted = files.onPool(() -> DovecotUidlist.readAdopted(folder));
        for (int round = 1; ; round++) {
            MaildirListing listing = list();
            // After the names: who gives a letter a meaning writes that down before a name carries it.
            letters = files.readLetters();
            Reconciliation found = account.exclusively(() -> compare(listing));
            if (!account.exclusively(this::isStill)) {
                return FolderStamp.UNKNOWN;
            }
            if (!found.gone().isEmpty() && !files.onPool(() -> Files.isDirectory(folder.cur()))) {
                // Moved away, or not mounted: nobody deletes mail like this, and it may come back.
                account.parts().log().warn("store.folder-missing", "account", account.key(), "path", folder.path());
                return FolderStamp.UNKNOWN;
            }
            if (found.isEmpty()) {
                completeFolder();
                if (files.doubtful()) {
                    account.exclusively(() -> {
                        forgetHistory();
                        return null;
                    });
                }
                return note(listing.stamp());
            }
            if (round > MAX_ROUNDS) {
                return note(FolderStamp.UNKNOWN);
            }
            learn(found);
            Optional<FolderStamp> settled = account.exclusively(() -> isStill() ? settle(found) : Optional.empty());
            if (settled.isPresent()) {
                return note(settled.get());
            }
        }
    }

    /**
     * Looks again and does what both looks say. Under the account's lock.
     *
     * @return the times of the folder if nothing is left to do
     */
    private Optional<FolderStamp> settle(Reconciliation first) throws StoreException {
        MaildirListing listing = list();
        Reconciliation second = compare(listing);
        Reconciliation sure = second.confirming(first);
        apply(sure);
        boolean all = sure.gone().size() == second.gone().size()
                && second.doubled().isEmpty()
                && second.arrived().stream().allMatch(arrival -> facts.containsKey(arrival.file()));
        return all ? Optional.of(listing.stamp()) : Optional.empty();
    }

    /** A crash may have left a folder half made. */
    private void completeFolder() throws StoreException {
        boolean half = files.onPool(() -> Files.isDirectory(folder.path()) && !Files.isDirectory(folder.cur()));
        if (half) {
            files.makeFolder();
        }
    }

    /** Whether the mailbox is still there, and in this folder. Under the account's lock. */
    private boolean isStill() {
        return !mailbox.deleted() && files.folder().equals(folder);
    }

    private MaildirListing list() throws StoreException {
        return files.onPool(() -> MaildirListing.of(folder, account.parts().time().now()));
    }

    /** Under the account's lock. */
    private Reconciliation compare(MaildirListing listing) throws StoreException {
        List<FileRow> rows = account.index().files(mailbox.id().number(), UidSet.ALL);
        NameDifference names = NameDifference.of(rows, listing.files());
        if (names.isEmpty()) {
            return Reconciliation.NONE;
        }
        UidSet.Builder expunged = new UidSet.Builder();
        account.index().gone(mailbox.id().number(), 0).forEach(gone -> expunged.addAll(gone.uids()));
        Reconciliation.Numbers numbers = new Reconciliation.Numbers(
                mailbox.uidValidity(),
                rows.isEmpty() ? 0 : rows.getLast().uid(),
                mailbox.arrivals().reserved(),
                expunged.build(),
                adopted);
        Reconciliation found = Reconciliation.of(names.known(), names.listed(), numbers);
        return new Reconciliation(
                found.renamed(),
                found.arrived().stream().filter(arrival -> !isOnItsWay(arrival.file())).toList(),
                found.gone(),
                found.doubled());
    }

    private boolean isOnItsWay(Entry file) {
        Optional<MaildirName.ImapNumber> number = file.name().imapNumber();
        return number.isPresent()
                && number.get().uidValidity() == Integer.toUnsignedLong(mailbox.uidValidity())
                && mailbox.arrivals().knows((int) number.get().uid());
    }

    /** Looks at the files that came. */
    private void learn(Reconciliation found) throws StoreException {
        List<Entry> unknown = found.arrived().stream()
                .map(Reconciliation.Arrival::file)
                .filter(file -> !facts.containsKey(file))
                .toList();
        for (int from = 0; from < unknown.size(); from += FACTS_AT_ONCE) {
            List<Entry> some = unknown.subList(from, Math.min(unknown.size(), from + FACTS_AT_ONCE));
            files.onPool(() -> {
                for (Entry file : some) {
                    facts.put(file, FileFacts.of(folder, file));
                }
                return some;
            });
        }
        long foreign = found.arrived().stream().filter(Reconciliation.Arrival::foreign).count();
        if (foreign > 0) {
            account.promise(mailbox, (int) foreign);
            mailbox.arrivals().forgo((int) foreign);
        }
    }

    /** Under the account's lock. */
    private void apply(Reconciliation found) throws StoreException {
        MessageList before = mailbox.load(account.index());
        firstShown = before.size() == 0 ? 1 : before.uid(before.size() - 1) + 1;
        boolean rebuilt = mailbox.figures().messages() == 0 && found.arrived().stream().anyMatch(arrival -> !arrival.foreign());
        applyGone(found.gone());
        applyRenamed(found.renamed());
        showKnown(found.arrived().stream().filter(arrival -> !arrival.foreign()).toList());
        if (rebuilt) {
            forgetHistory();
        }
        // What was on its way meanwhile has higher UIDs, and may be shown from here on.
        files.inStep(true);
        showForeign(found.arrived().stream().filter(Reconciliation.Arrival::foreign).toList());
        new DoubledFiles(account, mailbox, files, folder).settle(found.doubled());
        planRenames(found);
    }

    private void applyGone(List<KnownFile> gone) throws StoreException {
        UidSet.Builder uids = new UidSet.Builder();
        gone.forEach(file -> uids.add(file.uid()));
        UidSet expunged = new StoredMailbox(account, mailbox).forget(uids.build());
        if (!expunged.isEmpty()) {
            account.parts().log().info(
                    "store.foreign-expunge", "account", account.key(), "mailbox", mailbox.id(), "messages", expunged.size());
        }
    }

    private void applyRenamed(List<Reconciliation.Renamed> renamed) throws StoreException {
        if (renamed.isEmpty()) {
            return;
        }
        Set<Flag> used = new HashSet<>();
        renamed.forEach(file -> used.addAll(FileFlags.flags(file.added(), letters)));
        addKeywords(used);
        MessageList list = mailbox.load(account.index());
        Map<Integer, Long> flags = new HashMap<>();
        List<Write> names = new ArrayList<>(renamed.size());
        for (Reconciliation.Renamed file : renamed) {
            int index = list.indexOf(file.uid());
            if (index < 0) {
                continue;
            }
            long before = list.flags(index);
            long after = (before | bits(FileFlags.flags(file.added(), letters))) & ~bits(FileFlags.flags(file.removed(), letters));
            if (after != before) {
                flags.put(file.uid(), after);
            }
            names.add(new Write.PutFile(
                    mailbox.id().number(), new FileRow(file.uid(), list.emailId(index).number(), MaildirBlobs.text(file.to()))));
        }
        if (flags.isEmpty()) {
            account.index().commit(names, false);
            return;
        }
        long modSeq = account.nextModSeq();
        Prepared prepared = mailbox.change(list, withFlags(list, flags, modSeq), modSeq, mailbox.figures().dirty());
        prepared.writes().addAll(names);
        account.commit(prepared, true);
    }

    private static MessageChunk[] withFlags(MessageList list, Map<Integer, Long> changed, long modSeq) {
        MessageChunk[] chunks = OpenMailbox.chunksOf(list).toArray(MessageChunk[]::new);
        for (int number = 0; number < chunks.length; number++) {
            MessageChunk chunk = chunks[number];
            long[] flags = chunk.flags.clone();
            long[] modSeqs = chunk.modSeqs.clone();
            boolean some = false;
            for (int i = 0; i < chunk.count(); i++) {
                Long now = changed.get(chunk.uids[i]);
                if (now != null) {
                    flags[i] = now;
                    modSeqs[i] = modSeq;
                    some = true;
                }
            }
            chunks[number] = some ? chunk.with(flags, modSeqs) : chunk;
        }
        return chunks;
    }

    /** Messages of ours that the index does not know (any more), in the order of their UIDs. */
    private void showKnown(List<Reconciliation.Arrival> known) throws StoreException {
        if (known.isEmpty()) {
            return;
        }
        Map<Integer, Long> highFlags = account.database().highFlags(mailbox.id().number());
        NavigableMap<Long, Origin> origins = new TreeMap<>();
        account.database().origins(mailbox.id().number())
                .forEach(origin -> origins.put(Integer.toUnsignedLong(origin.uid()), origin));
        List<Arrival> arrivals = new ArrayList<>(known.size());
        for (Reconciliation.Arrival file : known) {
            Optional<FileFacts> fact = facts.getOrDefault(file.file(), Optional.empty());
            if (fact.isPresent()) {
                long flags = flags(file.file()) | highFlags.getOrDefault(file.uid(), 0L);
                arrivals.add(arrival(file.uid(), flags, file.file(), fact.get(), email(origins, file.uid())));
            }
        }
        for (int from = 0; from < arrivals.size(); from += BATCH) {
            account.show(mailbox, arrivals.subList(from, Math.min(arrivals.size(), from + BATCH)));
        }
        account.parts().log().info(
                "store.reindexed", "account", account.key(), "mailbox", mailbox.id(), "messages", arrivals.size());
    }

    /** Which email a copy is. */
    private static Optional<Long> email(NavigableMap<Long, Origin> origins, int uid) {
        long number = Integer.toUnsignedLong(uid);
        Map.Entry<Long, Origin> origin = origins.floorEntry(number);
        if (origin == null || number - origin.getKey() >= origin.getValue().messages()) {
            return Optional.empty();
        }
        return Optional.of(origin.getValue().email() + number - origin.getKey());
    }

    /**
     * After a rebuild, or when the power went, nobody knows which messages were told of and are no more: who asks what has changed since
     * any earlier time is told of all that are not there.
     */
    private void forgetHistory() throws StoreException {
        Figures f = mailbox.figures();
        int uidNext = mailbox.arrivals().next();
        long modSeq = account.nextModSeq();
        put(new Figures(
                f.mailbox(), f.uidValidity(), f.messages(), f.unseen(), f.deleted(), f.octets(), uidNext, modSeq, uidNext, f.dirty(),
                f.stamp(), modSeq), true);
        mailbox.unload();
    }

    private void showForeign(List<Reconciliation.Arrival> foreign) throws StoreException {
        List<Reconciliation.Arrival> there =
                foreign.stream().filter(file -> facts.getOrDefault(file.file(), Optional.empty()).isPresent()).toList();
        if (there.isEmpty()) {
            return;
        }
        account.promise(mailbox, there.size());
        List<Arrival> arrivals = new ArrayList<>(there.size());
        for (Reconciliation.Arrival file : there) {
            FileFacts fact = facts.getOrDefault(file.file(), Optional.empty()).orElseThrow();
            arrivals.add(arrival(mailbox.arrivals().take(), flags(file.file()), file.file(), fact, Optional.empty()));
        }
        numbered = true;
        arrivals.forEach(mailbox.arrivals()::arrived);
        account.absorb();
        account.parts().log().info(
                "store.foreign-mail", "account", account.key(), "mailbox", mailbox.id(), "messages", arrivals.size());
    }

    private static Arrival arrival(int uid, long flags, Entry file, FileFacts fact, Optional<Long> email) {
        int date = (int) Math.clamp(fact.modified().getEpochSecond(), 0, 0xffff_ffffL);
        return new Arrival(uid, flags, (int) fact.servedSize(), date, MaildirBlobs.text(file), email, Optional.empty());
    }

    private long flags(Entry file) throws StoreException {
        Set<Flag> flags = FileFlags.flags(file.name().flags(), letters);
        addKeywords(flags);
        return bits(flags);
    }

    /** As many as there is room for. */
    private void addKeywords(Set<Flag> flags) throws StoreException {
        List<Flag> known = mailbox.keywords();
        Set<Flag> fitting = new HashSet<>();
        int room = Flag.MAX_KEYWORDS - known.size();
        for (Flag flag : flags) {
            if (!flag.system() && !known.contains(flag) && fitting.size() < room) {
                fitting.add(flag);
            }
        }
        new StoredMailbox(account, mailbox).addKeywords(fitting);
    }

    /** The bits of flags; keywords for which there was no room have none. */
    private long bits(Set<Flag> flags) {
        List<Flag> known = mailbox.keywords();
        long bits = 0;
        for (Flag flag : flags) {
            int number = known.indexOf(flag);
            bits |= flag.system() ? flag.systemBit() : number < 0 ? 0 : 1L << (MessageList.FIRST_KEYWORD + number);
        }
        return bits;
    }

    /** Which names of the files that came or were renamed lack flags or their number. */
    private void planRenames(Reconciliation found) throws StoreException {
        MessageList list = mailbox.load(account.index());
        UidSet.Builder due = new UidSet.Builder();
        for (FileRow row : account.index().files(mailbox.id().number(), touched(found, list))) {
            int index = list.indexOf(row.uid());
            if (index >= 0 && !FlagPush.isUpToDate(mailbox, row, list.flagsOf(list.flags(index)), letters)) {
                due.add(row.uid());
            }
        }
        UidSet names = due.build();
        if (!names.isEmpty()) {
            mailbox.renamesDue(mailbox.renamesDue().union(names));
            account.files().pushSoon();
        }
    }

    private UidSet touched(Reconciliation found, MessageList list) {
        UidSet.Builder uids = new UidSet.Builder();
        found.renamed().forEach(file -> uids.add(file.uid()));
        if (!found.arrived().isEmpty()) {
            uids.addRange(firstShown, -1);
        }
        return uids.build().intersection(list.uids());
    }

    private FolderStamp note(FolderStamp stamp) throws StoreException {
        account.exclusively(() -> {
            Figures f = mailbox.figures();
            put(new Figures(
                    f.mailbox(), f.uidValidity(), f.messages(), f.unseen(), f.deleted(), f.octets(), f.uidNext(), f.highestModSeq(),
                    f.recentFrom(), f.dirty(), new FolderMark(stamp.freshNanos(), stamp.curNanos()), f.goneFloor()), numbered);
            return stamp;
        });
        return stamp;
    }

    private void put(Figures figures, boolean synced) throws StoreException {
        Prepared prepared = mailbox.figures(figures);
        account.index().commit(prepared.writes(), synced);
        prepared.accept();
    }
}
