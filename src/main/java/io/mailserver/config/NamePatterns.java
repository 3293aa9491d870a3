package io.mailserver.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Many {@link NamePattern}s at once: those without asterisks are found by hashing the address, its domain, and each domain above it, so
 * that the work grows with the length of a name and not with the number of patterns; those with asterisks are tried one by one. Immutable.
 */
public final class NamePatterns {
    private static final int MAX_CHARS = 320;

    /** By how closely they mean somebody: those with asterisks, domains by their length, addresses. */
    public static final Comparator<NamePattern> CLOSENESS =
            Comparator.<NamePattern>comparingInt(NamePatterns::kind).thenComparingInt(pattern -> pattern.text().length());

    private final Map<String, NamePattern> plain = new HashMap<>();
    private final List<NamePattern> globs = new ArrayList<>();

    public NamePatterns(Collection<NamePattern> patterns) {
        for (NamePattern pattern : patterns) {
            if (pattern.text().indexOf('*') < 0) {
                plain.putIfAbsent(pattern.text(), pattern);
            } else {
                globs.add(pattern);
            }
        }
    }

    /**
     * The pattern that means an address, or its domain, most closely: the address itself, its domain, the domains above it from the longest
     * to the shortest, then those with asterisks in their order. As {@link NamePattern#matchesAddress}.
     */
    public Optional<NamePattern> matchAddress(String address) {
        if (address.isEmpty()) {
            return Optional.ofNullable(plain.get("<>"));
        }
        String lower = address.toLowerCase(Locale.ROOT);
        NamePattern exact = lower.indexOf('@') < 0 ? null : plain.get(lower);
        if (exact != null) {
            return Optional.of(exact);
        }
        String domain = lower.substring(lower.lastIndexOf('@') + 1);
        for (int start = 0; start >= 0; start = next(domain, start)) {
            NamePattern found = domain.length() - start > MAX_CHARS ? null : plain.get(domain.substring(start));
            if (found != null && !found.text().equals("<>")) {
                return Optional.of(found);
            }
        }
        return globs.stream().filter(pattern -> pattern.matchesAddress(address)).findFirst();
    }

    private static int kind(NamePattern pattern) {
        if (pattern.text().indexOf('*') >= 0) {
            return 0;
        }
        return pattern.isAddress() ? 2 : 1;
    }

    /** Where the domain above begins; -1 if there is none. */
    private static int next(String domain, int start) {
        int dot = domain.indexOf('.', start);
        return dot < 0 || dot + 1 == domain.length() ? -1 : dot + 1;
    }
}
