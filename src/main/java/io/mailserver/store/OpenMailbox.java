package io.mailserver.store;

import io.mailserver.maildir.DovecotKeywords;
import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.MaildirFlags;
import io.mailserver.store.Arrivals.Arrival;
import io.mailserver.store.Index.EmailRange;
import io.mailserver.store.Index.Figures;
import io.mailserver.store.Index.FolderMark;
import io.mailserver.store.Index.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One mailbox of an open account: its list of messages, or, while nobody has asked for that, the end of it, to which arriving messages
 * are added. Changes are prepared here as new values and what has to be written; {@link OpenAccount} writes, and then has them accepted.
 *
 * <p>What is volatile is read by any thread; everything else is guarded by the account's lock.
 */
final class OpenMailbox {
    /** Fewer hashes of Message-IDs beyond what the emails can have are left where they are: some 20 octets each. */
    private static final int WORTH_TRIMMING = 1_000;

    /** At the end of an account, which nobody waits for, but which others may wait for to begin again. */
    private static final int TRIMMED_AT_ONCE = 50_000;

    /** Expunges that are remembered one by one: years of a person's. */
    static final int MAX_GONE = 4_000;

    private static final int KEPT_GONE = 2_000;

    private final MailboxId id;
    private final Arrivals arrivals;
    private volatile Optional<SpecialUse> use;
    private volatile MailboxName name;
    private volatile int uidValidity;
    private volatile boolean deleted;
    private volatile List<Flag> keywords;
    private volatile @Nullable MessageList list;

    /** The last chunk while there is no {@link #list}; null: not read yet, or none. */
    private @Nullable MessageChunk tail;

    private Figures figures;
    /** What letters stand for in file names; as last read or written. */
    private volatile DovecotKeywords letters = DovecotKeywords.NONE;

    /** Messages whose file names do not carry the flags they have. */
    private UidSet renamesDue = UidSet.EMPTY;

    private volatile boolean namesDoubtful;

    /** Who has which rights, once that has been read: asked at every call of others on this mailbox. */
    private volatile @Nullable Map<String, String> acl;

    /** @param modSeq at least all that were told of this mailbox; counts if the index does not know it */
    OpenMailbox(AccountDatabase.Entry entry, MailboxName name, List<Flag> keywords, Arrivals arrivals, long modSeq) {
        this.id = new MailboxId(entry.id());
        this.name = name;
        this.uidValidity = entry.uidValidity();
        this.use = entry.use();
        this.keywords = List.copyOf(keywords);
        this.arrivals = arrivals;
        // What the index does not know is empty, and will be compared with its folder.
        this.figures = new Figures(
                id.number(), uidValidity, 0, 0, 0, 0, arrivals.next(), modSeq, 1, false, FolderMark.UNKNOWN, modSeq);
    }

    @Nullable Map<String, String> acl() {
        return acl;
    }

    /** Null where it is to be read anew. Under the account's lock. */
    void acl(@Nullable Map<String, String> stored) {
        acl = stored;
    }

    MailboxId id() {
        return id;
    }

    MailboxName name() {
        return name;
    }

    FolderName folder() {
        return new FolderName(name.levels());
    }

    int uidValidity() {
        return uidValidity;
    }

    Optional<SpecialUse> use() {
        return use;
    }

