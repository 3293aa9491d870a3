package io.mailserver.search;

import io.mailserver.search.RowConditions.Cost;
import io.mailserver.search.TextTerm.Place;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the messages of a mailbox that a {@link Query} describes: first by what is in memory, then by rows of the store's index, then by
 * texts, each time among those that are still in question. Texts come from the {@link SearchIndex}; what it lacks is read from the
 * messages, so that the result is right before the index caught up, and without any. For one search, by one thread; blocks.
 */
public final class MailboxSearch {
    private final Mailbox mailbox;
    private final MessageList list;
    private final SearchIndex index;
    private final Progress progress;
    private final RowConditions rows;
    private final Relevancy relevancy;

    /** Told how far reading messages has come, which can take long. */
    @FunctionalInterface
    public interface Progress {
        /** Tells nobody, never ends. */
        Progress NONE = (done, total) -> true;

        /** @return whether to go on: false ends the search with an {@link InterruptedIOException} */
        boolean at(int done, int total);
    }

    /** @param list the messages to search: those that the asking session knows */
    public MailboxSearch(Mailbox mailbox, MessageList list, SearchIndex index, Progress progress) {
        this.mailbox = mailbox;
        this.list = list;
        this.index = index;
        this.progress = progress;
        this.rows = new RowConditions(list);
        this.relevancy = new Relevancy(list.size());
    }

    /**
     * The messages that fit.
     *
     * @throws IOException messages could not be read, or {@link Progress} ended it
     */
    public UidSet find(Query query) throws StoreException, IOException {
        BitSet all = new BitSet(list.size());
        all.set(0, list.size());
        return uids(matches(query, all));
    }

    /** How well a message fits that was found, from 1 to 100 (RFC 6203 §4). */
    public int relevancy(int uid) {
        return relevancy.of(list.indexOf(uid));
    }

    private UidSet uids(BitSet indexes) {
        UidSet.Builder uids = new UidSet.Builder();
        indexes.stream().forEach(i -> uids.add(list.uid(i)));
        return uids.build();
    }

    /** Those of {@code among} that fit. */
    private BitSet matches(Query query, BitSet among) throws StoreException, IOException {
        if (among.isEmpty()) {
            return among;
        }
        return switch (RowConditions.cost(query)) {
            case LIST -> byList(query, among);
            case ROW -> byRows(query, among);
            case TEXT -> byText(query, among);
        };
    }

    /** One condition after the other over all messages: loops that are short are fast before they are compiled. */
    private BitSet byList(Query query, BitSet among) {
        return switch (query) {
            case Query.All _ -> among;
            case Query.Not not -> without(among, byList(not.part(), among));
            case Query.And and -> {
                BitSet left = among;
                for (Query part : and.parts()) {
                    left = byList(part, left);
                }
                yield left;
            }
            case Query.Or or -> {
                BitSet found = new BitSet(list.size());
                for (Query part : or.parts()) {
                    found.or(byList(part, without(among, found)));
                }
                yield found;
            }
            case Query.HasFlag flag -> byFlag(list.bitOf(flag.flag()), among);
            default -> byTest(query, among);
        };
    }

    private BitSet byFlag(long bit, BitSet among) {
        BitSet found = new BitSet(list.size());
        for (int i = among.nextSetBit(0); i >= 0; i = among.nextSetBit(i + 1)) {
            if ((list.flags(i) & bit) != 0) {
                found.set(i);
            }
        }
        return found;
    }

    private BitSet byTest(Query query, BitSet among) {
        BitSet found = new BitSet(list.size());
        for (int i = among.nextSetBit(0); i >= 0; i = among.nextSetBit(i + 1)) {
            if (rows.test(query, i)) {
                found.set(i);
            }
        }
        return found;
    }

    /**
     * Fields that the index has are looked for there; rows are passed once, whatever the number of conditions. What the list can decide
     * before narrows it.
     */
    private BitSet byRows(Query query, BitSet among) throws StoreException, IOException {
        BitSet candidates = query instanceof Query.And and ? byList(new Query.And(ofCost(and.parts(), Cost.LIST)), among) : among;
        BitSet found = new BitSet(list.size());
        BitSet left = candidates;
        if (RowConditions.byFields(query)) {
            TermHits hits = new TermHits(mailbox, list, terms(query, Cost.ROW), relevancy);
            left = hits.ask(candidates, index);
            found.or(resolve(query, without(candidates, left), hits));
        }
        if (!left.isEmpty()) {
            mailbox.read(list, uids(left), RowConditions.fields(query), row -> {
                if (rows.test(query, row)) {
                    found.set(list.indexOf(row.uid()));
                }
            });
        }
        return found;
    }

