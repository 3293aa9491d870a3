package io.mailserver.store;

import io.mailserver.maildir.DovecotKeywords;
import io.mailserver.maildir.FileFacts;
import io.mailserver.maildir.MaildirFlags;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.maildir.MaildirName;
import io.mailserver.maildir.MessageFiles;
import io.mailserver.store.Index.FileRow;
import io.mailserver.store.Index.Write;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the file names of a mailbox the flags and UIDs that the index has, so that other programs see them and a rebuild finds them. The
 * index is the truth meanwhile: what is not pushed when the power goes is pushed later, and a renamed file that the index still knows by
 * its old name is recognised by its unique part (docs/decisions/0206-lazy-renames.md). Keywords without a letter go to {@code account.db}.
 *
 * <p>Under the lock of {@link MailboxFiles}.
 */
final class FlagPush {
    private static final int BATCH = 250;

    private final OpenAccount account;
    private final OpenMailbox mailbox;
    private final MailboxFiles files;
    private final MaildirFolder folder;

    FlagPush(OpenAccount account, OpenMailbox mailbox, MailboxFiles files) {
        this.account = account;
        this.mailbox = mailbox;
        this.files = files;
        this.folder = files.folder();
    }

    /** A rename to do. */
    private record Job(FileRow row, Entry from, Entry to) {}

    /** A rename that was done; {@code to} is empty for a file that is gone or must wait. */
    private record Done(Job job, Optional<Entry> to, boolean later) {}

    /** Renames what is due, so many files at most. */
    void run(int max) throws StoreException {
        UidSet due = account.exclusively(mailbox::renamesDue);
        List<Integer> batch = new ArrayList<>(BATCH);
        List<UidSet> batches = new ArrayList<>();
        due.forEach(uid -> {
            if ((long) batches.size() * BATCH < max) {
                batch.add(uid);
                if (batch.size() == BATCH) {
                    batches.add(setOf(batch));
                    batch.clear();
                }
            }
        });
        if (!batch.isEmpty()) {
            batches.add(setOf(batch));
        }
        for (UidSet some : batches) {
            push(some);
        }
    }

    private static UidSet setOf(List<Integer> uids) {
        UidSet.Builder set = new UidSet.Builder();
        uids.forEach(set::add);
        return set.build();
    }

    /** Whether the name of a file says what the index says. */
    static boolean isUpToDate(OpenMailbox mailbox, FileRow row, Set<Flag> flags, DovecotKeywords letters) {
        MaildirName name = MaildirBlobs.entry(row.file()).name();
        MaildirFlags wanted = FileFlags.letters(flags, letters);
        boolean flagged = name.flags().without(wanted).letters() == 0 && wanted.without(name.flags()).letters() == 0;
        return flagged && name.imapNumber().equals(Optional.of(number(mailbox, row.uid())));
    }

    /** Finds all names that lack what the index says: after a process that did not come to its end. */
    static void findDue(OpenAccount account, OpenMailbox mailbox, DovecotKeywords letters) throws StoreException {
        account.exclusively(() -> {
            MessageList list = mailbox.load(account.index());
            UidSet.Builder due = new UidSet.Builder();
            for (FileRow row : account.index().files(mailbox.id().number(), UidSet.ALL)) {
                int index = list.indexOf(row.uid());
                if (index >= 0 && !isUpToDate(mailbox, row, list.flagsOf(list.flags(index)), letters)) {
                    due.add(row.uid());
                }
            }
            mailbox.renamesDue(mailbox.renamesDue().union(due.build()));
            mailbox.namesCompared();
            return null;
        });
    }

    private static MaildirName.ImapNumber number(OpenMailbox mailbox, int uid) {
        return new MaildirName.ImapNumber(Integer.toUnsignedLong(mailbox.uidValidity()), Integer.toUnsignedLong(uid));
    }

