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
        List<Index.FileRow> files = account.index().files(from.id().number(), there);
        long[] bits = bits(list, files);
        boolean done = false;
        try {
            for (int start = 0; start < files.size(); start += BATCH) {
                batch(list, files, start, Math.min(files.size(), start + BATCH), bits, move);
            }
            done = true;
        } catch (IOException e) {
            throw Troubles.of(e);
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

    /** The flags in the target's numbering of keywords. */
    private long[] bits(MessageList list, List<Index.FileRow> files) throws StoreException {
        long union = 0;
        long[] flags = new long[files.size()];
        for (int i = 0; i < flags.length; i++) {
            int index = list.indexOf(files.get(i).uid());
            flags[i] = index < 0 ? 0 : list.flags(index);
            union |= flags[i];
        }
        if (union >>> MessageList.FIRST_KEYWORD == 0) {
            return flags;
        }
        Set<Flag> keywords = new LinkedHashSet<>(list.flagsOf(union));
        account.exclusively(() -> {
            target.addKeywords(keywords);
            return null;
        });
        List<Flag> known = to.keywords();
        for (int i = 0; i < flags.length; i++) {
            long bits = flags[i] & (1L << MessageList.FIRST_KEYWORD) - 1;
            for (Flag flag : list.flagsOf(flags[i])) {
                bits |= flag.system() ? 0 : 1L << (MessageList.FIRST_KEYWORD + known.indexOf(flag));
            }
            flags[i] = bits;
        }
        return flags;
    }

    private void batch(MessageList list, List<Index.FileRow> files, int start, int end, long[] bits, boolean move)
            throws StoreException, IOException {
        account.promise(to, end - start);
        List<Ticket> tickets = new ArrayList<>(end - start);
        for (int i = start; i < end; i++) {
            tickets.add(new Ticket(to));
        }
        account.folders().readLock().lock();
        try {
            if (to.deleted()) {
                throw new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "The mailbox was deleted");
            }
            copy(list, files, start, end, bits, tickets, move);
        } finally {
            account.folders().readLock().unlock();
            tickets.forEach(Ticket::close);
        }
    }

    private void copy(
            MessageList list, List<Index.FileRow> files, int start, int end, long[] bits, List<Ticket> tickets, boolean move)
            throws StoreException, IOException {
        List<Blobs.CopyOf> jobs = new ArrayList<>(end - start);
        for (int i = start; i < end; i++) {
            jobs.add(new Blobs.CopyOf(files.get(i).file(), to.letters(bits[i]), tickets.get(i - start)));
        }
        Blobs.Place place = new Blobs.Place(account.key(), from.folder());
        List<Optional<String>> results = account.parts().blobs().copy(place, jobs, to.folder());
        noteOrigins(files, start, tickets, results);
        UidSet.Builder sources = new UidSet.Builder();
        for (int i = start; i < end; i++) {
            Optional<String> file = results.get(i - start);
            int index = list.indexOf(files.get(i).uid());
            if (file.isPresent() && index >= 0) {
                Ticket ticket = tickets.get(i - start);
                ticket.arrived(new Arrival(
                        ticket.uid(), bits[i], (int) list.size(index), (int) list.internalDate(index).getEpochSecond(), file.get(),
                        Optional.of(files.get(i).email()), Optional.empty()));
                copied.add(files.get(i).uid());
                copies.add(ticket.uid());
                sources.add(files.get(i).uid());
            }
        }
        if (move) {
            account.showArrivals(to);
            UidSet gone = sources.build();
            expunged.addAll(source.removeMessages(gone));
        }
    }

    /** Without knowing which emails they are, the copies must not stay. */
    private void noteOrigins(List<Index.FileRow> files, int start, List<Ticket> tickets, List<Optional<String>> results)
            throws StoreException, IOException {
        boolean noted = false;
        try {
            account.database().addOrigins(to.id().number(), origins(files, start, tickets, results));
            noted = true;
        } finally {
            if (!noted) {
                account.parts().blobs().remove(
                        new Blobs.Place(account.key(), to.folder()), results.stream().flatMap(Optional::stream).toList());
            }
        }
    }

    private static List<Origin> origins(
            List<Index.FileRow> files, int start, List<Ticket> tickets, List<Optional<String>> results) {
        List<Origin> origins = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).isEmpty()) {
                continue;
            }
            int uid = tickets.get(i).uid();
            long email = files.get(start + i).email();
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