    /** What is cheap decides first; what is left of the texts is looked for in one pass. */
    private BitSet byText(Query query, BitSet among) throws StoreException, IOException {
        return switch (query) {
            case Query.And and -> allByText(and.parts(), among);
            case Query.Or or -> anyByText(or.parts(), among);
            case Query.Not not -> without(among, matches(not.part(), among));
            default -> byTerms(query, among);
        };
    }

    private BitSet allByText(List<Query> parts, BitSet among) throws StoreException, IOException {
        BitSet left = among;
        for (Cost cost : List.of(Cost.LIST, Cost.ROW)) {
            left = matches(new Query.And(ofCost(parts, cost)), left);
        }
        List<Query> texts = ofCost(parts, Cost.TEXT);
        return texts.size() == 1 ? matches(texts.getFirst(), left) : byTerms(new Query.And(texts), left);
    }

    private BitSet anyByText(List<Query> parts, BitSet among) throws StoreException, IOException {
        BitSet found = new BitSet(list.size());
        BitSet left = among;
        for (Cost cost : List.of(Cost.LIST, Cost.ROW)) {
            found.or(matches(new Query.Or(ofCost(parts, cost)), left));
            left = without(among, found);
        }
        found.or(byTerms(new Query.Or(ofCost(parts, Cost.TEXT)), left));
        return found;
    }

    private static BitSet without(BitSet all, BitSet some) {
        BitSet left = (BitSet) all.clone();
        left.andNot(some);
        return left;
    }

    private BitSet byTerms(Query query, BitSet among) throws StoreException, IOException {
        if (among.isEmpty()) {
            return among;
        }
        TermHits hits = new TermHits(mailbox, list, terms(query, Cost.TEXT), relevancy);
        hits.look(among, index, progress);
        return resolve(query, among, hits);
    }

    private BitSet resolve(Query query, BitSet among, TermHits hits) throws StoreException, IOException {
        if (terms(query, Cost.LIST).stream().noneMatch(hits::knows)) {
            return matches(query, among);
        }
        return switch (query) {
            case Query.And and -> {
                BitSet left = among;
                for (Query part : and.parts()) {
                    left = resolve(part, left, hits);
                }
                yield left;
            }
            case Query.Or or -> {
                BitSet found = new BitSet(list.size());
                for (Query part : or.parts()) {
                    found.or(resolve(part, without(among, found), hits));
                }
                yield found;
            }
            case Query.Not not -> without(among, resolve(not.part(), among, hits));
            default -> {
                BitSet found = (BitSet) among.clone();
                found.and(hits.of(term(query)));
                yield found;
            }
        };
    }

    /** The terms in a query that cost so much or more. */
    private static List<TextTerm> terms(Query query, Cost atLeast) {
        Set<TextTerm> terms = new LinkedHashSet<>();
        addTerms(query, atLeast, terms);
        return List.copyOf(terms);
    }

    private static void addTerms(Query query, Cost atLeast, Set<TextTerm> terms) {
        switch (query) {
            case Query.And and -> and.parts().forEach(part -> addTerms(part, atLeast, terms));
            case Query.Or or -> or.parts().forEach(part -> addTerms(part, atLeast, terms));
            case Query.Not not -> addTerms(not.part(), atLeast, terms);
            case Query.Header _, Query.Body _, Query.Text _, Query.Fuzzy _ -> {
                if (RowConditions.cost(query).compareTo(atLeast) >= 0) {
                    terms.add(term(query));
                }
            }
            default -> { }
        }
    }

    private static TextTerm term(Query query) {
        return switch (query) {
            case Query.Fuzzy fuzzy -> {
                TextTerm exact = term(fuzzy.part());
                yield new TextTerm(exact.place(), exact.field(), exact.text(), true);
            }
            case Query.Header header -> new TextTerm(Place.HEADER, header.name(), header.text(), false);
            case Query.Body body -> new TextTerm(Place.BODY, "", body.text(), false);
            case Query.Text text -> new TextTerm(Place.ANYWHERE, "", text.text(), false);
            default -> throw new IllegalArgumentException("no text: " + query.getClass().getSimpleName());
        };
    }

    private static List<Query> ofCost(List<Query> parts, Cost cost) {
        return parts.stream().filter(part -> RowConditions.cost(part) == cost).toList();
    }
}