    private void push(UidSet uids) throws StoreException {
        Map<Integer, Set<Flag>> flags = new HashMap<>();
        List<FileRow> rows = account.exclusively(() -> {
            // From here on a change of flags makes a message due again.
            mailbox.renamesDue(mailbox.renamesDue().minus(uids));
            MessageList list = mailbox.load(account.index());
            uids.forEach(uid -> {
                int index = list.indexOf(uid);
                if (index >= 0) {
                    flags.put(uid, list.flagsOf(list.flags(index)));
                }
            });
            return account.index().files(mailbox.id().number(), uids);
        });
        Set<Flag> used = new HashSet<>();
        flags.values().forEach(used::addAll);
        DovecotKeywords letters = files.letters(used);
        List<Job> jobs = new ArrayList<>(rows.size());
        for (FileRow row : rows) {
            Set<Flag> now = flags.get(row.uid());
            if (now != null) {
                jobs.add(job(row, now, letters));
            }
        }
        keepWithoutLetters(flags, letters);
        finish(files.onPool(() -> rename(jobs, account.parts().time().now())));
    }

    private Job job(FileRow row, Set<Flag> flags, DovecotKeywords letters) {
        Entry from = MaildirBlobs.entry(row.file());
        MaildirFlags wanted = FileFlags.letters(flags, letters);
        MaildirName numbered = from.name().withImapNumber(number(mailbox, row.uid()));
        MaildirName name = (numbered.fits() ? numbered : from.name()).withFlags(wanted);
        if (from.fresh() && name.flags().equals(MaildirFlags.NONE)) {
            // It stays in new: other programs shall see that nobody has read it.
            return new Job(row, from, new Entry(new MaildirName(name.base(), from.name().info()), true));
        }
        return new Job(row, from, name.fits() ? new Entry(name, false) : from);
    }

    /** Keywords for which file names have no letter. */
    private void keepWithoutLetters(Map<Integer, Set<Flag>> flags, DovecotKeywords letters) throws StoreException {
        Map<Integer, Long> known = account.database().highFlags(mailbox.id().number());
        Map<Integer, Long> changed = new HashMap<>();
        List<Flag> keywords = mailbox.keywords();
        flags.forEach((uid, each) -> {
            long bits = 0;
            for (Flag flag : each) {
                if (!flag.system() && letters.letter(flag.name()).isEmpty()) {
                    bits |= 1L << (MessageList.FIRST_KEYWORD + keywords.indexOf(flag));
                }
            }
            if (known.getOrDefault(uid, 0L) != bits) {
                changed.put(uid, bits);
            }
        });
        if (!changed.isEmpty()) {
            account.database().setHighFlags(mailbox.id().number(), changed);
        }
    }

    private List<Done> rename(List<Job> jobs, Instant now) throws IOException {
        List<Done> done = new ArrayList<>(jobs.size());
        for (Job job : jobs) {
            done.add(rename(job, now));
        }
        return done;
    }

    private Done rename(Job job, Instant now) throws IOException {
        Entry from = job.from();
        if (job.to().equals(from)) {
            return new Done(job, Optional.empty(), false);
        }
        boolean ours = from.name().imapNumber().equals(Optional.of(number(mailbox, job.row().uid())));
        if (!ours) {
            Optional<FileFacts> facts = FileFacts.of(folder, from);
            if (facts.isPresent() && facts.get().changed().plus(DoubledFiles.FIRST_MINUTE).isAfter(now)) {
                return new Done(job, Optional.empty(), true);
            }
        }
        try {
            return new Done(job, MessageFiles.rename(folder, from, job.to()), false);
        } catch (FileAlreadyExistsException e) {
            // A second file of that name: the next comparison settles it.
            return new Done(job, Optional.empty(), false);
        }
    }

    private void finish(List<Done> done) throws StoreException {
        account.exclusively(() -> {
            List<Write> writes = new ArrayList<>(done.size());
            UidSet.Builder later = new UidSet.Builder();
            MessageList list = mailbox.load(account.index());
            for (Done each : done) {
                FileRow row = each.job().row();
                if (each.later()) {
                    later.add(row.uid());
                } else if (each.to().isPresent() && list.indexOf(row.uid()) >= 0) {
                    writes.add(new Write.PutFile(
                            mailbox.id().number(), new FileRow(row.uid(), row.email(), MaildirBlobs.text(each.to().get()))));
                }
            }
            if (!writes.isEmpty()) {
                account.index().commit(writes, false);
            }
            mailbox.renamesDue(mailbox.renamesDue().union(later.build()));
            return null;
        });
    }
}
