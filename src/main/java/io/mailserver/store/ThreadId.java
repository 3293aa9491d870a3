package io.mailserver.store;

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
}
