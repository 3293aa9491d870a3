package io.mailserver.store;

import io.mailserver.account.Quota;
import io.mailserver.store.Index.EmailRow;
import io.mailserver.store.Index.Figures;
import io.mailserver.store.OpenMailbox.Prepared;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A mailbox of an open account, for sessions. */
final class StoredMailbox implements Mailbox {
    /** Files removed in one piece of work for the pool. */
    private static final int REMOVED_AT_ONCE = 500;

    /** Where so many messages are is read at once. */
    private static final int AHEAD = 64;

    private final OpenAccount account;
    private final OpenMailbox mailbox;
    private volatile Map<Integer, Index.FileRow> ahead = Map.of();

    StoredMailbox(OpenAccount account, OpenMailbox mailbox) {
        this.account = account;
        this.mailbox = mailbox;
    }

    @Override
    public MailboxId id() {
        return mailbox.id();
    }

    @Override
    public MessageList messages() throws StoreException {
        checkThere();
        account.files().of(mailbox).look();
        account.showArrivals(mailbox);
        MessageList list = mailbox.list();
        return list == null ? account.exclusively(this::loaded) : list;
    }

    /** The list with all that can be shown; under the account's lock. */
    private MessageList loaded() throws StoreException {
        checkThere();
        account.absorb();
        return mailbox.load(account.index());
    }

    /** Before the account's lock is taken: the index has all that the folder had before what arrives now. */
    private void bringInStep() throws StoreException {
        checkThere();
        account.index();
        account.files().of(mailbox).bringInStep();
    }

