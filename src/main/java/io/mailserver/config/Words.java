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
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length() && i < MAX_QUOTED_CHARS; i++) {
            char c = text.charAt(i);
            quoted.append(Character.isISOControl(c) ? '?' : c);
        }
        return quoted.append(text.length() > MAX_QUOTED_CHARS ? "...\"" : "\"").toString();
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

    /** How many letters must be inserted, removed or replaced to come from one word to the other (Levenshtein). */
    private static int distance(String a, String b) {
        if (a.length() > 2 * MAX_QUOTED_CHARS) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
