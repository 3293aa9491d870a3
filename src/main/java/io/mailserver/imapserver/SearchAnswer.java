package io.mailserver.imapserver;

import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.NumberText;
import io.mailserver.imap.SearchReturn;
import io.mailserver.imap.SearchReturn.Option;
import io.mailserver.store.MessageList;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/**
 * What a search found, as it is told: SEARCH, SORT or ESEARCH (RFC 9051 §7.3.3, RFC 4731 §3, RFC 5267 §3, RFC 9394 §3).
 *
 * @param uids in the order of the answer
 * @param number what is told of each
 * @param relevancy how well each fits, from 1 to 100
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SearchAnswer(int[] uids, MessageList list, IntToLongFunction number, IntUnaryOperator relevancy) {
    /** {@code * SEARCH 2 5} or {@code * SORT 5 2}. */
    void writePlain(String name, boolean modSeq, ImapWriter out) throws IOException {
        out.begin(name);
        for (int uid : uids) {
            out.space().number(number.applyAsLong(uid));
        }
        if (modSeq && uids.length > 0) {
            out.space().ascii("(MODSEQ ").number(highestModSeq(uids)).close(); // RFC 7162 §3.1.5
        }
        out.crlf();
    }

    /** What follows the correlator of an ESEARCH response. */
    void writeReturns(SearchReturn returns, boolean modSeq, ImapWriter out) throws IOException {
        if (uids.length > 0) {
            if (returns.has(Option.MIN)) {
                out.ascii(" MIN ").number(number.applyAsLong(first()));
            }
            if (returns.has(Option.MAX)) {
                out.ascii(" MAX ").number(number.applyAsLong(last()));
            }
            if (returns.has(Option.ALL)) {
                out.ascii(" ALL ").ascii(set(uids));
            }
        }
        if (returns.has(Option.COUNT)) {
            out.ascii(" COUNT ").number(uids.length);
        }
        if (returns.partial().isPresent()) {
            SearchReturn.Partial partial = returns.partial().get();
            int[] part = part(partial);
            out.ascii(" PARTIAL (").ascii(partial.first() + ":" + partial.last()).space();
            out.ascii(part.length == 0 ? "NIL" : set(part)).close(); // RFC 9394 §3.1
        }
        if (modSeq && uids.length > 0) {
            out.ascii(" MODSEQ ").number(highestModSeq(told(returns)));
        }
        if (returns.has(Option.RELEVANCY)) {
            writeRelevancy(returns.partial().map(this::part).orElse(uids), out);
        }
    }

    /** RFC 6203 §4: in the order of the results. */
    private void writeRelevancy(int[] some, ImapWriter out) throws IOException {
        out.ascii(" RELEVANCY ").open();
        for (int i = 0; i < some.length; i++) {
            if (i > 0) {
                out.space();
            }
            out.number(relevancy.applyAsInt(some[i]));
        }
        out.close();
    }

    private int first() {
        return uids[0];
    }

    private int last() {
        return uids[uids.length - 1];
    }

    private String set(int[] some) {
        NumberText text = new NumberText();
        for (int uid : some) {
            text.add(number.applyAsLong(uid));
        }
        return text.toString();
    }

    private int[] part(SearchReturn.Partial partial) {
        long size = uids.length;
        long a = partial.first() > 0 ? partial.first() : size + 1 + partial.first();
        long b = partial.last() > 0 ? partial.last() : size + 1 + partial.last();
        int from = (int) Math.clamp(Math.min(a, b) - 1, 0, size);
        int to = (int) Math.clamp(Math.max(a, b), 0, size);
        return from >= to ? new int[0] : Arrays.copyOfRange(uids, from, to);
    }

    /** RFC 4731 §3.2: the MODSEQ of what is told, not of all that was found, where only ends of it are told. */
    private int[] told(SearchReturn returns) {
        boolean all = returns.has(Option.ALL) || returns.has(Option.COUNT) || returns.partial().isPresent();
        if (all || uids.length == 1) {
            return uids;
        }
        boolean min = returns.has(Option.MIN);
        boolean max = returns.has(Option.MAX);
        return min && max ? new int[] {first(), last()} : new int[] {min ? first() : last()};
    }

    private long highestModSeq(int[] some) {
        long highest = 0;
        for (int uid : some) {
            int index = list.indexOf(uid);
            highest = index < 0 ? highest : Math.max(highest, list.modSeq(index));
        }
        return highest;
    }

    /** Whether nothing is to be told. */
    static boolean isOnlySaved(SearchReturn returns) {
        return returns.options().equals(Set.of(Option.SAVE)) && returns.partial().isEmpty();
    }

    /** What {@code $} becomes by SAVE (RFC 5182 §2.1, RFC 9394 §3.2). */
    UidSet saved(SearchReturn returns) {
        boolean all = returns.has(Option.ALL) || returns.has(Option.COUNT);
        boolean some = returns.has(Option.MIN) || returns.has(Option.MAX) || returns.partial().isPresent();
        UidSet.Builder saved = new UidSet.Builder();
        if (all || !some) {
            add(uids, saved);
        } else if (uids.length > 0) {
            if (returns.has(Option.MIN)) {
                saved.add(first());
            }
            if (returns.has(Option.MAX)) {
                saved.add(last());
            }
            returns.partial().ifPresent(partial -> add(part(partial), saved));
        }
        return saved.build();
    }

    private static void add(int[] some, UidSet.Builder to) {
        for (int uid : some) {
            to.add(uid);
        }
    }
}
