package io.mailserver.store;

import java.util.Optional;

/**
 * Which conversation an email belongs to (RFC 8474 §5.2). An email never changes its thread.
 *
 * @param number any
 */
public record ThreadId(long number) {
    /** As THREADID and JMAP show it. */
    @Override
    public String toString() {
        return "t" + Long.toUnsignedString(number, Character.MAX_RADIX);
    }

    /** The id that {@link #toString} shows; empty for what is none. */
    public static Optional<ThreadId> parse(String text) {
        if (text.length() < 2 || text.length() > 14 || text.charAt(0) != 't') {
            return Optional.empty();
        }
        try {
            ThreadId id = new ThreadId(Long.parseUnsignedLong(text, 1, text.length(), Character.MAX_RADIX));
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // Made up.
        }
    }
}
