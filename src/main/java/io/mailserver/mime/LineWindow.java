package io.mailserver.mime;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A message line by line, from an array or through a window over a stream, with the offset of each line in the message as it is
 * served: a line feed without a carriage return before it counts as two octets. A line longer than the window comes in pieces.
 */
final class LineWindow {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = '\n' * LOW_BITS;

    private final InputStream in;
    private final byte[] window;
    private int limit;
    private boolean ended;

    private int start;
    private int end;
    private boolean startsLine = true;
    private boolean nextStartsLine = true;
    private boolean afterCarriageReturn;
    private long offset;
    private long nextOffset;
    private long lineFeeds;

    LineWindow(byte[] message) {
        in = InputStream.nullInputStream();
        window = message;
        limit = message.length;
        ended = true;
    }

    /** @param windowOctets more than a boundary line can have */
    LineWindow(InputStream message, int windowOctets) {
        in = message;
        window = new byte[windowOctets];
    }

    /** Moves to the next line, or to the next piece of one that is longer than the window; false at the end. */
    boolean next() throws IOException {
        start = end;
        offset = nextOffset;
        startsLine = nextStartsLine;
        int found = lineFeed(window, start, limit);
        if (found < 0 && !ended) {
            refill();
            found = lineFeed(window, start, limit);
        }
        if (found < 0) {
            end = limit;
            nextStartsLine = false;
            nextOffset = offset + end - start;
            if (end > start) {
                afterCarriageReturn = window[end - 1] == '\r';
            }
            return end > start;
        }
        end = found + 1;
        boolean bare = found > start ? window[found - 1] != '\r' : !afterCarriageReturn;
        nextOffset = offset + end - start + (bare ? 1 : 0);
        lineFeeds++;
        afterCarriageReturn = false;
        nextStartsLine = true;
        return true;
    }

    /** The octets of the line are in {@code array()[start()..end())}, its end included; until the next call of {@link #next}. */
    byte[] array() {
        return window;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** The octets without the line end and without white space before it. */
    int trimmedEnd() {
        int at = end;
        while (at > start && (window[at - 1] == '\n' || window[at - 1] == '\r' || window[at - 1] == ' ' || window[at - 1] == '\t')) {
            at--;
        }
        return at;
    }

    /** Whether this is the beginning of a line, not a later piece of it. */
    boolean startsLine() {
        return startsLine;
    }

    /** Whether the line begins with two hyphens: only then it can be a boundary. */
    boolean startsWithHyphens() {
        return startsLine && end - start > 2 && window[start] == '-' && window[start + 1] == '-';
    }

    /** Whether there is nothing on the line. */
    boolean isEmpty() {
        return startsLine && (window[start] == '\n' || (end - start == 2 && window[start] == '\r' && window[start + 1] == '\n'));
    }

    /** Where the line starts in the message as served. */
    long offset() {
        return offset;
    }

    /** Where the next line starts. */
    long nextOffset() {
        return nextOffset;
    }

    /** How many line ends there were, that of this line included. */
    long lineFeeds() {
        return lineFeeds;
    }

    private void refill() throws IOException {
        int kept = limit - start;
        if (kept == window.length) {
            return;
        }
        System.arraycopy(window, start, window, 0, kept);
        start = 0;
        limit = kept;
        int read = in.readNBytes(window, kept, window.length - kept);
        limit += read;
        ended = limit < window.length;
    }

    /** Where the next line feed is between two places, eight octets at a time; -1 if there is none. */
    static int lineFeed(byte[] octets, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long matches = (long) LONGS.get(octets, at) ^ LINE_FEEDS; // A zero octet is a match.
            long zeros = (matches - LOW_BITS) & ~matches & HIGH_BITS;
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; at < to; at++) {
            if (octets[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** Whether {@code expected} stands at a place. */
    boolean matches(int at, int to, byte[] expected) {
        return Arrays.equals(window, at, to, expected, 0, expected.length);
    }
}
