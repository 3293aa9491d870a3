package io.mailserver.config;

import java.util.Locale;
import java.util.Optional;

/**
 * Host names, domains or addresses that a rule means. {@code example.com} is that name and every name below it, {@code a@example.com} an
 * address, {@code <>} the null reverse-path; an asterisk stands for any characters. Case does not count.
 *
 * @param text in lower case
 */
public record NamePattern(String text) {
    private static final int MAX_CHARS = 320;

    public NamePattern {
        if (!valid(text)) {
            throw new IllegalArgumentException("not a pattern for names");
        }
    }

    /** Reads a pattern; empty if it is none. */
    public static Optional<NamePattern> parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return valid(lower) ? Optional.of(new NamePattern(lower)) : Optional.empty();
    }

    private static boolean valid(String text) {
        return !text.isEmpty() && text.length() <= MAX_CHARS && text.chars().allMatch(c -> c > ' ' && c != 0x7f);
    }

    /** Whether it means an address, not a domain. */
    public boolean isAddress() {
        return text.indexOf('@') >= 0;
    }

    /** Whether it means a host name or domain. */
    public boolean matchesName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (isAddress()) {
            return false;
        }
        return glob(text, lower) || (text.indexOf('*') < 0 && lower.endsWith("." + text));
    }

    /** Whether it means an address, or its domain; the empty text is the null reverse-path. */
    public boolean matchesAddress(String address) {
        if (address.isEmpty() || text.equals("<>")) {
            return address.isEmpty() && text.equals("<>");
        }
        String lower = address.toLowerCase(Locale.ROOT);
        return isAddress() ? glob(text, lower) : matchesName(lower.substring(lower.lastIndexOf('@') + 1));
    }

    @Override
    public String toString() {
        return text;
    }

    /** In time of pattern times text at worst, without recursion. */
    static boolean glob(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
