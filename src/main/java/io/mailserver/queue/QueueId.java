package io.mailserver.queue;

import java.util.Locale;
import java.util.Optional;

/**
 * The number of a queued message, never used twice in a data folder. People see it as {@code Q} and the number in base 36.
 *
 * @param number 1 or more
 */
public record QueueId(long number) implements Comparable<QueueId> {
    private static final int RADIX = 36;
    private static final int MAX_DIGITS = 12;

    public QueueId {
        if (number < 1) {
            throw new IllegalArgumentException("not a queue id: " + number);
        }
    }

    /** Reads what {@link #toString} writes, in any case; empty if it is not that. */
    public static Optional<QueueId> parse(String text) {
        if (text.length() < 2 || text.length() > 1 + MAX_DIGITS || Character.toUpperCase(text.charAt(0)) != 'Q') {
            return Optional.empty();
        }
        String digits = text.substring(1);
        if (!digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, RADIX) >= 0)) {
            return Optional.empty();
        }
        long number = Long.parseLong(digits, RADIX);
        return number < 1 ? Optional.empty() : Optional.of(new QueueId(number));
    }

    @Override
    public int compareTo(QueueId other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "Q" + Long.toString(number, RADIX).toUpperCase(Locale.ROOT);
    }
}
