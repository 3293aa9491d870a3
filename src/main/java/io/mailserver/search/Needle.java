package io.mailserver.search;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A text to look for in texts of {@link UnicodeCasemap} form. Its first and last octet are compared for eight places at a time, so that
 * texts are passed at the speed of memory. Immutable.
 */
final class Needle {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] octets;

    Needle(String text) {
        octets = UnicodeCasemap.octets(text);
    }

    int length() {
        return octets.length;
    }

    /** Where it stands first between two places; -1 if nowhere. An empty one is everywhere. */
    int find(byte[] text, int from, int to) {
        int last = octets.length - 1;
        if (last < 0) {
            return from;
        }
        long firsts = (octets[0] & 0xff) * LOW_BITS;
        long lasts = (octets[last] & 0xff) * LOW_BITS;
        int at = from;
        for (; at + last + Long.BYTES <= to; at += Long.BYTES) {
            long differences = ((long) LONGS.get(text, at) ^ firsts) | ((long) LONGS.get(text, at + last) ^ lasts);
            // Octets that are zero; above one, false ones may follow, which the comparison sorts out.
            long zeros = (differences - LOW_BITS) & ~differences & HIGH_BITS;
            while (zeros != 0) {
                int place = at + (Long.numberOfTrailingZeros(zeros) >>> 3);
                if (isAt(text, place)) {
                    return place;
                }
                zeros &= zeros - 1;
            }
        }
        for (; at + last < to; at++) {
            if (text[at] == octets[0] && isAt(text, at)) {
                return at;
            }
        }
        return -1;
    }

    /** Whether it begins at a place. */
    boolean isAt(byte[] text, int at) {
        return Arrays.equals(text, at, at + octets.length, octets, 0, octets.length);
    }
}
