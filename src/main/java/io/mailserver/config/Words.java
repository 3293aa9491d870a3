package io.mailserver.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** How keys and values are spelt in files and in messages about them. */
final class Words {
    private static final int MAX_QUOTED_CHARS = 60;

    private Words() {}

    /** {@code maxMessageSize} as {@code max-message-size}; {@code IMPLICIT_TLS} as {@code implicit-tls}. */
    static String kebab(String javaName) {
        if (javaName.equals(javaName.toUpperCase(Locale.ROOT))) {
            return javaName.toLowerCase(Locale.ROOT).replace('_', '-');
        }
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < javaName.length(); i++) {
            char c = javaName.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                name.append('-').append((char) (c - 'A' + 'a'));
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }

    /** Text of the file, in quotes, on one line and not too long. */
    static String quote(String text) {
        boolean cut = text.length() > MAX_QUOTED_CHARS;
        return '"' + printable(cut ? text.substring(0, MAX_QUOTED_CHARS) + "..." : text) + '"';
    }

    /** The text on one line: no end of line or other control can get into a message. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) ? '?' : c);
        }
        return clean.toString();
    }

    /** The word of {@code known} that was probably meant by {@code written}. */
    static Optional<String> closest(String written, Collection<String> known) {
        String lower = written.toLowerCase(Locale.ROOT).replace('_', '-');
        int allowed = Math.max(1, Math.min(3, lower.length() / 3));
        String best = null;
        int bestDistance = allowed + 1;
        for (String word : known) {
            int distance = distance(lower, word);
            if (distance < bestDistance) {
                best = word;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** How many letters must be inserted, removed, replaced or swapped with the next to come from one word to the other. */
    private static int distance(String a, String b) {
        if (a.length() > 2 * MAX_QUOTED_CHARS) {
            return Integer.MAX_VALUE;
        }
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
