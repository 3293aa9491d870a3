package io.mailserver.imapserver;

import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.NumberText;
import io.mailserver.search.Query;
import io.mailserver.search.SortOrder;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/**
 * A search whose client is told what comes into its result and what leaves it (RFC 5267 §4.3). Only messages that are new or changed are
 * looked at again; what the search said of time, numbers and {@code $} stays what it was when it was asked.
 *
 * <p>Belongs to the session's thread.
 */
final class SearchContext {
    private final Asked asked;
    /** What the client knows to be in it: of SEARCH in the order of the mailbox, of SORT in the order asked for. */
    private int[] result;

    private UidSet found;
    /** UIDs below were looked at. */
    private int seenUpTo;

    /**
     * The command.
     *
     * @param uid whether the client wants UIDs
     * @param order of SORT; empty for SEARCH
     */
    record Asked(String tag, boolean uid, Query query, Optional<SortOrder> order) {}

    /** @param result what the command answered */
    SearchContext(Asked asked, int[] result, MessageList list) {
        this.asked = asked;
        this.result = result;
        this.found = set(result);
        this.seenUpTo = list.uidNext();
    }

    String tag() {
        return asked.tag();
    }

    boolean isSorted() {
        return asked.order().isPresent();
    }

    /** How many messages are in the result. */
    int size() {
        return result.length;
    }

    private static UidSet set(int[] uids) {
        int[] ascending = uids.clone();
        UidSet.Builder set = new UidSet.Builder();
        Arrays.stream(ascending).mapToLong(Integer::toUnsignedLong).sorted().forEach(uid -> set.add((int) uid));
        return set.build();
    }

    /** Messages are gone; to be told before the client hears of that, while their numbers hold (RFC 5267 §4.3.4). */
    void expunged(MailboxView.Update update, ImapWriter out) throws IOException {
        UidSet gone = found.intersection(update.expunged());
        if (gone.isEmpty()) {
            return;
        }
        Map<Integer, Integer> numbers = new HashMap<>();
        int[] next = {0};
        update.expunged().forEach(uid -> numbers.put(uid, update.expungedNumbers()[next[0]++]));
        remove(gone, asked.uid() ? Integer::toUnsignedLong : numbers::get, out);
    }

    /**
     * Looks at what is new and what changed, and tells what that does to the result; to be called when the client knows the numbers of
     * new messages.
     *
     * @throws ImapSyntaxException messages cannot be read
     */
    void look(SessionContext context, UidSet changed) throws StoreException, IOException, ImapSyntaxException {
        SelectedMailbox selected = context.selected();
        MessageList list = selected.view().list();
        UidSet again = changed;
        if (Integer.compareUnsigned(seenUpTo, list.uidNext()) < 0) {
            again = again.union(list.select(UidSet.range(seenUpTo, list.uidNext() - 1)));
            seenUpTo = list.uidNext();
        }
        if (again.isEmpty()) {
            return;
        }
        Query query = new Query.And(List.of(new Query.Uids(again), asked.query()));
        UidSet now = SearchCommand.find(context, asked.tag(), selected.mailbox(), list, query).uids();
        IntToLongFunction number = asked.uid() ? Integer::toUnsignedLong : selected.view()::numberOf;
        remove(found.intersection(again).minus(now), number, context.out());
        add(now.minus(found), number, selected, context.out());
    }

    private void remove(UidSet uids, IntToLongFunction number, ImapWriter out) throws IOException {
        if (uids.isEmpty()) {
            return;
        }
        BitSet places = places(uids);
        List<Piece> pieces = pieces(places, number);
        begin(out).ascii(" REMOVEFROM ");
        write(pieces.reversed(), out); // From the end, so that no place moves before it is told.
        int[] left = new int[result.length - places.cardinality()];
        int count = 0;
        for (int i = 0; i < result.length; i++) {
            if (!places.get(i)) {
                left[count++] = result[i];
            }
        }
        result = left;
        found = found.minus(uids);
    }

    private void add(UidSet uids, IntToLongFunction number, SelectedMailbox selected, ImapWriter out) throws StoreException, IOException {
        if (uids.isEmpty()) {
            return;
        }
        UidSet all = found.union(uids);
        if (asked.order().isPresent()) {
            result = ordered(asked.order().get(), all, selected);
        } else {
            result = SearchCommand.uids(all);
        }
        found = all;
        begin(out).ascii(" ADDTO ");
        write(pieces(places(uids), number), out);
    }

    /** Messages that are gone, which the client may not be told of yet, keep their places. */
    private int[] ordered(SortOrder order, UidSet all, SelectedMailbox selected) throws StoreException {
        int[] sorted = order.sort(selected.mailbox(), selected.view().list(), all, uid -> 0);
        if (sorted.length == all.size()) {
            return sorted;
        }
        UidSet there = set(sorted);
        List<Integer> merged = new ArrayList<>(Arrays.stream(sorted).boxed().toList());
        for (int i = 0; i < result.length; i++) {
            if (!there.contains(result[i])) {
                int before = i == 0 ? -1 : merged.indexOf(result[i - 1]);
                merged.add(before + 1, result[i]);
            }
        }
        return merged.stream().mapToInt(Integer::intValue).toArray();
    }

    private BitSet places(UidSet uids) {
        BitSet places = new BitSet(result.length);
        for (int i = 0; i < result.length; i++) {
            if (uids.contains(result[i])) {
                places.set(i);
            }
        }
        return places;
    }

    /** Neighbours in the result. */
    private record Piece(int place, String numbers) {}

    private List<Piece> pieces(BitSet places, IntToLongFunction number) {
        if (!isSorted()) { // RFC 5267 §4.3.3: place 0 where the order is the mailbox's, and the shortest text.
            return List.of(new Piece(0, numbers(places.stream().toArray(), number)));
        }
        List<Piece> pieces = new ArrayList<>();
        for (int from = places.nextSetBit(0); from >= 0;) {
            int to = places.nextClearBit(from);
            int first = from;
            int[] run = new int[to - from];
            Arrays.setAll(run, i -> first + i);
            pieces.add(new Piece(from + 1, numbers(run, number)));
            from = places.nextSetBit(to);
        }
        return pieces;
    }

    private String numbers(int[] places, IntToLongFunction number) {
        NumberText text = new NumberText();
        for (int place : places) {
            text.add(number.applyAsLong(result[place]));
        }
        return text.toString();
    }

    private ImapWriter begin(ImapWriter out) throws IOException {
        out.begin("ESEARCH (TAG ").string(asked.tag()).close();
        return asked.uid() ? out.ascii(" UID") : out;
    }

    private static void write(List<Piece> pieces, ImapWriter out) throws IOException {
        out.open();
        for (int i = 0; i < pieces.size(); i++) {
            if (i > 0) {
                out.space();
            }
            out.number(pieces.get(i).place).space().ascii(pieces.get(i).numbers);
        }
        out.close().crlf();
    }
}
