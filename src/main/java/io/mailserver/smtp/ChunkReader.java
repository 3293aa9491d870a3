package io.mailserver.smtp;

import java.io.IOException;

/**
 * The octets behind BDAT (RFC 3030 §2): exactly as many as announced, exactly as sent. One reader serves all chunks of a message, for a
 * line may go on in the next chunk. Lone CR and LF are refused unless the message is BODY=BINARYMIME.
 */
public final class ChunkReader {
    private final SmtpInput input;
    private final IncomingMessage message;
    private boolean afterReturn;
    private long lineOctets;

    public ChunkReader(SmtpInput input, IncomingMessage message) {
        this.input = input;
        this.message = message;
    }

    /**
     * Reads one chunk, whatever is wrong with the message.
     *
     * @param last whether it ends the message
     * @return false where the input ended before, or the message is refused and too much of it was dropped: the connection shall end
     * @throws IOException where the connection broke
     */
    public boolean read(long octets, boolean last) throws IOException {
        long left = octets;
        while (left > 0) {
            if (!input.hasReadAhead()) {
                input.growForBulk();
                if (!input.fill()) {
                    return false;
                }
            }
            int start = input.position();
            int end = (int) Math.min(input.limit(), start + left);
            check(input.buffer(), start, end);
            if (!message.accept(input.buffer(), start, end)) {
                return false;
            }
            input.skipTo(end);
            left -= end - start;
        }
        if (last && afterReturn && !message.isBinary()) {
            message.refuseBareLineEnd();
        }
        input.endBulk();
        return true;
    }

    private void check(byte[] octets, int start, int end) {
        int i = start;
        while (i < end) {
            int lineEnd = Ascii.indexOfLineEnd(octets, i, end);
            if (lineEnd > i) {
                endReturn();
                lineOctets += lineEnd - i;
                message.checkLine(lineOctets);
            }
            if (lineEnd < end) {
                lineEnd(octets[lineEnd]);
            }
            i = lineEnd + 1;
        }
    }

    private void lineEnd(byte octet) {
        if (octet == '\r') {
            endReturn();
            afterReturn = true;
        } else if (afterReturn) {
            afterReturn = false;
            lineOctets = 0;
        } else if (!message.isBinary()) {
            message.refuseBareLineEnd();
        }
    }

    /** What follows is not LF: a CR before it stood alone. */
    private void endReturn() {
        if (afterReturn && !message.isBinary()) {
            message.refuseBareLineEnd();
        }
        afterReturn = false;
    }
}
