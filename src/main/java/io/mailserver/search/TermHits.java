package io.mailserver.search;

import io.mailserver.store.Mailbox;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageContents;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** In which messages of a mailbox terms are. For one search, by one thread. */
final class TermHits {
    private static final Set<MessageField> STRUCTURE = Set.of(MessageField.PARTS);
    /** Fewer messages are read faster than the index is looked through. */
    private static final int WORTH_THE_INDEX = 16;

    private final Mailbox mailbox;
    private final MessageList list;
    private final TextTerms terms;
    private final BitSet[] hits;
    private final Relevancy relevancy;

    TermHits(Mailbox mailbox, MessageList list, List<TextTerm> terms, Relevancy relevancy) {
        this.relevancy = relevancy;
        this.mailbox = mailbox;
        this.list = list;
        this.terms = new TextTerms(terms);
        hits = new BitSet[terms.size()];
        Arrays.setAll(hits, i -> new BitSet(list.size()));
    }

    /** Where a term is, among the messages that were looked at. */
    BitSet of(TextTerm term) {
        return hits[terms.terms().indexOf(term)];
    }

    /** Looks at messages: by the index, and those that it lacks one by one. */
    void look(BitSet among, SearchIndex index, MailboxSearch.Progress progress) throws StoreException, IOException {
        BitSet left = ask(among, index);
        if (!left.isEmpty()) {
            readMessages(left, progress);
        }
    }

    /** Looks at those messages that the index has; returns the others. */
    BitSet ask(BitSet among, SearchIndex index) throws IOException {
        BitSet left = (BitSet) among.clone();
        if (among.cardinality() >= WORTH_THE_INDEX) {
            EmailPlaces places = new EmailPlaces(list, among);
            index.scan(places.emails(), terms, (email, found) -> places.forEach(email, i -> {
                left.clear(i);
                mark(i, found);
            }));
        }
        return left;
    }

    /** Whether a term is one of these. */
    boolean knows(TextTerm term) {
        return terms.terms().contains(term);
    }

    private void mark(int message, TextTerms found) {
        for (int term = 0; term < hits.length; term++) {
            if (found.found(term)) {
                hits[term].set(message);
                relevancy.add(message, found.relevancy(term));
            }
        }
    }

    private void readMessages(BitSet left, MailboxSearch.Progress progress) throws StoreException, IOException {
        int total = left.cardinality();
        int[] done = {0};
        UidSet.Builder uids = new UidSet.Builder();
        left.stream().forEach(i -> uids.add(list.uid(i)));
        UidSet wanted = uids.build();
        try (MessageContents contents = mailbox.contents(list, wanted)) {
            mailbox.<IOException>read(list, wanted, STRUCTURE, row -> {
                readMessage(contents, row.uid(), row.cached().structure());
                if (!progress.at(++done[0], total)) {
                    throw new InterruptedIOException("the search was ended");
                }
            });
        }
    }

    /** A message that is gone meanwhile is nowhere found. */
    private void readMessage(MessageContents contents, int uid, byte[] structure) throws IOException {
        try (MessageContent content = contents.of(uid)) {
            MessageReader.search(content, structure, terms);
            mark(list.indexOf(uid), terms);
        } catch (StoreException e) {
            if (e.reason() != StoreException.Cause.EXPUNGED) {
                throw new IOException("message " + Integer.toUnsignedString(uid) + " cannot be read: " + e.getMessage(), e);
            }
        }
    }
}
