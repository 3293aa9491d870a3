package io.mailserver.store;

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
}
