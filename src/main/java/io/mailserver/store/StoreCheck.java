package io.mailserver.store;

import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing;
import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.maildir.MaildirName;
import io.mailserver.maildir.MaildirTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares everything that an account's Maildir, {@code account.db} and {@code index.db} say with each other, and says in plain words
 * what does not agree. Changes nothing.
 *
 * <p>Sizes are compared with those of files without reading them; what is inside a message is not looked at.
 */
final class StoreCheck {
    /** So many examples are named of what many messages have in common. */
    private static final int EXAMPLES = 3;

    private static final int EMAILS_AT_ONCE = 500;

    private final AccountDatabase.State state;
    private final Index index;
    private final OtherPrograms others;
    private final Path maildir;
    private final Instant now;
    private final OnItsWay onItsWay;
    private final List<String> findings = new ArrayList<>();

    private StoreCheck(OpenAccount account, AccountDatabase.State state) throws StoreException {
        this.state = state;
        this.index = account.index();
        this.others = account.parts().others();
        this.maildir = others.maildir(account.key());
        this.now = account.parts().time().now();
        this.onItsWay = (mailbox, uid) -> account.mailbox(mailbox).arrivals().knows(uid);
    }

    /** Whether a message is being stored now, and nobody has been told of it. */
    @FunctionalInterface
    private interface OnItsWay {
        boolean knows(int mailbox, int uid) throws StoreException;
    }

    /**
     * Checks an account. Under its lock.
     *
     * @return what does not agree, a line each; none if all is well
     * @throws StoreException the index cannot be read: CORRUPT says so itself
     */
    static List<String> of(OpenAccount account) throws StoreException {
        AccountDatabase.State state = account.database().load().orElseThrow();
        StoreCheck check = new StoreCheck(account, state);
        try {
            check.run();
        } catch (IOException e) {
            throw Troubles.of(e);
        }
        return check.findings;
    }

    private void run() throws StoreException, IOException {
        folders();
        numbers();
        Map<Integer, Index.Figures> figures = index.mailboxes().stream()
                .collect(Collectors.toMap(Index.Figures::mailbox, Function.identity()));
        for (AccountDatabase.Entry mailbox : state.mailboxes()) {
            Index.Figures known = figures.remove(mailbox.id());
            mailbox(mailbox, Optional.ofNullable(known));
        }
        figures.keySet().forEach(id -> found("the index has messages of mailbox " + id + ", which does not exist"));
    }

    private void found(String text) {
        findings.add(text);
    }

    private void folders() throws IOException {
        MaildirTree.Folders folders = others.files().call(() -> MaildirTree.list(maildir));
        Set<FolderName> mailboxes = new HashSet<>();
        for (AccountDatabase.Entry mailbox : state.mailboxes()) {
            folder(mailbox).ifPresent(mailboxes::add);
            if (mailbox.renamedTo().isPresent()) {
                found(mailbox.name() + ": its renaming to " + mailbox.renamedTo().get() + " is not finished");
            }
        }
        for (FolderName mailbox : mailboxes) {
            // A mailbox that never had a message may have no folder yet; what it should have is named by mailbox().
            if (!folders.names().contains(mailbox) && Files.exists(MaildirFolder.of(maildir, mailbox).path())) {
                found(mailbox + ": its folder " + mailbox.directory() + " is incomplete");
            }
        }
        for (FolderName folder : folders.names()) {
            if (!mailboxes.contains(folder) && (!folder.isInbox() || Files.isDirectory(MaildirFolder.inbox(maildir).cur()))) {
                found("the folder " + folder.directory() + " belongs to no mailbox");
            }
        }
        for (String directory : folders.unreadable()) {
            found("the folder " + directory + " has a name that no mailbox can have; its messages cannot be seen");
        }
        state.removals().forEach(removal -> found("the removal of " + removal.name() + " is not finished"));
    }

    private void numbers() {
        Set<Integer> validities = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (AccountDatabase.Entry mailbox : state.mailboxes()) {
            if (!validities.add(mailbox.uidValidity())) {
                found(mailbox.name() + ": another mailbox has the same UIDVALIDITY");
            }
            if (!names.add(mailbox.name())) {
                found(mailbox.name() + ": another mailbox has the same name");
            }
            if (mailbox.id() > state.marks().lastMailbox()) {
                found(mailbox.name() + ": its number " + mailbox.id() + " was never given");
            }
        }
    }

