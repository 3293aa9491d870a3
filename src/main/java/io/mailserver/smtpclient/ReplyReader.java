package io.mailserver.smtpclient;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames and parses replies (RFC 5321 §4.2.1): a code, the same in each line, a hyphen in all lines but the last. Lines end with CRLF;
 * a bare LF is taken too, as no octets of ours are framed by it.
 */
final class ReplyReader {
    /** RFC 5321 §4.5.3.1.5 says 512; some servers write more. */
    private static final int MAX_LINE_OCTETS = 4096;
    private static final int MAX_LINES = 200;

    private final Dialogue dialogue;
    private InputStream in;
    private final byte[] buffer = new byte[MAX_LINE_OCTETS];
    private int position;
    private int limit;

    /** What came in is not SMTP. */
    static final class GarbageException extends IOException {
        GarbageException(String what) {
            super(what);
        }
    }

    ReplyReader(InputStream in, Dialogue dialogue) {
        this.in = in;
        this.dialogue = dialogue;
    }

    /** Reads from {@code newIn} from now on; what was read ahead is forgotten (RFC 3207 §4.2). */
    void switchTo(InputStream newIn) {
        in = newIn;
        position = 0;
        limit = 0;
    }

    /** Whether octets came that no reply has taken. */
    boolean hasReadAhead() {
        return position < limit;
    }

    /** Reads one reply. */
    ServerReply read() throws IOException {
        List<String> lines = new ArrayList<>(1);
        int code = 0;
        while (true) {
            String line = line();
            dialogue.received(line);
            int lineCode = code(line);
            if (!lines.isEmpty() && lineCode != code) {
                throw new GarbageException("a reply changes from " + code + " to " + lineCode);
            }
            code = lineCode;
            lines.add(line.length() > 4 ? line.substring(4).strip() : "");
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return new ServerReply(code, lines);
            }
            if (lines.size() == MAX_LINES) {
                throw new GarbageException("a reply of more than " + MAX_LINES + " lines");
            }
        }
    }

    private static int code(String line) throws GarbageException {
        boolean wellFormed = line.length() >= 3
                && line.charAt(0) >= '2' && line.charAt(0) <= '5'
                && isDigit(line.charAt(1)) && isDigit(line.charAt(2))
                && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-');
        if (!wellFormed) {
            throw new GarbageException("not a reply: " + line.substring(0, Math.min(line.length(), 80)));
        }
        return Integer.parseInt(line.substring(0, 3));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private String line() throws IOException {
        int scanned = position;
        while (true) {
            for (; scanned < limit; scanned++) {
                if (buffer[scanned] == '\n') {
                    int end = scanned > position && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
                    String line = printable(position, end);
                    position = scanned + 1;
                    return line;
                }
            }
            scanned -= position;
            fill();
        }
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        if (limit == buffer.length) {
            throw new GarbageException("a reply line of more than " + MAX_LINE_OCTETS + " octets");
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            throw new EOFException("the server closed the connection");
        }
        limit += read;
    }

    /** UTF-8 (RFC 6531 §3.7.4.2 allows it); what is no character, and every control, becomes a question mark. */
    private String printable(int from, int to) {
        String text = new String(buffer, from, to - from, StandardCharsets.UTF_8);
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) || c == '\ufffd' || c == 0x2028 || c == 0x2029 ? '?' : c);
        }
        return clean.toString();
    }
}
