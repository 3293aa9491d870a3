package io.mailserver.spam;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Finds many phrases in a text in one pass (Aho and Corasick 1975): time linear in the text, however many phrases there are. Letters
 * compare without case, any run of white space is one blank; everything else compares as it is. Immutable.
 */
final class Phrases {
    private static final int LETTERS = 128;

    private final List<String> phrases;
    /** By state and letter: the next state. */
    private final int[] next;
    /** By state: the phrases that end there, as numbers. */
    private final int[][] found;

    Phrases(Collection<String> phrases) {
        this.phrases = phrases.stream().map(phrase -> phrase.toLowerCase(Locale.ROOT)).toList();
        int states = 1 + this.phrases.stream().mapToInt(String::length).sum();
        this.next = new int[states * LETTERS];
        this.found = new int[states][];
        build();
    }

    List<String> all() {
        return phrases;
    }

    /** The numbers of the phrases that occur. */
    BitSet in(CharSequence text) {
        BitSet seen = new BitSet(phrases.size());
        int state = 0;
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            if (invisible(text.charAt(i))) {
                continue;
            }
            int letter = letter(text.charAt(i));
            if (letter == ' ' && blank) {
                continue;
            }
            blank = letter == ' ';
            state = next[state * LETTERS + letter];
            if (found[state] != null) {
                for (int number : found[state]) {
                    seen.set(number);
                }
            }
        }
        return seen;
    }

    private void build() {
        int states = 1;
        for (int number = 0; number < phrases.size(); number++) {
            int state = 0;
            for (char c : phrases.get(number).toCharArray()) {
                int edge = state * LETTERS + letter(c);
                if (next[edge] == 0) {
                    next[edge] = states++;
                }
                state = next[edge];
            }
            add(state, number);
        }
        int[] fallback = new int[states];
        Deque<Integer> queue = new ArrayDeque<>();
        for (int letter = 0; letter < LETTERS; letter++) {
            if (next[letter] != 0) {
                queue.add(next[letter]);
            }
        }
        while (!queue.isEmpty()) {
            int state = queue.remove();
            for (int ending : endings(fallback[state])) {
                add(state, ending);
            }
            for (int letter = 0; letter < LETTERS; letter++) {
                int edge = state * LETTERS + letter;
                int shorter = next[fallback[state] * LETTERS + letter];
                if (next[edge] == 0) {
                    next[edge] = shorter;
                } else {
                    fallback[next[edge]] = shorter;
                    queue.add(next[edge]);
                }
            }
        }
    }

    private int[] endings(int state) {
        return found[state] == null ? new int[0] : found[state].clone();
    }

    private void add(int state, int number) {
        List<Integer> all = new ArrayList<>(Arrays.stream(endings(state)).boxed().toList());
        all.add(number);
        found[state] = all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** What nobody sees and whoever hides words from filters puts into them: soft hyphens, spaces and joiners without width. */
    static boolean invisible(char c) {
        return c == '\u00ad' || (c >= '\u200b' && c <= '\u200d') || c == '\u2060' || c == '\ufeff';
    }

    /** Letters with accents are their letter: people leave accents out. What is no letter of ours is 0, which no phrase has. */
    private static int letter(char c) {
        if (c < LETTERS) {
            return c <= ' ' ? ' ' : Character.toLowerCase(c);
        }
        return switch (Character.toLowerCase(c)) {
            case '\u00a0', '\u2003', '\u2009' -> ' ';
            case '’', '‘' -> '\'';
            case 'à', 'á', 'â', 'ã', 'å', 'ä' -> 'a';
            case 'è', 'é', 'ê', 'ë' -> 'e';
            case 'ì', 'í', 'î', 'ï' -> 'i';
            case 'ò', 'ó', 'ô', 'õ', 'ö' -> 'o';
            case 'ù', 'ú', 'û', 'ü' -> 'u';
            case 'ñ' -> 'n';
            case 'ç' -> 'c';
            case 'ß' -> 's';
            default -> 0;
        };
    }
}
