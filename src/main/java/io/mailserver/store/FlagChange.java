package io.mailserver.store;

import java.util.Set;

/**
 * What to do to the flags of messages.
 *
 * @param flags may be empty
 */
public record FlagChange(Kind kind, Set<Flag> flags) {
    /** The three ways of STORE. */
    public enum Kind {
        ADD,
        REMOVE,
        REPLACE
    }

    public FlagChange {
        flags = Set.copyOf(flags);
    }
}
