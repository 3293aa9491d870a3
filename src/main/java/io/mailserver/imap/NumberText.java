package io.mailserver.imap;

/**
 * Writes numbers as a set in the order in which they are added: {@code 1:3,7}. Neighbours that ascend by one are joined, so the order
 * can be read back (COPYUID needs that, RFC 9051 §7.1). Used by one thread.
 */
public final class NumberText {
    private final StringBuilder text = new StringBuilder();
    private long first = -1;
    private long last = -1;

    /** Adds one number. */
    public NumberText add(long number) {
        return add(number, number);
    }

    /** Adds a range of numbers, {@code from} at most {@code to}. */
    public NumberText add(long from, long to) {
        if (last >= 0 && from == last + 1) {
            last = to;
            return this;
        }
        finishRange();
        first = from;
        last = to;
        return this;
    }

    public boolean isEmpty() {
        return last < 0;
    }

    private void finishRange() {
        if (last < 0) {
            return;
        }
        if (!text.isEmpty()) {
            text.append(',');
        }
        text.append(first);
        if (last > first) {
            text.append(':').append(last);
        }
    }

    /** The set; empty if nothing was added. More can be added to it afterwards. */
    @Override
    public String toString() {
        int length = text.length();
        finishRange();
        String all = text.toString();
        text.setLength(length);
        return all;
    }
}
