package io.mailserver.store;

/**
 * Which mailbox of an account: stays the same when the mailbox is renamed (RFC 8474 §4), and is never given to another one.
 *
 * @param number 1 or more
 */
public record MailboxId(int number) implements Comparable<MailboxId> {
    public MailboxId {
        if (number < 1) {
            throw new IllegalArgumentException("not the number of a mailbox");
        }
    }

    @Override
    public int compareTo(MailboxId other) {
        return Integer.compare(number, other.number);
    }

    /** As MAILBOXID and JMAP show it: letters, digits, at most 11 characters. */
    @Override
    public String toString() {
        return "m" + number;
    }
}
