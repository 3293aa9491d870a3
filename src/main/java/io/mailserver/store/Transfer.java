package io.mailserver.store;

import io.mailserver.store.AccountDatabase.Origin;
import io.mailserver.store.Arrivals.Arrival;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Copies or moves messages between two mailboxes of an account, some hundred at a time: links in the target, durable; which emails they
 * are, durable; for a move then the removal of the source files, durable; then the index. So a power cut leaves a message in the source,
 * in both, or in the target, and what was told is so.
 */
final class Transfer {
    /** Short enough that other messages on their way into the target do not wait long for their turn. */
    private static final int BATCH = 500;

    private final OpenAccount account;
    private final StoredMailbox source;
    private final OpenMailbox from;
    private final OpenMailbox to;
    private final StoredMailbox target;
    private final UidSet.Builder copied = new UidSet.Builder();
    private final UidSet.Builder copies = new UidSet.Builder();
    private final UidSet.Builder expunged = new UidSet.Builder();

    Transfer(OpenAccount account, StoredMailbox source, OpenMailbox from, OpenMailbox to) {
        this.account = account;
        this.source = source;
        this.from = from;
        this.to = to;
        this.target = new StoredMailbox(account, to);
    }

    CopyOutcome run(MessageList list, UidSet uids, boolean move) throws StoreException {
        UidSet there = list.select(uids);
        if (!move) {
            long[] octets = {0};
            there.forEach(uid -> octets[0] += list.size(list.indexOf(uid)));
            StoredMailbox.checkRoom(account, there.size(), octets[0]);
        }
        nameKeywords(list, there);
        boolean done = false;
        try {
            List<Integer> batch = new ArrayList<>(BATCH);
            for (int range = 0; range < there.ranges(); range++) {
                for (long uid = Integer.toUnsignedLong(there.first(range)); uid <= Integer.toUnsignedLong(there.last(range)); uid++) {
                    batch.add((int) uid);
                    if (batch.size() == BATCH) {
                        batch(list, batch, move);
                        batch.clear();
                    }
                }
            }
            batch(list, batch, move);
            done = true;
        } finally {
            // RFC 9051 §6.4.7: a COPY that fails leaves nothing behind; what was moved stays where it is.
            if (!done && !move) {
                account.showArrivals(to);
                target.removeMessages(copies.build());
            }
        }
        account.showArrivals(to);
        return new CopyOutcome(to.uidValidity(), copied.build(), copies.build(), expunged.build());
    }

    /** Has the target know all keywords that come with the messages. */
    private void nameKeywords(MessageList list, UidSet uids) throws StoreException {
        long[] union = {0};
        uids.forEach(uid -> union[0] |= list.flags(list.indexOf(uid)));
        if (union[0] >>> MessageList.FIRST_KEYWORD != 0) {
            Set<Flag> keywords = new LinkedHashSet<>(list.flagsOf(union[0]));
            account.exclusively(() -> {
                target.addKeywords(keywords);
                return null;
            });
        }
    }

    /** The flags of a message in the target's numbering of keywords. */
    private long bits(MessageList list, int index) {
        long flags = list.flags(index);
        if (flags >>> MessageList.FIRST_KEYWORD == 0) {
            return flags;
        }
        List<Flag> known = to.keywords();
        long bits = flags & (1L << MessageList.FIRST_KEYWORD) - 1;
        for (Flag flag : list.flagsOf(flags)) {
            bits |= flag.system() ? 0 : 1L << (MessageList.FIRST_KEYWORD + known.indexOf(flag));
        }
        return bits;
    }

    private void batch(MessageList list, List<Integer> uids, boolean move) throws StoreException {
        if (uids.isEmpty()) {
            return;
        }
        account.promise(to, uids.size());
        List<Ticket> tickets = new ArrayList<>(uids.size());
        uids.forEach(uid -> tickets.add(new Ticket(to)));
        account.folders().readLock().lock();
        try {
            if (to.deleted()) {
                throw new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "The mailbox was deleted");
            }
            UidSet.Builder wanted = new UidSet.Builder();
            uids.forEach(wanted::add);
            UidSet sources = account.files().of(from).still(() -> copy(list, wanted.build(), tickets));
            if (move) {
                account.showArrivals(to);
                expunged.addAll(source.removeMessages(sources));
            }
        } finally {
            account.folders().readLock().unlock();
            tickets.forEach(Ticket::close);
        }
    }

    /**
     * Copies some messages while no name in the source changes.
     *
     * @return those that were there
     */
    private UidSet copy(MessageList list, UidSet uids, List<Ticket> tickets) throws StoreException {
        List<Index.FileRow> files = account.index().files(from.id().number(), uids);
        List<Blobs.CopyOf> jobs = new ArrayList<>(files.size());
        for (int i = 0; i < files.size(); i++) {
            long bits = bits(list, list.indexOf(files.get(i).uid()));
            jobs.add(new Blobs.CopyOf(files.get(i).file(), to.letters(bits), tickets.get(i)));
        }
        List<Optional<String>> results;
        try {
            results = account.parts().blobs().copy(new Blobs.Place(account.key(), from.folder()), jobs, to.folder());
            noteOrigins(files, tickets, results);
        } catch (IOException e) {
            throw Troubles.of(e);
        }
        UidSet.Builder sources = new UidSet.Builder();
        for (int i = 0; i < files.size(); i++) {
            Optional<String> file = results.get(i);
            if (file.isPresent()) {
                Index.FileRow row = files.get(i);
                int index = list.indexOf(row.uid());
                Ticket ticket = tickets.get(i);
                ticket.arrived(new Arrival(
                        ticket.uid(), bits(list, index), (int) list.size(index), (int) list.internalDate(index).getEpochSecond(),
                        file.get(), Optional.of(row.email()), Optional.empty()));
                copied.add(row.uid());
                copies.add(ticket.uid());
                sources.add(row.uid());
            } else {
                tickets.get(i).close(); // What a move waits for next must not be under way in this very transfer.
            }
        }
        return sources.build();
    }

    /** Without knowing which emails they are, the copies must not stay. */
    private void noteOrigins(List<Index.FileRow> files, List<Ticket> tickets, List<Optional<String>> results)
            throws StoreException, IOException {
        boolean noted = false;
        try {
            account.database().addOrigins(to.id().number(), origins(files, tickets, results));
            noted = true;
        } finally {
            if (!noted) {
                account.parts().blobs().remove(
                        new Blobs.Place(account.key(), to.folder()), results.stream().flatMap(Optional::stream).toList());
            }
        }
    }

    private static List<Origin> origins(
            List<Index.FileRow> files, List<Ticket> tickets, List<Optional<String>> results) {
        List<Origin> origins = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).isEmpty()) {
                continue;
            }
            int uid = tickets.get(i).uid();
            long email = files.get(i).email();
            Origin last = origins.isEmpty() ? null : origins.getLast();
            if (last != null && last.uid() + last.messages() == uid && last.email() + last.messages() == email) {
                origins.set(origins.size() - 1, new Origin(last.uid(), last.messages() + 1, last.email()));
            } else {
                origins.add(new Origin(uid, 1, email));
            }
        }
        return origins;
    }
}
