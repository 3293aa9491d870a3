package io.mailserver.smtp;

import java.io.IOException;

/**
 * The octets behind DATA (RFC 5321 §4.5.2): dot-unstuffed, ended by CRLF.CRLF and by nothing else. The CRLF before the dot is the last
 * line's own and stays. On the hot path: the buffer is scanned in bulk and passed on in pieces as large as the dots allow.
 */
public final class DataReader {
    /** The end of the data, after a CRLF: dot, CR, LF. */
    private static final int END_OCTETS = 3;

    private final SmtpInput input;
    private final IncomingMessage message;
    private boolean atLineStart = true;
    private long lineOctets;
    private boolean ended;

    private DataReader(SmtpInput input, IncomingMessage message) {
        this.input = input;
        this.message = message;
    }

    /**
     * Reads to the end of the data, whatever is wrong with it.
     *
     * @return false where the input ended before, or the message is refused and too much of it was dropped: the connection shall end
     * @throws IOException where the connection broke
     */
    public static boolean read(SmtpInput input, IncomingMessage message) throws IOException {
        DataReader reader = new DataReader(input, message);
        boolean goOn = reader.scan();
        while (goOn && !reader.ended) {
            input.growForBulk();
            goOn = input.fill() && reader.scan();
        }
        input.endBulk();
        return goOn;
    }

    /** Takes what is in the buffer but for at most two octets whose meaning depends on what follows; false to give up. */
    private boolean scan() {
        byte[] octets = input.buffer();
        int end = input.limit();
        int pieceStart = input.position();
        int i = pieceStart;
        while (i < end) {
            if (atLineStart && octets[i] == '.') {
                if (end - i < END_OCTETS) {
                    break;
                }
                if (octets[i + 1] == '\r' && octets[i + 2] == '\n') {
                    ended = true;
                    break;
                }
                if (!pass(octets, pieceStart, i)) {
                    return false;
                }
                i++; // the stuffed dot (RFC 5321 §4.5.2)
                pieceStart = i;
            }
            atLineStart = false;
            int lineEnd = Ascii.indexOfLineEnd(octets, i, end);
            lineOctets += lineEnd - i;
            message.checkLine(lineOctets);
            i = lineEnd;
            if (i < end && octets[i] == '\r' && i + 1 == end) {
                break; // is it a CRLF?
            }
            i = behindLineEnd(octets, i, end);
        }
        if (!pass(octets, pieceStart, i)) {
            return false;
        }
        input.skipTo(ended ? i + END_OCTETS : i);
        return true;
    }

    private int behindLineEnd(byte[] octets, int at, int end) {
        if (at == end) {
            return at;
        }
        if (octets[at] == '\r' && octets[at + 1] == '\n') {
            atLineStart = true;
            lineOctets = 0;
            return at + 2;
        }
        message.refuseBareLineEnd();
        return at + 1;
    }

    private boolean pass(byte[] octets, int start, int end) {
        return start == end || message.accept(octets, start, end);
    }
}
