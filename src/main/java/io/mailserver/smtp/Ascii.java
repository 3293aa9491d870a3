package io.mailserver.smtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Octets of US-ASCII. */
final class Ascii {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long RETURNS = '\r' * ONES;

    private Ascii() {}

    static byte upper(byte octet) {
        return octet >= 'a' && octet <= 'z' ? (byte) (octet - 'a' + 'A') : octet;
    }

    /**
     * The index of the first CR or LF at {@code from} or behind; {@code to} if there is none. Looks at eight octets at a time, because
     * every octet of every message passes here: {@code (x - 1) & ~x & 0x80} is not zero in the lowest octet of x that is zero.
     */
    static int indexOfLineEnd(byte[] octets, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long eight = (long) LONGS.get(octets, i);
            long lineFeeds = eight ^ LINE_FEEDS;
            long returns = eight ^ RETURNS;
            long found = (((lineFeeds - ONES) & ~lineFeeds) | ((returns - ONES) & ~returns)) & HIGH_BITS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < to && octets[i] != '\n' && octets[i] != '\r') {
            i++;
        }
        return i;
    }
}
