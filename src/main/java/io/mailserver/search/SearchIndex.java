package io.mailserver.search;

import java.io.IOException;

/**
 * The texts of an account's emails, ready to be searched. It may lack emails that came just now: who searches looks into those itself. Safe
 * for use by any thread.
 */
public interface SearchIndex {
    /** Knows no email. */
    SearchIndex NONE = (wanted, terms, found) -> { };

    /** Takes what was found; by one thread at a time. */
    @FunctionalInterface
    interface Found {
        /**
         * @param email its number
         * @param terms says which of them are in it
         */
        void found(long email, TextTerms terms);
    }

    /**
     * Looks for terms in the texts of those emails that it has.
     *
     * @param wanted numbers of emails, ascending
     * @param found told of every email of {@code wanted} that was looked at, whether terms are in it or not
     * @throws IOException what is on disk could not be read; searching without the index still works
     */
    void scan(long[] wanted, TextTerms terms, Found found) throws IOException;
}
