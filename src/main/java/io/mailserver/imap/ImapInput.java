package io.mailserver.imap;

import io.mailserver.base.ContentWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The octets a client sends, with the only buffer between socket and session, so that what was read ahead is known exactly: responses
 * are flushed before a read that may block, and what came in before a TLS handshake can be thrown away (RFC 9051 §6.2.1).
 *
 * <p>{@link #readCommand} frames one command with its literals (RFC 9051 §4.3, RFC 7888). Small literals come into the frame; a message
 * of APPEND goes to where {@link Peer#literal} wants it, at any size without being held here. {@link #readLine} reads what follows a
 * continuation request of AUTHENTICATE and IDLE.
 *
 * <p>Belongs to one thread at a time.
 */
public final class ImapInput {
    /** The session behind this input. */
    public interface Peer {
        /** Told before each read from the socket, which may block. */
        void beforeRead() throws IOException;

        /** Sends the continuation request for a synchronizing literal; it is flushed before the next read. */
        void goAhead() throws IOException;

        /** Decides about a message that is announced. */
        LiteralDecision literal(LiteralRequest request) throws IOException;

        /** What the client is told when the octets of its message cannot be held. */
        StatusResponse cannotHold(IOException trouble);
    }

    /** What becomes of an announced message. */
    public sealed interface LiteralDecision {
        /** It goes there. The writer belongs to this input from now on. */
        record Take(ContentWriter writer) implements LiteralDecision {}

        /** It is not wanted; the command ends with this response. */
        record Refuse(StatusResponse response) implements LiteralDecision {}
    }

    /**
     * Limits of one command, all in octets.
     *
     * @param command with all its literals but messages
     * @param nonSynchronizing a literal that the client sends without being asked (LITERAL-: 4,096)
     * @param dropped of refused literals that are read and thrown away before the connection is closed instead
     */
    public record Limits(int command, long nonSynchronizing, long dropped) {
        /** Room for AUTHENTICATE with a long initial response; LITERAL- (RFC 7888 §5). */
        public static final Limits BEFORE_LOGIN = new Limits(16 << 10, 4096, 0);

        /** Room for the UIDs that a client names one by one, and for values of METADATA; LITERAL+. */
        public static final Limits AFTER_LOGIN = new Limits(1 << 20, Long.MAX_VALUE, 64 << 20);
    }

    /** What was read. */
    public sealed interface Outcome {
        /** A command; the reader closes its frame. */
        record Command(ImapFrame frame) implements Outcome {}

        /**
         * No command; it has been dropped to its end, unless the response closes.
         *
         * @param tag empty where it could not be read
         */
        record Refused(Optional<String> tag, StatusResponse response) implements Outcome {}

        /** No more octets; an unfinished command is dropped. */
        record End() implements Outcome {}
    }

    /** What 10,000 idle sessions may cost each. */
    private static final int FIRST_BUFFER_OCTETS = 2 * 1024;

    /** What a session keeps that has had a message. */
    private static final int KEPT_BUFFER_OCTETS = 8 * 1024;

    /** In the course of a long literal: fewer system calls. */
    private static final int BULK_BUFFER_OCTETS = 64 * 1024;

    private final Peer peer;
    private InputStream in;
    private byte[] buffer = new byte[FIRST_BUFFER_OCTETS];
    private int position;
    private int limit;
    private long arrived;

    public ImapInput(InputStream in, Peer peer) {
        this.in = in;
        this.peer = peer;
    }

    /**
     * Reads one command.
     *
     * @param dialect in which the mailbox of APPEND is read
     * @throws IOException where the connection broke
     */
    public Outcome readCommand(Limits limits, Dialect dialect) throws IOException {
        try (CommandReader reader = new CommandReader(this, peer, limits, dialect)) {
            return reader.read();
        }
    }

    /**
     * Reads one line of at most {@code maxOctets} without its CRLF, or with a bare LF for its end; one char per octet.
     *
     * @return empty where the input ended, or the line is too long, after which nothing more can be read
     */
    public Optional<String> readLine(int maxOctets) throws IOException {
        int length = lineLength(maxOctets);
        if (length < 0) {
            return Optional.empty();
        }
        int end = position + length;
        int text = length - (length > 1 && buffer[end - 2] == '\r' ? 2 : 1);
        String line = new String(buffer, position, text, StandardCharsets.ISO_8859_1);
        position = end;
        return Optional.of(line);
    }

    /** The length of the next line with its LF; -1 at the end of the input, -2 where it is longer. Does not move on. */
    int lineLength(int maxOctets) throws IOException {
        int scanned = 0;
        while (true) {
            for (int i = position + scanned; i < limit; i++) {
                if (buffer[i] == '\n') {
                    int length = i + 1 - position;
                    return length > maxOctets ? -2 : length;
                }
            }
            scanned = limit - position;
            if (scanned >= maxOctets) {
                return -2;
            }
            if (!fill()) {
                return -1;
            }
        }
    }

    /** Skips to behind the line's LF; false where the input ends before. */
    boolean dropLine() throws IOException {
        while (true) {
            while (position < limit) {
                if (buffer[position++] == '\n') {
                    return true;
                }
            }
            if (!fill()) {
                return false;
            }
        }
    }

    /** Whether octets have been read that no command has taken yet. */
    public boolean hasReadAhead() {
        return position < limit;
    }

    /** Waits until there is something to read; false at the end of the input. */
    public boolean awaitInput() throws IOException {
        return available() > 0;
    }

    /** How many octets have come in, for those who watch the pace of a client. */
    public long arrived() {
        return arrived;
    }

    /** Forgets what was read ahead and reads from {@code newIn} from now on (STARTTLS; RFC 9051 §11.1: nothing from before survives). */
    public void switchTo(InputStream newIn) {
        Arrays.fill(buffer, position, limit, (byte) 0);
        position = 0;
        limit = 0;
        in = newIn;
    }

    byte[] buffer() {
        return buffer;
    }

    int position() {
        return position;
    }

    void skip(int octets) {
        position += octets;
    }

    /** How many octets are at hand, after a read if there were none; 0 at the end of the input. */
    int available() throws IOException {
        if (position == limit && !fill()) {
            return 0;
        }
        return limit - position;
    }

    /** Makes room for a long literal. */
    void growForBulk() {
        if (buffer.length < BULK_BUFFER_OCTETS) {
            buffer = Arrays.copyOf(buffer, BULK_BUFFER_OCTETS);
        }
    }

    /** Gives back the memory of a long literal. */
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

    private boolean fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        peer.beforeRead();
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            return false;
        }
        limit += read;
        arrived += read;
        return true;
    }
}
