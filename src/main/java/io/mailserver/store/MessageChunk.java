package io.mailserver.store;

import java.util.Arrays;

/**
 * Up to {@link #CAPACITY} neighbouring messages of a mailbox as arrays, ordered by UID; never changed once made. A change of one
 * message copies its chunk and no other.
 */
final class MessageChunk {
    /** Small enough that a change of one message writes little, large enough that 100,000 messages are few rows. */
    static final int CAPACITY = 256;

    final int[] uids;
    final long[] flags;
    final long[] modSeqs;
    final long[] emails;
    final int[] sizes;
    /** Seconds since 1970, unsigned. */
    final int[] dates;

    final int unseen;
    final int deleted;
    final long octets;
    final long maxModSeq;
    final long anyFlags;

    /** The arrays are the chunk's from now on; all of the same length, at least one long. */
    MessageChunk(int[] uids, long[] flags, long[] modSeqs, long[] emails, int[] sizes, int[] dates) {
        this.uids = uids;
        this.flags = flags;
        this.modSeqs = modSeqs;
        this.emails = emails;
        this.sizes = sizes;
        this.dates = dates;
        int notSeen = 0;
        int marked = 0;
        long sum = 0;
        long newest = 0;
        long union = 0;
        for (int i = 0; i < uids.length; i++) {
            notSeen += (flags[i] & MessageList.SEEN) == 0 ? 1 : 0;
            marked += (flags[i] & MessageList.DELETED) == 0 ? 0 : 1;
            sum += Integer.toUnsignedLong(sizes[i]);
            newest = Math.max(newest, modSeqs[i]);
            union |= flags[i];
        }
        this.unseen = notSeen;
        this.deleted = marked;
        this.octets = sum;
        this.maxModSeq = newest;
        this.anyFlags = union;
    }

    /** What is known of one message. */
    record Entry(int uid, long flags, long modSeq, long email, int size, int date) {}

    int count() {
        return uids.length;
    }

    int firstUid() {
        return uids[0];
    }

    int lastUid() {
        return uids[uids.length - 1];
    }

    boolean isFull() {
        return uids.length >= CAPACITY;
    }

    Entry entry(int i) {
        return new Entry(uids[i], flags[i], modSeqs[i], emails[i], sizes[i], dates[i]);
    }

    /** Where {@code uid} is, or would be as {@code -(place + 1)}. */
    int find(int uid) {
        int low = 0;
        int high = uids.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(uids[middle], uid);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }

    /** The same messages with other flags and MODSEQs. */
    MessageChunk with(long[] newFlags, long[] newModSeqs) {
        return new MessageChunk(uids, newFlags, newModSeqs, emails, sizes, dates);
    }

    /** The messages whose place is marked; at least one. */
    MessageChunk keep(boolean[] kept, int count) {
        int[] newUids = new int[count];
        long[] newFlags = new long[count];
        long[] newModSeqs = new long[count];
        long[] newEmails = new long[count];
        int[] newSizes = new int[count];
        int[] newDates = new int[count];
        int to = 0;
        for (int i = 0; i < uids.length; i++) {
            if (kept[i]) {
                newUids[to] = uids[i];
                newFlags[to] = flags[i];
                newModSeqs[to] = modSeqs[i];
                newEmails[to] = emails[i];
                newSizes[to] = sizes[i];
                newDates[to] = dates[i];
                to++;
            }
        }
        return new MessageChunk(newUids, newFlags, newModSeqs, newEmails, newSizes, newDates);
    }
}
