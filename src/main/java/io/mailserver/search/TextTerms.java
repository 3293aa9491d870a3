package io.mailserver.search;

import io.mailserver.search.TextTerm.Place;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Looks for several terms in the texts of one message after the other: for each {@link #begin}, then {@link #head} and {@link #body} with
 * texts of {@link UnicodeCasemap} form, then {@link #found}. For one thread.
 */
final class TextTerms {
    /** The fields that are asked for most; in lower case. */
    static final Set<String> FIELDS = Set.of("from", "to", "cc", "bcc", "subject");

    private final List<TextTerm> terms;
    private final Needle[] needles;
    private final Needle[] fields;
    private final boolean[] found;
    private final int longest;
    private final boolean wantsBody;
    private int missing;

    TextTerms(List<TextTerm> terms) {
        this.terms = List.copyOf(terms);
        needles = terms.stream().map(term -> new Needle(term.text())).toArray(Needle[]::new);
        fields = terms.stream().map(term -> new Needle(term.field() + ':')).toArray(Needle[]::new);
        found = new boolean[terms.size()];
        longest = Arrays.stream(needles).mapToInt(Needle::length).max().orElse(0);
        wantsBody = terms.stream().anyMatch(term -> term.place() != Place.HEADER);
    }

    List<TextTerm> terms() {
        return terms;
    }

    /** The octets of the longest term: texts given in pieces overlap by one less. */
    int longest() {
        return longest;
    }

    /** Whether any term can be in a body. */
    boolean wantsBody() {
        return wantsBody;
    }

    /** Whether all terms are of {@link #FIELDS}. */
    boolean fieldsOnly() {
        return terms.stream().allMatch(term -> term.place() == Place.HEADER && FIELDS.contains(term.field().toLowerCase(Locale.ROOT)));
    }

    /** A new message. */
    void begin() {
        Arrays.fill(found, false);
        missing = found.length;
    }

    /** Whether all were found, so that the rest need not be looked at. */
    boolean complete() {
        return missing == 0;
    }

    boolean found(int term) {
        return found[term];
    }

    /** The whole header: {@code NAME: VALUE} lines. */
    void head(byte[] text, int from, int to) {
        for (int i = 0; i < found.length; i++) {
            if (!found[i]) {
                boolean here = switch (terms.get(i).place()) {
                    case HEADER -> inField(i, text, from, to);
                    case ANYWHERE -> needles[i].find(text, from, to) >= 0;
                    case BODY -> false;
                };
                mark(i, here);
            }
        }
    }

    /** A body or a piece of one. */
    void body(byte[] text, int from, int to) {
        for (int i = 0; i < found.length; i++) {
            if (!found[i] && terms.get(i).place() != Place.HEADER) {
                mark(i, needles[i].find(text, from, to) >= 0);
            }
        }
    }

    private void mark(int term, boolean here) {
        if (here) {
            found[term] = true;
            missing--;
        }
    }

    private boolean inField(int term, byte[] text, int from, int to) {
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && text[end] != '\n') {
                end++;
            }
            int value = at + fields[term].length();
            if (value <= end && fields[term].isAt(text, at) && needles[term].find(text, Math.min(value + 1, end), end) >= 0) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }
}
