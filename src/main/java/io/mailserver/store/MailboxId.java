package io.mailserver.store;

import java.util.Comparator;
import java.util.Optional;

/**
 * Which mailbox of an account: stays the same when the mailbox is renamed (RFC 8474 §4), and is never given to another one.
 *
 * @param number 1 or more
 * @param sharer 0 for a mailbox of the account itself; else the number of the account whose mailbox it is, seen from another one
 */
public record MailboxId(int number, long sharer) implements Comparable<MailboxId> {
    private static final Comparator<MailboxId> ORDER = Comparator.comparingLong(MailboxId::sharer).thenComparingInt(MailboxId::number);

    public MailboxId {
        if (number < 1 || sharer < 0) {
            throw new IllegalArgumentException("not the number of a mailbox");
        }
    }

    /** A mailbox of the account itself. */
    public MailboxId(int number) {
        this(number, 0);
    }

    @Override
    public int compareTo(MailboxId other) {
        return ORDER.compare(this, other);
    }

    /** As MAILBOXID and JMAP show it: letters, digits and {@code -}. */
    @Override
    public String toString() {
        return "m" + number + idSuffix();
    }

    /** What the ids of emails and threads in it need behind them, to be nobody else's for who sees several accounts. */
    public String idSuffix() {
        return sharer == 0 ? "" : "-" + sharer;
    }

    /** The id that {@link #toString} shows; empty for what is none. */
    public static Optional<MailboxId> parse(String text) {
        boolean number = text.matches("m[1-9][0-9]{0,8}");
        return number ? Optional.of(new MailboxId(Integer.parseInt(text.substring(1)))) : Optional.empty();
    }
}
