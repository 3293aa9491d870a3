package io.mailserver.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The octets a client sends, with the only buffer between socket and session, so that what was read ahead is known exactly: replies are
 * flushed before a read that may block (RFC 2920 §3.2), and what came in before a TLS handshake can be thrown away (RFC 3207 §4.2).
 *
 * <p>A command line ends with CRLF. A line that ends with a bare LF is framed as {@link Frame#BARE_LINE_FEED}, to be answered with a hint
 * and never executed: whoever types through plain {@code nc} learns why, and no two servers can disagree where a line ended.
 *
 * <p>Belongs to the session's thread.
 */
public final class SmtpInput {
    /** Told before each read from the socket, which may block. */
    @FunctionalInterface
    public interface BeforeRead {
        void beforeRead() throws IOException;
    }

    /** What was read. */
    public enum Frame {
        /** A line, at {@link #lineStart()} to {@link #lineEnd()} in {@link #buffer()} until the next read. */
        LINE,
        /** A line that ended with LF alone; dropped. */
        BARE_LINE_FEED,
        /** A line longer than the limit; dropped up to its end. */
        TOO_LONG,
        /** The same, and it began with AUTH. */
        AUTH_TOO_LONG,
        /** No more octets; an unfinished line is dropped. */
        END
    }

    /** What 10,000 idle sessions may cost each. */
    private static final int FIRST_BUFFER_OCTETS = 4 * 1024;

    /** What a session keeps that has had a message: enough to read the next usual one at once. */
    private static final int KEPT_BUFFER_OCTETS = 8 * 1024;

    /** In the course of a long message: fewer system calls. */
    private static final int BULK_BUFFER_OCTETS = 64 * 1024;

    private static final byte[] AUTH = {'A', 'U', 'T', 'H', ' '};

    private final BeforeRead beforeRead;
    private InputStream in;
    private byte[] buffer = new byte[FIRST_BUFFER_OCTETS];
    private int position;
    private int limit;
    private int lineStart;
    private int lineEnd;

    public SmtpInput(InputStream in, BeforeRead beforeRead) {
        this.in = in;
        this.beforeRead = beforeRead;
    }

    /**
     * Reads one line of at most {@code maxOctets}, CRLF included.
     *
     * @throws IOException where the connection broke
     */
    public Frame readLine(int maxOctets) throws IOException {
        int scanned = 0;
        while (true) {
            int lineFeed = indexOf((byte) '\n', position + scanned);
            int length = (lineFeed < 0 ? limit : lineFeed + 1) - position;
            if (length > maxOctets) {
                Frame frame = startsWithAuth() ? Frame.AUTH_TOO_LONG : Frame.TOO_LONG;
                return dropLine(lineFeed) ? frame : Frame.END;
            }
            if (lineFeed >= 0) {
                return frameLine(lineFeed);
            }
            scanned = length;
            if (!fill()) {
                position = limit;
                return Frame.END;
            }
        }
    }

    private Frame frameLine(int lineFeed) {
        lineStart = position;
        position = lineFeed + 1;
        boolean crlf = lineFeed > lineStart && buffer[lineFeed - 1] == '\r';
        lineEnd = crlf ? lineFeed - 1 : lineFeed;
        return crlf ? Frame.LINE : Frame.BARE_LINE_FEED;
    }

    /** Skips to behind the line's LF; false where the input ends before. */
    private boolean dropLine(int knownLineFeed) throws IOException {
        int lineFeed = knownLineFeed;
        while (lineFeed < 0) {
            position = limit;
            if (!fill()) {
                return false;
            }
            lineFeed = indexOf((byte) '\n', position);
        }
        position = lineFeed + 1;
        return true;
    }

    private boolean startsWithAuth() {
        for (int i = 0; i < AUTH.length; i++) {
            if (position + i >= limit || Ascii.upper(buffer[position + i]) != AUTH[i]) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(byte octet, int from) {
        for (int i = from; i < limit; i++) {
            if (buffer[i] == octet) {
                return i;
            }
        }
        return -1;
    }

    /** Whether octets have been read that no line or message has taken yet. */
    public boolean hasReadAhead() {
        return position < limit;
    }

    /** The octets of the last line are in here; valid until the next read. */
    public byte[] buffer() {
        return buffer;
    }

    public int lineStart() {
        return lineStart;
    }

    /** Exclusive; CRLF not included. */
    public int lineEnd() {
        return lineEnd;
    }

    /** Forgets what was read ahead and reads from {@code newIn} from now on (RFC 3207 §4.2). */
    public void switchTo(InputStream newIn) {
        Arrays.fill(buffer, position, limit, (byte) 0);
        position = 0;
        limit = 0;
        in = newIn;
    }

    /** Gives back the memory of a long message. */
    void endBulk() {
        int ahead = limit - position;
        if (buffer.length > KEPT_BUFFER_OCTETS && ahead <= KEPT_BUFFER_OCTETS) {
            byte[] small = new byte[KEPT_BUFFER_OCTETS];
            System.arraycopy(buffer, position, small, 0, ahead);
            buffer = small;
            position = 0;
            limit = ahead;
        }
    }

    /**
     * Makes room for a long message if the last read filled the buffer: then there is more to come. Step by step, because most
     * messages are small, and 64 KiB made ready for each of them were over half of all memory allocated.
     */
    void growForBulk() {
        if (limit == buffer.length && buffer.length < BULK_BUFFER_OCTETS) {
            grow(Math.min(4 * buffer.length, BULK_BUFFER_OCTETS));
        }
    }

    int position() {
        return position;
    }

    int limit() {
        return limit;
    }

    void skipTo(int newPosition) {
        position = newPosition;
    }

    /** Reads more behind what is there, moving that to the front of the buffer; false at the end of the input. */
    boolean fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (limit == buffer.length) {
            grow(2 * buffer.length);
        }
        beforeRead.beforeRead();
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            return false;
        }
        limit += read;
        return true;
    }

    private void grow(int octets) {
        buffer = Arrays.copyOf(buffer, octets);
    }
}
