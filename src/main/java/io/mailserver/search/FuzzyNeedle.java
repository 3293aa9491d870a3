package io.mailserver.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Words to look for in texts of {@link UnicodeCasemap} form that need not be there to the letter: accents do not count, their order is
 * free, each may be part of a longer word, and a longer one may be misspelt a little. All must be there. How well they were found is a
 * number from 1 to 100 (RFC 6203 §4). Keeps what it found of one message, from {@link #begin} to {@link #end}: for one thread. Memory
 * does not depend on the texts.
 */
final class FuzzyNeedle {
    /** Further words of a query do not count. */
    static final int MAX_WORDS = 32;

    /** Characters of a word; longer words of a text are looked at in overlapping pieces. */
    static final int MAX_WORD = 64;

    private static final int AS_ASKED = 100;
    private static final int BEGINNING = 80;
    private static final int INSIDE = 60;
    private static final int MISSPELT = 50;
    private static final int MISSPELT_TWICE = 30;

    /** Of what is found in a body, as its parts of what is found in a header. */
    private static final double BODY = 0.9;

    /** Of words that stand apart. */
    private static final double SCATTERED = 0.8;

    /** The lowest of {@link #points}: a word misspelt twice, in a body, apart from the others. */
    private static final double LOWEST = 0.9 * MISSPELT_TWICE * BODY * SCATTERED;

    private final char[][] words;
    private final int[] masks;
    private final int[] typos;
    private final double[] best;
    private int hits;
    /** How many words were found one after the other just now. */
    private int inRow;

    private boolean asPhrase;

    private final char[] word = new char[MAX_WORD];
    private int length;
    private int mask;
    private final char[] folded = new char[2];
    private boolean inBody;
    private final int[][] rows = new int[3][MAX_WORD + 1];

    FuzzyNeedle(String text) {
        words = words(UnicodeCasemap.octets(text));
        masks = new int[words.length];
        typos = new int[words.length];
        best = new double[words.length];
        for (int i = 0; i < words.length; i++) {
            boolean digits = false;
            for (char c : words[i]) {
                masks[i] |= bit(c);
                digits |= Character.isDigit(c);
            }
            int size = words[i].length;
            typos[i] = digits || size < 4 ? 0 : size < 8 ? 1 : 2; // The number next to one is another number.
        }
    }

    private static char[][] words(byte[] text) {
        List<char[]> found = new ArrayList<>();
        char[] word = new char[text.length + 1];
        int length = 0;
        for (int at = 0; at <= text.length;) {
            int c = at < text.length ? FoldedCharacters.at(text, at, text.length) : FoldedCharacters.NO_LETTER;
            at += at < text.length ? FoldedCharacters.octets(text[at]) : 1;
            if (c == FoldedCharacters.NO_LETTER) {
                if (length > 0 && found.size() < MAX_WORDS) {
                    found.add(Arrays.copyOf(word, Math.min(length, MAX_WORD / 2)));
                }
                length = 0;
            } else if (c != FoldedCharacters.MARK) {
                length = FoldedCharacters.append(c, word, length);
            }
        }
        return found.toArray(new char[0][]);
    }

    /** Whether there is no word in it, so that nothing can be found by it. */
    boolean isEmpty() {
        return words.length == 0;
    }

    /** A new message. */
    void begin() {
        Arrays.fill(best, 0);
        hits = 0;
        asPhrase = false;
        endOfStretch();
    }

    private void endOfStretch() {
        length = 0;
        mask = 0;
        inRow = 0;
    }

    /** A header or a field, whole. */
    void head(byte[] text, int from, int to) {
        inBody = false;
        read(text, from, to);
        wordEnds();
        endOfStretch();
    }

    /** A body, or the next piece of one: a word may begin in one and end in the next, a character may not. */
    void body(byte[] text, int from, int to) {
        inBody = true;
        read(text, from, to);
    }

    /** The end of the message. */
    void end() {
        wordEnds();
    }

    private void read(byte[] text, int from, int to) {
        for (int at = from; at < to;) {
            byte octet = text[at];
            boolean plain = (octet >= 'A' && octet <= 'Z') || (octet >= '0' && octet <= '9');
            if (plain) {
                add((char) octet);
                at++;
                continue;
            }
            int c = FoldedCharacters.at(text, at, to);
            at += FoldedCharacters.octets(octet);
            if (c == FoldedCharacters.NO_LETTER) {
                wordEnds();
                inRow = octet == NormalizedText.SEPARATOR ? 0 : inRow;
            } else if (c != FoldedCharacters.MARK) {
                int count = FoldedCharacters.append(c, folded, 0);
                for (int i = 0; i < count; i++) {
                    add(folded[i]);
                }
            }
        }
    }

    private void add(char c) {
        if (length == MAX_WORD) {
            compare();
            int kept = MAX_WORD / 2;
            System.arraycopy(word, MAX_WORD - kept, word, 0, kept);
            length = kept;
        }
        word[length++] = c;
        mask |= bit(c);
    }

    private static int bit(char c) {
        return 1 << (c & 31);
    }

    private void wordEnds() {
        if (length > 0) {
            compare();
            length = 0;
            mask = 0;
        }
    }

    private void compare() {
        int row = 0;
        for (int i = 0; i < words.length; i++) {
            int quality = quality(i);
            if (quality > 0) {
                hits++;
                best[i] = Math.max(best[i], inBody ? quality * BODY : quality);
                row = i == inRow ? i + 1 : i == 0 ? Math.max(1, row) : row;
            }
        }
        inRow = row;
        if (row == words.length) {
            asPhrase = true;
            inRow = 0;
        }
    }

    /** How well the word of the text is the query's; 0 if it is another. */
    private int quality(int i) {
        char[] wanted = words[i];
        int missing = Integer.bitCount(masks[i] & ~mask);
        if (missing > typos[i]) {
            return 0;
        }
        if (missing == 0) {
            int place = place(wanted);
            if (place >= 0 && wanted.length == length) {
                return AS_ASKED;
            }
            // Scripts without spaces have words within words; of others, two letters say nothing.
            if (place >= 0 && (wanted.length >= 3 || wanted[0] >= 0x2e80)) {
                return place == 0 ? BEGINNING : INSIDE;
            }
        }
        int distance = typos[i] == 0 ? 1 : distance(wanted, typos[i]);
        if (distance > typos[i]) {
            return 0;
        }
        return distance == 1 ? MISSPELT : MISSPELT_TWICE;
    }

    private int place(char[] wanted) {
        for (int at = 0; at + wanted.length <= length; at++) {
            if (Arrays.equals(word, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** Characters missing, too many, wrong, or in the place of their neighbour; more than {@code most} is not counted out. */
    private int distance(char[] wanted, int most) {
        if (Math.abs(wanted.length - length) > most) {
            return most + 1;
        }
        for (int j = 0; j <= length; j++) {
            rows[0][j] = j;
        }
        for (int i = 1; i <= wanted.length; i++) {
            int[] now = rows[i % 3];
            int[] last = rows[(i + 2) % 3];
            int[] beforeLast = rows[(i + 1) % 3];
            now[0] = i;
            int least = i;
            for (int j = 1; j <= length; j++) {
                int cost = wanted[i - 1] == word[j - 1] ? 0 : 1;
                int steps = Math.min(Math.min(now[j - 1], last[j]) + 1, last[j - 1] + cost);
                boolean swapped = i > 1 && j > 1 && wanted[i - 1] == word[j - 2] && wanted[i - 2] == word[j - 1];
                now[j] = swapped ? Math.min(steps, beforeLast[j - 2] + 1) : steps;
                least = Math.min(least, now[j]);
            }
            if (least > most) {
                return most + 1;
            }
        }
        return rows[wanted.length % 3][length];
    }

    /** Whether all words were found; after {@link #end}. */
    boolean found() {
        for (double each : best) {
            if (each == 0) {
                return false;
            }
        }
        return best.length > 0;
    }

    /** 1 to 100, of a message in which all words were found; after {@link #end}. */
    int relevancy() {
        return Math.clamp(Math.round(1 + 99 * (points() - LOWEST) / (100 - LOWEST)), 1, 100);
    }

    /** Nine tenths say how well the words were found, one how often. */
    private double points() {
        double average = Arrays.stream(best).average().orElse(0);
        double often = Math.min(1, Math.log((double) hits / words.length) / Math.log(8));
        return 0.9 * average * (asPhrase ? 1 : SCATTERED) + 10 * often;
    }
}