    void use(Optional<SpecialUse> other) {
        use = other;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    List<Flag> keywords() {
        return keywords;
    }

    boolean deleted() {
        return deleted;
    }

    /** The list if it is in memory; does not show what waits in {@link #arrivals}. */
    @Nullable MessageList list() {
        return list;
    }

    Figures figures() {
        return figures;
    }

    /** Whether the names of files may lack flags without being due: the last process did not come to its end. */
    boolean namesDoubtful() {
        return namesDoubtful;
    }

    void doubtNames() {
        namesDoubtful = true;
    }

    void namesCompared() {
        namesDoubtful = false;
    }

    UidSet renamesDue() {
        return renamesDue;
    }

    void renamesDue(UidSet due) {
        renamesDue = due;
    }

    DovecotKeywords letters() {
        return letters;
    }

    void letters(DovecotKeywords known) {
        letters = known;
    }

    void renamed(MailboxName newName) {
        name = newName;
    }

    void markDeleted() {
        deleted = true;
        list = null;
        tail = null;
    }

    void addKeywords(List<Flag> more) {
        List<Flag> all = new ArrayList<>(keywords);
        all.addAll(more);
        keywords = List.copyOf(all);
        MessageList current = list;
        if (current != null) {
            list = current.withKeywords(keywords);
        }
    }

    /** What the index knows. */
    void found(Figures known) {
        if (known.uidValidity() == uidValidity) {
            figures = known;
        }
    }

    /** Puts the list into memory. */
    MessageList load(Index index) throws StoreException {
        MessageList current = list;
        if (current != null) {
            return current;
        }
        MessageChunk[] chunks = index.chunks(id.number(), uidValidity).toArray(MessageChunk[]::new);
        MessageList loaded = new MessageList(chunks, uidValidity, figures.uidNext(), figures.highestModSeq(), keywords);
        list = loaded;
        tail = null;
        return loaded;
    }

    /** A change that is worked out and not yet written. */
    record Prepared(OpenMailbox mailbox, List<Write> writes, Figures figures, @Nullable MessageList list, @Nullable MessageChunk tail) {
        /** The index has it. */
        void accept() {
            mailbox.figures = figures;
            mailbox.list = list;
            mailbox.tail = tail;
        }
    }

    /** Adds messages; {@code emails} tell what the index shall keep of each. */
    Prepared arrive(Index index, List<Arrival> arriving, List<Index.EmailRow> emails, long modSeq) throws StoreException {
        List<MessageChunk.Entry> entries = new ArrayList<>(arriving.size());
        List<Write> writes = new ArrayList<>(2 * arriving.size() + 2);
        List<EmailRange> again = new ArrayList<>();
        int unseen = 0;
        int marked = 0;
        long octets = 0;
        for (int i = 0; i < arriving.size(); i++) {
            Arrival arrival = arriving.get(i);
            long email = arrival.email(uidValidity);
            entries.add(new MessageChunk.Entry(arrival.uid(), arrival.flags(), modSeq, email, arrival.size(), arrival.date()));
            if (arrival.email().isPresent() && arrival.rendered().isEmpty()) {
                addEmail(again, email);
            } else {
                writes.add(new Write.ShowEmail(emails.get(i)));
            }
            writes.add(new Write.PutFile(id.number(), new Index.FileRow(arrival.uid(), email, arrival.file())));
            unseen += (arrival.flags() & MessageList.SEEN) == 0 ? 1 : 0;
            marked += (arrival.flags() & MessageList.DELETED) == 0 ? 0 : 1;
            octets += Integer.toUnsignedLong(arrival.size());
        }
        if (!again.isEmpty()) {
            writes.add(new Write.ShowAgain(again));
        }
        List<MessageChunk> before = last(index);
        List<MessageChunk> after = ChunkList.append(before, entries);
        writes.addAll(ChunkList.writes(id.number(), uidValidity, before, after));
        Figures old = figures;
        int uidNext = arriving.getLast().uid() + 1;
        Figures changed = new Figures(
                old.mailbox(), uidValidity, old.messages() + arriving.size(), old.unseen() + unseen, old.deleted() + marked,
                old.octets() + octets, uidNext, modSeq, old.recentFrom(), old.dirty(), old.stamp(), old.goneFloor());
        writes.add(new Write.PutFigures(changed));
        MessageList current = list;
        if (current == null) {
            return new Prepared(this, writes, changed, null, after.getLast());
        }
        int kept = current.chunkCount() - before.size();
        MessageChunk[] chunks = new MessageChunk[kept + after.size()];
        for (int i = 0; i < kept; i++) {
            chunks[i] = current.chunk(i);
        }
        for (int i = 0; i < after.size(); i++) {
            chunks[kept + i] = after.get(i);
        }
        return new Prepared(this, writes, changed, current.withChunks(chunks, uidNext, modSeq), null);
    }

    private List<MessageChunk> last(Index index) throws StoreException {
        MessageList current = list;
        if (current != null) {
            return current.chunkCount() == 0 ? List.of() : List.of(current.chunk(current.chunkCount() - 1));
        }
        if (tail == null && figures.messages() > 0) {
            tail = index.lastChunk(id.number(), uidValidity).orElse(null);
        }
        return tail == null ? List.of() : List.of(tail);
    }

    /** Replaces chunks: other flags, or fewer messages; the list is loaded. */
    Prepared change(MessageList current, MessageChunk[] chunks, long modSeq, boolean dirty) {
        MessageList changed = current.withChunks(chunks, current.uidNext(), modSeq);
        List<Write> writes = new ArrayList<>(
                ChunkList.writes(id.number(), uidValidity, chunksOf(current), Arrays.asList(chunks)));
        Figures now = figuresOf(changed, dirty);
        writes.add(new Write.PutFigures(now));
        long[] undeleted = undeleted(current, chunks);
        if (undeleted.length > 0) {
            writes.add(new Write.Log(modSeq, Index.Event.SHOWN, undeleted));
        }
        return new Prepared(this, writes, now, changed, null);
    }

    /** The emails of messages that lose \\Deleted: for who does not see those with it, they come back. */
    private static long[] undeleted(MessageList before, MessageChunk[] after) {
        LongStream.Builder emails = LongStream.builder();
        int same = after.length == before.chunkCount() ? after.length : 0;
        for (int number = 0; number < same; number++) {
            MessageChunk old = before.chunk(number);
            MessageChunk chunk = after[number];
            if (old.deleted > 0 && Arrays.equals(old.uids, chunk.uids)) {
                for (int i = 0; i < chunk.count(); i++) {
                    if ((old.flags[i] & ~chunk.flags[i] & MessageList.DELETED) != 0) {
                        emails.add(chunk.emails[i]);
                    }
                }
            }
        }
        return emails.build().toArray();
    }

    /** Removes messages that are in the list. */
    Prepared remove(MessageList current, UidSet gone, long modSeq) {
        List<MessageChunk> chunks = ChunkList.without(current, gone);
        Prepared prepared = change(current, chunks.toArray(MessageChunk[]::new), modSeq, figures.dirty());
        prepared.writes().add(new Write.RemoveFiles(id.number(), gone));
        prepared.writes().add(new Write.HideEmails(emails(current, gone)));
        prepared.writes().add(new Write.Gone(id.number(), modSeq, gone));
        return prepared;
    }

    /** The emails of messages, as ranges. */
    static List<EmailRange> emails(MessageList list, UidSet uids) {
        List<EmailRange> ranges = new ArrayList<>();
        uids.forEach(uid -> {
            int index = list.indexOf(uid);
            if (index >= 0) {
                addEmail(ranges, list.emailId(index).number());
            }
        });
        return ranges;
    }

    private static void addEmail(List<EmailRange> ranges, long email) {
        EmailRange last = ranges.isEmpty() ? null : ranges.getLast();
        if (last != null && last.last() + 1 == email) {
            ranges.set(ranges.size() - 1, new EmailRange(last.first(), email));
        } else {
            ranges.add(new EmailRange(email, email));
        }
    }

    /** What nobody asks for any more. RFC 7162 §3.2.5.2: a server need not remember each expunge for ever. */
    static void forgetGone(Map<Integer, OpenMailbox> mailboxes, Index index) throws StoreException {
        for (Map.Entry<Integer, Long> surplus : index.surplusGone(MAX_GONE, KEPT_GONE).entrySet()) {
            OpenMailbox mailbox = mailboxes.get(surplus.getKey());
            if (mailbox != null) {
                Prepared forgotten = mailbox.forgetGone(surplus.getValue());
                index.commit(forgotten.writes(), false);
                forgotten.accept();
            }
        }
        // Each email has two at most, its own and that of the message it answers: what is far above is of emails that are gone.
        long messages = mailboxes.values().stream().mapToLong(mailbox -> mailbox.figures.messages()).sum();
        index.trimMessageIds(2 * messages + messages / 4 + WORTH_TRIMMING, TRIMMED_AT_ONCE);
    }

    /** Forgets expunges up to {@code modSeq}: who asks for what is older hears of all UIDs that are not there. */
    private Prepared forgetGone(long modSeq) {
        Figures f = figures;
        Prepared prepared = figures(new Figures(
                f.mailbox(), f.uidValidity(), f.messages(), f.unseen(), f.deleted(), f.octets(), f.uidNext(), f.highestModSeq(),
                f.recentFrom(), f.dirty(), f.stamp(), Math.max(f.goneFloor(), modSeq)));
        prepared.writes().add(new Write.ForgetGone(id.number(), modSeq));
        return prepared;
    }

    /** Other figures that no message depends on. */
    Prepared figures(Figures changed) {
        List<Write> writes = new ArrayList<>(List.of(new Write.PutFigures(changed)));
        return new Prepared(this, writes, changed, list, tail);
    }

    private Figures figuresOf(MessageList now, boolean dirty) {
        return new Figures(
                id.number(), uidValidity, now.size(), now.unseen(), now.deleted(), now.octets(), now.uidNext(), now.highestModSeq(),
                figures.recentFrom(), dirty, figures.stamp(), figures.goneFloor());
    }

    static List<MessageChunk> chunksOf(MessageList list) {
        List<MessageChunk> chunks = new ArrayList<>(list.chunkCount());
        for (int i = 0; i < list.chunkCount(); i++) {
            chunks.add(list.chunk(i));
        }
        return chunks;
    }

    /** The letters of flags in file names; keywords without one are left out. */
    MaildirFlags letters(long bits) {
        return FileFlags.letters(flagsOf(bits), letters);
    }

    private Set<Flag> flagsOf(long bits) {
        Set<Flag> flags = new HashSet<>();
        for (Flag flag : Flag.SYSTEM) {
            if ((bits & flag.systemBit()) != 0) {
                flags.add(flag);
            }
        }
        List<Flag> known = keywords;
        for (int i = 0; i < known.size(); i++) {
            if ((bits & 1L << (MessageList.FIRST_KEYWORD + i)) != 0) {
                flags.add(known.get(i));
            }
        }
        return flags;
    }

    /** Forgets what is in memory of the messages; the next use reads the index again. */
    void unload() {
        list = null;
        tail = null;
    }
}