    private static Optional<FolderName> folder(AccountDatabase.Entry mailbox) {
        try {
            return Optional.of(Adoption.folderName(MailboxName.of(mailbox.name())));
        } catch (StoreException e) {
            // Named by mailbox(), which sees all entries.
            return Optional.empty();
        }
    }

    private void mailbox(AccountDatabase.Entry mailbox, Optional<Index.Figures> known) throws StoreException, IOException {
        Optional<FolderName> folder = folder(mailbox);
        if (folder.isEmpty()) {
            found("account.db has a mailbox with an impossible name: " + mailbox.name());
            return;
        }
        MaildirFolder place = MaildirFolder.of(maildir, folder.get());
        boolean ours = known.isPresent() && known.get().uidValidity() == mailbox.uidValidity();
        if (known.isPresent() && !ours) {
            found(mailbox.name() + ": the index is of another UIDVALIDITY");
        }
        if (ours) {
            List<MessageChunk> chunks = index.chunks(mailbox.id(), mailbox.uidValidity());
            List<Index.FileRow> rows = index.files(mailbox.id(), UidSet.ALL);
            figures(mailbox, known.get(), chunks);
            rows(mailbox, chunks, rows);
            emails(mailbox, chunks);
            files(mailbox, place, known.get(), chunks, rows);
        } else {
            int files = list(mailbox, place).size();
            if (files > 0) {
                found(mailbox.name() + ": " + messages(files) + " not in the index");
            }
        }
    }

    /** The files of a mailbox, but those that are being stored now. */
    private List<Entry> list(AccountDatabase.Entry mailbox, MaildirFolder place) throws StoreException, IOException {
        List<Entry> settled = new ArrayList<>();
        for (Entry file : others.files().call(() -> MaildirListing.of(place, now)).files()) {
            Optional<MaildirName.ImapNumber> number = file.name().imapNumber();
            boolean ours = number.isPresent() && number.get().uidValidity() == Integer.toUnsignedLong(mailbox.uidValidity());
            if (!ours || !onItsWay.knows(mailbox.id(), (int) number.get().uid())) {
                settled.add(file);
            }
        }
        return settled;
    }

    private void figures(AccountDatabase.Entry mailbox, Index.Figures figures, List<MessageChunk> chunks) {
        int messages = 0;
        int unseen = 0;
        int deleted = 0;
        long octets = 0;
        long modSeq = 0;
        int last = 0;
        boolean ascending = true;
        for (MessageChunk chunk : chunks) {
            messages += chunk.count();
            unseen += chunk.unseen;
            deleted += chunk.deleted;
            octets += chunk.octets;
            modSeq = Math.max(modSeq, chunk.maxModSeq);
            for (int uid : chunk.uids) {
                ascending &= Integer.compareUnsigned(uid, last) > 0;
                last = uid;
            }
        }
        String name = mailbox.name();
        if (!ascending) {
            found(name + ": messages in the index are not in the order of their UIDs");
        }
        compare(name, "messages", figures.messages(), messages);
        compare(name, "unseen messages", figures.unseen(), unseen);
        compare(name, "messages marked \\Deleted", figures.deleted(), deleted);
        compare(name, "octets", figures.octets(), octets);
        if (modSeq > figures.highestModSeq()) {
            found(name + ": a message has a higher MODSEQ than the mailbox");
        }
        if (figures.highestModSeq() > state.marks().modSeqReserved()) {
            found(name + ": its MODSEQ was never reserved");
        }
        if (last != 0 && Integer.compareUnsigned(last, figures.uidNext()) >= 0) {
            found(name + ": a message has a UID that is still to be given");
        }
        if (last != 0 && Integer.compareUnsigned(last, mailbox.uidReserved()) > 0) {
            found(name + ": a message has a UID that was never reserved");
        }
    }

    private void compare(String mailbox, String what, long said, long counted) {
        if (said != counted) {
            found(mailbox + ": the index says " + said + " " + what + ", and has " + counted);
        }
    }

    private void rows(AccountDatabase.Entry mailbox, List<MessageChunk> chunks, List<Index.FileRow> rows) {
        Map<Integer, Long> emails = new HashMap<>();
        for (MessageChunk chunk : chunks) {
            for (int i = 0; i < chunk.count(); i++) {
                emails.put(chunk.uids[i], chunk.emails[i]);
            }
        }
        List<String> strange = new ArrayList<>();
        Set<String> uniques = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (Index.FileRow row : rows) {
            Long email = emails.remove(row.uid());
            if (email == null || email != row.email()) {
                strange.add("UID " + Integer.toUnsignedString(row.uid()));
            }
            if (!uniques.add(entry(row).name().unique())) {
                twice.add(row.file());
            }
        }
        some(mailbox, strange, "in one table of the index and not in the other");
        some(mailbox, twice, "named by two messages of the index");
        List<String> nameless = emails.keySet().stream().map(uid -> "UID " + Integer.toUnsignedString(uid)).toList();
        some(mailbox, nameless, "without a file name in the index");
    }

