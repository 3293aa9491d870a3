package io.mailserver.search;

import io.mailserver.search.TextTerm.Place;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Looks for several terms in the texts of one message after the other: for each {@link #begin}, then {@link #head} and {@link #body} with
 * texts of {@link UnicodeCasemap} form, {@link #end}, then {@link #found}. For one thread.
 */
final class TextTerms {
    /** The fields that are asked for most; in lower case. */
    static final Set<String> FIELDS = Set.of("from", "to", "cc", "bcc", "subject");

    private final List<TextTerm> terms;
    private final Needle[] needles;
    /** Empty for terms that are meant to the letter. */
    private final FuzzyNeedle[] fuzzy;

    private final Needle[] fields;
    private final boolean[] found;
    private final int longest;
    private final boolean wantsBody;
    private int missing;
    /** Whether what comes next begins with octets that were there before. */
    private boolean bodyBegan;

    TextTerms(List<TextTerm> terms) {
        this.terms = List.copyOf(terms);
        needles = terms.stream().map(term -> new Needle(term.text())).toArray(Needle[]::new);
        fuzzy = terms.stream().map(term -> new FuzzyNeedle(term.fuzzy() ? term.text() : "")).toArray(FuzzyNeedle[]::new);
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
        bodyBegan = false;
        for (FuzzyNeedle each : fuzzy) {
            each.begin();
        }
    }

    /** The end of the message. */
    void end() {
        for (int i = 0; i < found.length; i++) {
            if (isFuzzy(i)) {
                fuzzy[i].end();
                mark(i, fuzzy[i].found());
            }
        }
    }

    private boolean isFuzzy(int term) {
        return !fuzzy[term].isEmpty(); // Text without a word is looked for as it is.
    }

    /** How well a term was found that is not meant to the letter, from 1 to 100; 0 for others. */
    int relevancy(int term) {
        return found[term] && isFuzzy(term) ? fuzzy[term].relevancy() : 0;
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
            if (isFuzzy(i)) {
                fuzzyHead(i, text, from, to);
            } else if (!found[i]) {
                boolean here = switch (terms.get(i).place()) {
                    case HEADER -> inField(i, text, from, to);
                    case ANYWHERE -> needles[i].find(text, from, to) >= 0;
                    case BODY -> false;
                };
                mark(i, here);
            }
        }
    }

    /** A body, or a piece of one that overlaps with the one before by one octet less than {@link #longest}. */
    void body(byte[] text, int from, int to) {
        for (int i = 0; i < found.length; i++) {
            if (terms.get(i).place() == Place.HEADER) {
                continue;
            }
            if (isFuzzy(i)) {
                fuzzy[i].body(text, bodyBegan ? Math.min(to, from + longest - 1) : from, to);
            } else if (!found[i]) {
                mark(i, needles[i].find(text, from, to) >= 0);
            }
        }
        bodyBegan = true;
    }

    private void mark(int term, boolean here) {
        if (here) {
            found[term] = true;
            missing--;
        }
    }

    private void fuzzyHead(int term, byte[] text, int from, int to) {
        switch (terms.get(term).place()) {
            case HEADER -> inField(term, text, from, to, (value, end) -> {
                fuzzy[term].head(text, value, end);
                return false;
            });
            case ANYWHERE -> fuzzy[term].head(text, from, to);
            case BODY -> { }
        }
    }

    private boolean inField(int term, byte[] text, int from, int to) {
        return inField(term, text, from, to, (value, end) -> needles[term].find(text, value, end) >= 0);
    }

    /** Looks at a field's value. */
    @FunctionalInterface
    private interface ValueTest {
        /** Whether it is enough. */
        boolean test(int from, int to);
    }

    private boolean inField(int term, byte[] text, int from, int to, ValueTest test) {
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && text[end] != '\n') {
                end++;
            }
            int value = at + fields[term].length();
            if (value <= end && fields[term].isAt(text, at) && test.test(Math.min(value + 1, end), end)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }
}
