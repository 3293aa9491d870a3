package io.mailserver.store;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A system flag or a keyword (RFC 9051 §2.3.2). Keywords are equal whatever the case of their letters, and keep the spelling they
 * were first given.
 *
 * @param name with the backslash of a system flag
 */
public record Flag(String name) {
    public static final Flag ANSWERED = new Flag("\\Answered");
    public static final Flag FLAGGED = new Flag("\\Flagged");
    public static final Flag DELETED = new Flag("\\Deleted");
    public static final Flag SEEN = new Flag("\\Seen");
    public static final Flag DRAFT = new Flag("\\Draft");

    /** The system flags in the order of their bits in {@link MessageList#flags}. */
    public static final List<Flag> SYSTEM = List.of(ANSWERED, FLAGGED, DELETED, SEEN, DRAFT);

    /** The longest keyword, in octets. */
    public static final int MAX_OCTETS = 100;

    /** How many keywords one mailbox can know: the bits of a long less the system flags. */
    public static final int MAX_KEYWORDS = Long.SIZE - 6;

    /** @throws IllegalArgumentException the name is no flag; for names from outside use {@link #parse} */
    public Flag {
        boolean system = name.startsWith("\\");
        if (!(system ? isSystem(name) : isKeyword(name))) {
            throw new IllegalArgumentException("not a flag");
        }
    }

    /**
     * The flag of a name that came from outside: empty for unknown system flags (\Recent is none that can be set) and for what is no
     * atom or too long.
     */
    public static Optional<Flag> parse(String name) {
        for (Flag flag : SYSTEM) {
            if (flag.name.equalsIgnoreCase(name)) {
                return Optional.of(flag);
            }
        }
        return !name.startsWith("\\") && isKeyword(name) ? Optional.of(new Flag(name)) : Optional.empty();
    }

    /** Whether it is one of {@link #SYSTEM}. */
    public boolean system() {
        return name.startsWith("\\");
    }

    /** The bit of a system flag. */
    long systemBit() {
        return 1L << SYSTEM.indexOf(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Flag flag && flag.name.equalsIgnoreCase(name);
    }

    @Override
    public int hashCode() {
        return name.toLowerCase(Locale.ROOT).hashCode();
    }

    @Override
    public String toString() {
        return name;
    }

    private static boolean isSystem(String name) {
        return switch (name) {
            case "\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft" -> true;
            default -> false;
        };
    }

    /** RFC 9051 §9: an atom. */
    private static boolean isKeyword(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_OCTETS
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "(){%*\"\\]".indexOf(c) < 0);
    }
}