    private void emails(AccountDatabase.Entry mailbox, List<MessageChunk> chunks) throws StoreException {
        Set<Long> missing = new HashSet<>();
        for (MessageChunk chunk : chunks) {
            for (int from = 0; from < chunk.count(); from += EMAILS_AT_ONCE) {
                long[] asked = Arrays.copyOfRange(chunk.emails, from, Math.min(chunk.count(), from + EMAILS_AT_ONCE));
                boolean[] there = new boolean[asked.length];
                index.emails(asked, false, (place, email) -> there[place] = true);
                for (int i = 0; i < asked.length; i++) {
                    if (!there[i]) {
                        missing.add(asked[i]);
                    }
                }
            }
        }
        List<String> ids = missing.stream().map(email -> new EmailId(email).toString()).toList();
        some(mailbox, ids, "shown by messages but not in the index of emails");
    }

    private void files(
            AccountDatabase.Entry mailbox,
            MaildirFolder place,
            Index.Figures figures,
            List<MessageChunk> chunks,
            List<Index.FileRow> rows)
            throws IOException, StoreException {
        List<Reconciliation.KnownFile> known = rows.stream()
                .map(row -> new Reconciliation.KnownFile(row.uid(), entry(row)))
                .toList();
        Reconciliation.Numbers numbers = new Reconciliation.Numbers(
                figures.uidValidity(), 0, mailbox.uidReserved(), UidSet.EMPTY, Optional.empty());
        Reconciliation compared = Reconciliation.of(known, list(mailbox, place), numbers);
        some(mailbox, compared.arrived().stream().map(arrival -> text(arrival.file())).toList(), "not in the index");
        some(mailbox, compared.gone().stream().map(file -> "UID " + Integer.toUnsignedString(file.uid())).toList(), "without a file");
        some(mailbox, compared.renamed().stream().map(file -> text(file.to())).toList(), "under another name than the index says");
        some(mailbox, compared.doubled().stream().map(file -> text(file.other())).toList(), "there under two names");
        others.files().call(() -> {
            sizes(mailbox, place, chunks, rows);
            return place;
        });
    }

    /** Readers such as Dovecot refuse a message whose name says a wrong size. */
    private void sizes(AccountDatabase.Entry mailbox, MaildirFolder place, List<MessageChunk> chunks, List<Index.FileRow> rows)
            throws IOException {
        Map<Integer, Long> served = new HashMap<>();
        for (MessageChunk chunk : chunks) {
            for (int i = 0; i < chunk.count(); i++) {
                served.put(chunk.uids[i], Integer.toUnsignedLong(chunk.sizes[i]));
            }
        }
        List<String> wrong = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (Index.FileRow row : rows) {
            Entry file = entry(row);
            long size = size(file.path(place));
            if (size < 0) {
                continue;
            }
            MaildirName name = file.name();
            if (name.size().orElse(size) != size) {
                wrong.add(text(file));
            }
            // With CRLF a file is at most twice as long.
            long asServed = served.getOrDefault(row.uid(), size);
            if (asServed < size || asServed > 2 * size) {
                changed.add(text(file));
            }
        }
        some(mailbox, wrong, "of another size than the name says");
        some(mailbox, changed, "of another size than the index says");
    }

    /** The size of a file; negative if it is not there. */
    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    private void some(AccountDatabase.Entry mailbox, Collection<String> which, String what) {
        if (!which.isEmpty()) {
            String examples = which.stream().sorted().limit(EXAMPLES).collect(Collectors.joining(", "));
            found(mailbox.name() + ": " + messages(which.size()) + " " + what + " (" + examples
                    + (which.size() > EXAMPLES ? ", ..." : "") + ")");
        }
    }

    private static String messages(int count) {
        return count == 1 ? "1 message is" : count + " messages are";
    }

    private static Entry entry(Index.FileRow row) {
        return MaildirBlobs.entry(row.file());
    }

    private static String text(Entry entry) {
        return MaildirBlobs.text(entry);
    }
}
