package io.mailserver.imapserver;

import io.mailserver.store.MailboxName;

/** A pattern of LIST: {@code *} stands for anything, {@code %} for anything within a level (RFC 9051 §6.3.9). */
final class MailboxPattern {
    private final String pattern;

    private MailboxPattern(String pattern) {
        this.pattern = pattern;
    }

    /** INBOX at the beginning means the INBOX whatever its case. */
    static MailboxPattern of(String pattern) {
        boolean inbox = pattern.regionMatches(true, 0, "INBOX", 0, 5)
                && (pattern.length() == 5 || "/%*".indexOf(pattern.charAt(5)) >= 0);
        return new MailboxPattern(inbox ? "INBOX" + pattern.substring(5) : pattern);
    }

    /** Takes time in proportion to both lengths, whatever the pattern. */
    boolean matches(String name) {
        boolean[] reached = new boolean[pattern.length() + 1];
        reached[0] = true;
        skipWildcards(reached);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean[] next = new boolean[pattern.length() + 1];
            for (int p = 0; p < pattern.length(); p++) {
                if (reached[p]) {
                    char wanted = pattern.charAt(p);
                    boolean wildcard = wanted == '*' || (wanted == '%' && c != MailboxName.SEPARATOR);
                    if (wildcard) {
                        next[p] = true;
                    } else if (wanted == c) {
                        next[p + 1] = true;
                    }
                }
            }
            skipWildcards(next);
            reached = next;
        }
        return reached[pattern.length()];
    }

    private void skipWildcards(boolean[] reached) {
        for (int p = 0; p < pattern.length(); p++) {
            if (reached[p] && (pattern.charAt(p) == '*' || pattern.charAt(p) == '%')) {
                reached[p + 1] = true;
            }
        }
    }
}
