package io.mailserver.store;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Sets of flags, each once in memory: an account has few different ones and many emails. Guarded by whoever has it. */
final class KeywordSets {
    static final Set<Flag> SEEN = Set.of(Flag.SEEN);

    private final Map<Set<Flag>, Set<Flag>> sets = new HashMap<>();
    /** By mailbox: bits mean other keywords in each. */
    private final Map<Integer, Map<Long, Set<Flag>>> byBits = new HashMap<>();

    /** What bits of a message in that mailbox mean. */
    Set<Flag> of(int mailbox, MessageList list, long bits) {
        if (bits == 0) {
            return Set.of();
        }
        return byBits.computeIfAbsent(mailbox, _ -> new HashMap<>()).computeIfAbsent(bits, _ -> single(list.flagsOf(bits)));
    }

    Set<Flag> union(Set<Flag> one, Set<Flag> other) {
        if (one.isEmpty() || one.equals(other)) {
            return other;
        }
        if (other.isEmpty()) {
            return one;
        }
        Set<Flag> both = new HashSet<>(one);
        both.addAll(other);
        return single(both);
    }

    private Set<Flag> single(Set<Flag> flags) {
        return sets.computeIfAbsent(Set.copyOf(flags), set -> set);
    }
}
