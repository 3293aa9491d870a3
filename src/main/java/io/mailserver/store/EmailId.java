package io.mailserver.store;

import java.util.Optional;

/**
 * Which email of an account (RFC 8474 §5.1): equal for all copies of a message, whatever mailboxes they are in. It is made of
 * UIDVALIDITY and UID of the message's first place, so that it needs no row of its own and is never given twice.
 *
 * @param number UIDVALIDITY in the upper half, UID in the lower
 */
public record EmailId(long number) {
    static EmailId of(int uidValidity, int uid) {
        return new EmailId(((long) uidValidity << Integer.SIZE) | Integer.toUnsignedLong(uid));
    }

    /** As EMAILID and JMAP show it. */
    @Override
    public String toString() {
        return "e" + Long.toUnsignedString(number, Character.MAX_RADIX);
    }

    /** The id that {@link #toString} shows; empty for what is none. */
    public static Optional<EmailId> parse(String text) {
        if (text.length() < 2 || text.length() > 14 || text.charAt(0) != 'e') {
            return Optional.empty();
        }
        try {
            EmailId id = new EmailId(Long.parseUnsignedLong(text, 1, text.length(), Character.MAX_RADIX));
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // Made up.
        }
    }
}
