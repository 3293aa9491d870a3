package io.mailserver.imap;

import java.util.Optional;
import java.util.Set;

/**
 * What a search shall return (RFC 4731 §3.1).
 *
 * @param options none of them, and no range: only ALL (RFC 9051 §6.4.4), which the parser has put in
 * @param partial the results wanted, counted from 1, or from the end where negative (RFC 9394 §3.1)
 */
public record SearchReturn(Set<Option> options, Optional<Partial> partial) {
    /** Words of RETURN. */
    public enum Option {
        MIN,
        MAX,
        ALL,
        COUNT,
        /** To be kept as {@code $} (RFC 5182 §2). */
        SAVE,
        /** Hints that the search will be repeated (RFC 5267 §4.2). */
        CONTEXT,
        /** Tell changes of the result (RFC 5267 §4.3). */
        UPDATE,
        /** RFC 6203 §4. */
        RELEVANCY
    }

    /** Both ends inclusive, never 0, of one sign; the first is the smaller one in absolute value. */
    public record Partial(long first, long last) {}

    public SearchReturn {
        options = Set.copyOf(options);
    }

    public boolean has(Option option) {
        return options.contains(option);
    }
}