    void checkThere() throws StoreException {
        if (mailbox.deleted()) {
            throw new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "The mailbox was deleted");
        }
        account.checkOpen();
    }

    private Blobs.Place place() {
        return new Blobs.Place(account.key(), mailbox.folder());
    }

    @Override
    public <X extends Exception> void read(MessageList list, UidSet uids, Set<MessageField> fields, RowConsumer<X> consumer)
            throws StoreException, X {
        new RowReader(account, mailbox, this).read(list, uids, fields, consumer);
    }

    @Override
    public MessageList known() throws StoreException {
        MessageList list = mailbox.list();
        return list == null || mailbox.arrivals().any() ? account.exclusively(this::loaded) : list;
    }

    @Override
    public MessageContents contents(MessageList list, UidSet uids) {
        return new ContentsAhead(account, mailbox, this, list, uids);
    }

    /** Opens messages by what the index knows of them; empty where that is wrong. */
    List<Optional<MessageContent>> open(List<Blobs.Known> files) throws StoreException {
        try {
            return account.parts().blobs().open(place(), files);
        } catch (IOException e) {
            throw Troubles.of(e);
        }
    }

    @Override
    public MessageContent content(int uid) throws StoreException {
        checkThere();
        MessageList list = messages();
        int index = list.indexOf(uid);
        if (index < 0) {
            throw expunged();
        }
        Index.FileRow known = ahead.get(uid);
        if (known != null) {
            try {
                return open(known, list.size(index));
            } catch (NoSuchFileException e) {
                // Renamed since it was read; the index may know.
                ahead = Map.of();
            }
        }
        readAhead(list, index);
        Index.FileRow file = ahead.get(uid);
        if (file == null) {
            throw expunged();
        }
        try {
            return open(file, list.size(index));
        } catch (NoSuchFileException e) {
            throw expunged();
        }
    }

    private MessageContent open(Index.FileRow file, long size) throws StoreException, NoSuchFileException {
        try {
            return account.parts().blobs().open(place(), file.file(), size);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw Troubles.of(e);
        }
    }

    /** Who asks for a message often asks for the next ones. */
    private void readAhead(MessageList list, int index) throws StoreException {
        int last = Math.min(list.size() - 1, index + AHEAD - 1);
        Map<Integer, Index.FileRow> rows = new HashMap<>();
        for (Index.FileRow row : account.index().files(mailbox.id().number(), UidSet.range(list.uid(index), list.uid(last)))) {
            rows.put(row.uid(), row);
        }
        ahead = Map.copyOf(rows);
    }

    private static StoreException expunged() {
        return new StoreException(StoreException.Cause.EXPUNGED, "The message is gone");
    }

    @Override
    public StoreOutcome store(UidSet uids, FlagChange change, OptionalLong unchangedSince) throws StoreException {
        bringInStep();
        return account.exclusively(() -> {
            loaded();
            addKeywords(change);
            MessageList list = loaded();
            FlagEdit edit = FlagEdit.of(list, uids, change, unchangedSince);
            if (edit.changed().isEmpty()) {
                return new StoreOutcome(UidSet.EMPTY, edit.modified(), list.highestModSeq());
            }
            long modSeq = account.nextModSeq();
            boolean dirty = mailbox.figures().dirty();
            Prepared prepared = mailbox.change(list, edit.chunks(list, modSeq), modSeq, true);
            account.flags().commit(prepared, dirty);
            mailbox.renamesDue(mailbox.renamesDue().union(edit.changed()));
            account.files().pushSoon();
            return new StoreOutcome(edit.changed(), edit.modified(), modSeq);
        });
    }

    private void addKeywords(FlagChange change) throws StoreException {
        if (change.kind() != FlagChange.Kind.REMOVE) {
            addKeywords(change.flags());
        }
    }

    /** Under the account's lock. */
    void addKeywords(Set<Flag> flags) throws StoreException {
        if (flags.stream().allMatch(Flag::system)) {
            return;
        }
        addUnknown(flags);
        account.files().of(mailbox).letters(flags);
    }

    private void addUnknown(Set<Flag> flags) throws StoreException {
        List<Flag> known = mailbox.keywords();
        List<Flag> unknown = flags.stream().filter(flag -> !flag.system() && !known.contains(flag)).toList();
        if (unknown.isEmpty()) {
            return;
        }
        if (known.size() + unknown.size() > Flag.MAX_KEYWORDS) {
            throw new StoreException(
                    StoreException.Cause.LIMIT, "A mailbox knows at most " + Flag.MAX_KEYWORDS + " different keywords");
        }
        account.database().addKeywords(mailbox.id().number(), known.size(), unknown);
        mailbox.addKeywords(unknown);
    }

    @Override
    public UidSet expunge(Optional<UidSet> uids) throws StoreException {
        MessageList list = messages();
        UidSet marked = list.withFlags(MessageList.DELETED);
        return removeMessages(uids.isPresent() ? marked.intersection(uids.get()) : marked);
    }

    /**
     * Removes messages, whatever their flags: their files first, durably, then from the index.
     *
     * @return those that are gone by this call
     */
    UidSet removeMessages(UidSet victims) throws StoreException {
        if (victims.isEmpty()) {
            return UidSet.EMPTY;
        }
        account.exclusively(() -> {
            // Their names need no flags any more.
            mailbox.renamesDue(mailbox.renamesDue().minus(victims));
            return null;
        });
        UidSet.Builder removed = new UidSet.Builder();
        Optional<StoreException> trouble = Optional.empty();
        List<UidSet> batches = batches(victims);
        for (int i = 0; i < batches.size() && trouble.isEmpty(); i++) {
            UidSet some = batches.get(i);
            account.folders().readLock().lock();
            try {
                checkThere();
                account.files().of(mailbox).still(() -> removeFiles(some));
                removed.addAll(some);
            } catch (StoreException e) {
                trouble = Optional.of(e);
            } finally {
                account.folders().readLock().unlock();
            }
        }
        // Somebody who compares the folder may have seen them go before this.
        UidSet gone = removed.build();
        forget(gone);
        if (trouble.isPresent()) {
            throw compared(trouble.get());
        }
        return gone;
    }

    private static List<UidSet> batches(UidSet uids) {
        List<UidSet> batches = new ArrayList<>();
        UidSet.Builder[] batch = {new UidSet.Builder()};
        int[] count = {0};
        uids.forEach(uid -> {
            batch[0].add(uid);
            count[0]++;
            if (count[0] % REMOVED_AT_ONCE == 0) {
                batches.add(batch[0].build());
                batch[0] = new UidSet.Builder();
            }
        });
        batches.add(batch[0].build());
        return batches;
    }

    private UidSet removeFiles(UidSet uids) throws StoreException {
        List<String> files = account.index().files(mailbox.id().number(), uids).stream().map(Index.FileRow::file).toList();
        account.files().of(mailbox).removing(files.stream().map(file -> file.substring(file.indexOf('/') + 1)).toList());
        try {
            account.parts().blobs().remove(place(), files);
            return uids;
        } catch (IOException e) {
            throw Troubles.of(e);
        }
    }

    /** Some of the files may be gone all the same: the index shall not name them. */
    private StoreException compared(StoreException trouble) {
        try {
            account.files().of(mailbox).compareNow();
        } catch (StoreException e) {
            trouble.addSuppressed(e);
        }
        return trouble;
    }

    /** Removes messages whose files are gone from the index. */
    UidSet forget(UidSet uids) throws StoreException {
        if (uids.isEmpty()) {
            return UidSet.EMPTY;
        }
        return account.exclusively(() -> {
            MessageList list = loaded();
            UidSet gone = list.select(uids);
            if (!gone.isEmpty()) {
                account.commit(mailbox.remove(list, gone, account.nextModSeq()), false);
                mailbox.renamesDue(mailbox.renamesDue().minus(gone));
            }
            return gone;
        });
    }

    @Override
    public AppendOutcome append(List<NewMessage> messages) throws StoreException {
        checkThere();
        checkRoom(
                account, messages.size(), messages.stream().mapToLong(message -> message.content().size()).sum());
        account.exclusively(() -> {
            for (NewMessage message : messages) {
                addKeywords(message.flags());
            }
            return null;
        });
        account.promise(mailbox, messages.size());
        List<Ticket> tickets = messages.stream().map(message -> new Ticket(mailbox)).toList();
        try {
            write(messages, tickets);
        } catch (IOException e) {
            throw Troubles.of(e);
        } finally {
            tickets.forEach(Ticket::close);
        }
        if (messages.stream().allMatch(message -> message.flags().stream().allMatch(Flag::system))) {
            account.indexSoon(); // As after a delivery: whoever looks sees them, and all else the names of the files tell.
        } else {
            account.showArrivals(mailbox);
        }
        UidSet.Builder uids = new UidSet.Builder();
        tickets.forEach(ticket -> uids.add(ticket.uid()));
        return new AppendOutcome(mailbox.uidValidity(), uids.build());
    }

    /**
     * Whether the quota lets so much more in; what comes at the same time may pass it together.
     *
     * @throws StoreException OVER_QUOTA
     */
    static void checkRoom(OpenAccount account, long messages, long octets) throws StoreException {
        Quota quota = account.parts().quotas().apply(account.key());
        if (quota.equals(Quota.NONE)) {
            return;
        }
        Usage held = account.usage();
        boolean tooMany = quota.messages() > 0 && held.messages() + messages > quota.messages();
        boolean tooLarge = quota.bytes() > 0 && held.bytes() + octets > quota.bytes();
        if (tooMany || tooLarge) {
            throw new StoreException(StoreException.Cause.OVER_QUOTA, "The account is full; delete something first");
        }
    }

    private void write(List<NewMessage> messages, List<Ticket> tickets) throws IOException, StoreException {
        account.folders().readLock().lock();
        try {
            checkThere();
            writeFiles(messages, tickets);
        } finally {
            account.folders().readLock().unlock();
        }
    }

    private void writeFiles(List<NewMessage> messages, List<Ticket> tickets) throws IOException {
        List<Blobs.NewBlob> blobs = new ArrayList<>(messages.size());
        List<Long> flags = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            NewMessage message = messages.get(i);
            long bits = bits(message.flags());
            flags.add(bits);
            Blobs.NewFile file = new Blobs.NewFile(place(), "", mailbox.letters(bits), tickets.get(i));
            blobs.add(new Blobs.NewBlob(message.content(), message.date(), List.of(file)));
        }
        List<Path> files = account.parts().blobs().write(blobs);
        for (int i = 0; i < messages.size(); i++) {
            NewMessage message = messages.get(i);
            Incoming incoming = Incoming.of(account.parts(), "", message.content(), message.date());
            tickets.get(i).arrived(incoming.arrival(tickets.get(i).uid(), flags.get(i), files.get(i)));
        }
    }

    private long bits(Set<Flag> flags) {
        List<Flag> known = mailbox.keywords();
        long bits = 0;
        for (Flag flag : flags) {
            bits |= flag.system() ? flag.systemBit() : 1L << (MessageList.FIRST_KEYWORD + known.indexOf(flag));
        }
        return bits;
    }

    @Override
    public CopyOutcome copy(UidSet uids, MailboxId target) throws StoreException {
        OpenMailbox to = account.mailbox(target.number());
        return new Transfer(account, this, mailbox, to).run(messages(), uids, false);
    }

    @Override
    public CopyOutcome move(UidSet uids, MailboxId target) throws StoreException {
        OpenMailbox to = account.mailbox(target.number());
        return new Transfer(account, this, mailbox, to).run(messages(), uids, true);
    }

    @Override
    public Changes changesSince(long modSeq) throws StoreException {
        bringInStep();
        return account.exclusively(() -> {
            MessageList list = loaded();
            UidSet.Builder vanished = new UidSet.Builder();
            if (modSeq < mailbox.figures().goneFloor()) {
                UidSet given = list.uidNext() == 1 ? UidSet.EMPTY : UidSet.range(1, list.uidNext() - 1);
                vanished.addAll(given.minus(list.uids()));
            } else if (modSeq < list.highestModSeq()) {
                account.index().gone(mailbox.id().number(), modSeq).forEach(gone -> vanished.addAll(gone.uids()));
            }
            return new Changes(list.changedSince(modSeq), vanished.build(), list.highestModSeq());
        });
    }

    @Override
    public int claimRecent(boolean examine) throws StoreException {
        bringInStep();
        return account.exclusively(() -> {
            MessageList list = loaded();
            Figures f = mailbox.figures();
            int from = f.recentFrom();
            if (!examine && from != list.uidNext()) {
                Prepared claimed = mailbox.figures(new Figures(
                        f.mailbox(), f.uidValidity(), f.messages(), f.unseen(), f.deleted(), f.octets(), f.uidNext(), f.highestModSeq(),
                        list.uidNext(), f.dirty(), f.stamp(), f.goneFloor()));
                account.index().commit(claimed.writes(), false);
                claimed.accept();
            }
            return from;
        });
    }

    /** Puts parts that were rendered when they were asked for into the index. */
    List<EmailRow> keep(List<Long> emails, List<RenderedEmail> rendered) throws StoreException {
        return account.exclusively(() -> {
            checkThere();
            Threads.Batch batch = new Threads(account.database()).batch(account.index(), rendered);
            List<EmailRow> rows = new ArrayList<>();
            List<Index.Write> writes = new ArrayList<>();
            for (int i = 0; i < rendered.size(); i++) {
                EmailRow row = batch.again(emails.get(i), rendered.get(i));
                rows.add(row);
                writes.add(new Index.Write.PutEmail(row));
            }
            batch.finish(writes);
            account.index().commit(writes, false);
            return rows;
        });
    }
}
