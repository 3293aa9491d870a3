package io.mailserver.imap;

import java.util.Arrays;

/**
 * A set of message numbers or UIDs as a client writes it (RFC 9051 §9, sequence-set): {@code 1:3,7,9:*}, or {@code $} for the saved
 * result of a search (RFC 5182 §2.1). What {@code *} is, and what {@code $} holds, is for the session.
 *
 * <p>Immutable; numbers are 1 to 4,294,967,295.
 */
public final class SequenceSet {
    /** Stands for {@code *}: the largest number in use. */
    public static final long STAR = Long.MAX_VALUE;

    /** The largest number that a sequence number or UID can have. */
    public static final long MAX_NUMBER = 0xffff_ffffL;

    private static final SequenceSet SAVED_RESULT = new SequenceSet(new long[0], true);

    /** Takes the ranges of a set, in ascending order. */
    @FunctionalInterface
    public interface RangeConsumer {
        /** Both inclusive. */
        void range(long first, long last);
    }

    /** First and last of each range, as the client wrote them, {@link #STAR} included. */
    private final long[] ends;

    private final boolean savedResult;

    private SequenceSet(long[] ends, boolean savedResult) {
        this.ends = ends;
        this.savedResult = savedResult;
    }

    /**
     * A set of ranges.
     *
     * @param ends first and last of each range in turn, in any order, each 1 to {@link #MAX_NUMBER} or {@link #STAR}; copied
     */
    public static SequenceSet ofRanges(long... ends) {
        if (ends.length == 0 || ends.length % 2 != 0) {
            throw new IllegalArgumentException(ends.length + " ends of ranges");
        }
        for (long end : ends) {
            if (end != STAR && (end < 1 || end > MAX_NUMBER)) {
                throw new IllegalArgumentException("number " + end);
            }
        }
        return new SequenceSet(ends.clone(), false);
    }

    /** The set {@code first:last}. */
    public static SequenceSet range(long first, long last) {
        return ofRanges(first, last);
    }

    /** {@code $}. */
    public static SequenceSet savedResult() {
        return SAVED_RESULT;
    }

    /** Whether this is {@code $}; then it has no ranges of its own. */
    public boolean isSavedResult() {
        return savedResult;
    }

    /** Whether {@code *} occurs. */
    public boolean hasStar() {
        for (long end : ends) {
            if (end == STAR) {
                return true;
            }
        }
        return false;
    }

    /** The largest number written, {@code *} not counted; 0 if there is none. */
    public long largestNumber() {
        long largest = 0;
        for (long end : ends) {
            if (end != STAR && end > largest) {
                largest = end;
            }
        }
        return largest;
    }

    /**
     * The ranges sorted, without overlaps, neighbours joined.
     *
     * @param largest what {@code *} stands for; with 0 (an empty mailbox) {@code *} stands for nothing, so {@code *} alone is empty and
     *     {@code 3:*} is 3
     */
    public void forEachRange(long largest, RangeConsumer consumer) {
        long[] resolved = resolve(largest);
        for (int i = 0; i < resolved.length; i += 2) {
            consumer.range(resolved[i], resolved[i + 1]);
        }
    }

    /** As {@link #forEachRange}, as first and last of each range in turn. */
    public long[] resolve(long largest) {
        long[][] ranges = new long[ends.length / 2][];
        int count = 0;
        for (int i = 0; i < ends.length; i += 2) {
            long a = ends[i] == STAR ? largest : ends[i];
            long b = ends[i + 1] == STAR ? largest : ends[i + 1];
            // RFC 9051 §9: 2:4 and 4:2 are the same; so 5:* holds 5 to the largest, whichever is larger.
            long first = Math.min(a, b);
            long last = Math.max(a, b);
            if (last > 0) {
                ranges[count++] = new long[] {Math.max(first, largest == 0 && first == 0 ? last : first), last};
            }
        }
        Arrays.sort(ranges, 0, count, (x, y) -> Long.compare(x[0], y[0]));
        return joined(ranges, count);
    }

    private static long[] joined(long[][] sorted, int count) {
        long[] joined = new long[2 * count];
        int length = 0;
        for (int i = 0; i < count; i++) {
            if (length > 0 && sorted[i][0] <= joined[length - 1] + 1) {
                joined[length - 1] = Math.max(joined[length - 1], sorted[i][1]);
            } else {
                joined[length++] = sorted[i][0];
                joined[length++] = sorted[i][1];
            }
        }
        return Arrays.copyOf(joined, length);
    }

    /** Whether {@code number} is in the set where {@code *} is {@code largest}. */
    public boolean contains(long number, long largest) {
        for (int i = 0; i < ends.length; i += 2) {
            long a = ends[i] == STAR ? largest : ends[i];
            long b = ends[i + 1] == STAR ? largest : ends[i + 1];
            if (Math.min(a, b) <= number && number <= Math.max(a, b)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceSet set && savedResult == set.savedResult && Arrays.equals(ends, set.ends);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ends);
    }

    /** As a client may write it. */
    @Override
    public String toString() {
        if (savedResult) {
            return "$";
        }
        StringBuilder text = new StringBuilder(ends.length * 6);
        for (int i = 0; i < ends.length; i += 2) {
            if (i > 0) {
                text.append(',');
            }
            append(text, ends[i]);
            if (ends[i] != ends[i + 1]) {
                append(text.append(':'), ends[i + 1]);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, long end) {
        if (end == STAR) {
            text.append('*');
        } else {
            text.append(end);
        }
    }
}
