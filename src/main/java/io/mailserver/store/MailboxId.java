package io.mailserver.store;

import java.util.Optional;

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

    /** The id that {@link #toString} shows; empty for what is none. */
    public static Optional<MailboxId> parse(String text) {
        boolean number = text.matches("m[1-9][0-9]{0,8}");
        return number ? Optional.of(new MailboxId(Integer.parseInt(text.substring(1)))) : Optional.empty();
    }
}
