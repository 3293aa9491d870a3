package io.mailserver.store;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Immutable set of UIDs, kept as sorted ranges. UIDs are unsigned 32-bit numbers from 1 on in {@code int}s; compare them by
 * {@link Integer#compareUnsigned}.
 */
public final class UidSet {
    public static final UidSet EMPTY = new UidSet(new int[0]);

    /** All UIDs there can be. */
    public static final UidSet ALL = new UidSet(new int[] {1, -1});

    /** First and last of each range in turn; ranges ascend and do not touch. */
    private final int[] bounds;

    private UidSet(int[] bounds) {
        this.bounds = bounds;
    }

    /** Just this one. */
    public static UidSet of(int uid) {
        return range(uid, uid);
    }

    /** From {@code first} to {@code last}, both included, in either order (RFC 9051 §9). */
    public static UidSet range(int first, int last) {
        return new Builder().addRange(first, last).build();
    }

    /** Collects UIDs, cheapest in ascending order. Not for several threads. */
    public static final class Builder {
        private int[] bounds = new int[16];
        private int length;
        private boolean sorted = true;

        /** Adds one. */
        public Builder add(int uid) {
            return addRange(uid, uid);
        }

        /** Adds all from {@code from} to {@code to}, both included, in either order; 0 is no UID and left out. */
        public Builder addRange(int from, int to) {
            boolean ascending = Integer.compareUnsigned(from, to) <= 0;
            int first = ascending ? from : to;
            int last = ascending ? to : from;
            first = first == 0 ? 1 : first;
            if (last == 0) {
                return this;
            }
            if (length > 0 && sorted) {
                int previous = bounds[length - 1];
                if (Integer.compareUnsigned(first, bounds[length - 2]) >= 0 && (previous == -1
                        || Integer.compareUnsigned(first, previous + 1) <= 0)) {
                    bounds[length - 1] = Integer.compareUnsigned(last, previous) > 0 ? last : previous;
                    return this;
                }
                sorted = Integer.compareUnsigned(first, previous) > 0;
            }
            if (length == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * length);
            }
            bounds[length++] = first;
            bounds[length++] = last;
            return this;
        }

        /** Adds all of {@code set}. */
        public Builder addAll(UidSet set) {
            for (int i = 0; i < set.bounds.length; i += 2) {
                addRange(set.bounds[i], set.bounds[i + 1]);
            }
            return this;
        }

        /** The set. */
        public UidSet build() {
            if (length == 0) {
                return EMPTY;
            }
            if (sorted) {
                return new UidSet(Arrays.copyOf(bounds, length));
            }
            long[] ranges = new long[length / 2];
            for (int i = 0; i < ranges.length; i++) {
                // Signed order of these is unsigned order of first, then last.
                ranges[i] = ((long) (bounds[2 * i] ^ Integer.MIN_VALUE) << Integer.SIZE) | Integer.toUnsignedLong(bounds[2 * i + 1]);
            }
            Arrays.sort(ranges);
            Builder merged = new Builder();
            for (long range : ranges) {
                merged.addRange((int) (range >>> Integer.SIZE) ^ Integer.MIN_VALUE, (int) range);
            }
            return merged.build();
        }
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** How many UIDs it has. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += Integer.toUnsignedLong(bounds[i + 1]) - Integer.toUnsignedLong(bounds[i]) + 1;
        }
        return size;
    }

    /** How many ranges it is made of. */
    public int ranges() {
        return bounds.length / 2;
    }

    /** The lowest UID of range {@code range}, counted from 0. */
    public int first(int range) {
        return bounds[2 * range];
    }

    /** The highest UID of range {@code range}. */
    public int last(int range) {
        return bounds[2 * range + 1];
    }

    public boolean contains(int uid) {
        int low = 0;
        int high = ranges() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(uid, first(middle)) < 0) {
                high = middle - 1;
            } else if (Integer.compareUnsigned(uid, last(middle)) > 0) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** Each UID in ascending order; only for sets of messages that exist, as 1:* has four thousand million. */
    public void forEach(IntConsumer consumer) {
        for (int i = 0; i < bounds.length; i += 2) {
            int uid = bounds[i];
            consumer.accept(uid);
            while (uid != bounds[i + 1]) {
                uid++;
                consumer.accept(uid);
            }
        }
    }

    /** What is in this, in {@code other}, or in both. */
    public UidSet union(UidSet other) {
        if (other.isEmpty()) {
            return this;
        }
        return isEmpty() ? other : new Builder().addAll(this).addAll(other).build();
    }

    /** What is in both. */
    public UidSet intersection(UidSet other) {
        Builder both = new Builder();
        int i = 0;
        int j = 0;
        while (i < ranges() && j < other.ranges()) {
            int first = Integer.compareUnsigned(first(i), other.first(j)) > 0 ? first(i) : other.first(j);
            boolean thisEnds = Integer.compareUnsigned(last(i), other.last(j)) < 0;
            int last = thisEnds ? last(i) : other.last(j);
            if (Integer.compareUnsigned(first, last) <= 0) {
                both.addRange(first, last);
            }
            if (thisEnds) {
                i++;
            } else {
                j++;
            }
        }
        return both.build();
    }

    /** What is in this and not in {@code other}. */
    public UidSet minus(UidSet other) {
        return intersection(other.complement());
    }

    private UidSet complement() {
        Builder rest = new Builder();
        int next = 1;
        for (int i = 0; i < ranges(); i++) {
            if (Integer.compareUnsigned(next, first(i)) < 0) {
                rest.addRange(next, first(i) - 1);
            }
            if (last(i) == -1) {
                return rest.build();
            }
            next = last(i) + 1;
        }
        return rest.addRange(next, -1).build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UidSet set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** As IMAP writes it: {@code 1:3,7}; empty for no UID. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ranges(); i++) {
            text.append(i == 0 ? "" : ",").append(Integer.toUnsignedString(first(i)));
            if (first(i) != last(i)) {
                text.append(':').append(Integer.toUnsignedString(last(i)));
            }
        }
        return text.toString();
    }
}
