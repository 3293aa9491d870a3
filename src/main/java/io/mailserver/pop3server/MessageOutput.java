package io.mailserver.pop3server;

import io.mailserver.store.MessageContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes a message as a multi-line response (RFC 1939 §3): a dot before lines that begin with one, and a last line of one dot. */
final class MessageOutput {
    private static final int BUFFER_OCTETS = 32 << 10;

    private final OutputStream out;
    private boolean lineStart = true;
    private boolean inBody;
    private boolean lineEmpty = true;
    /** Lines of the body that are still to be written; negative: all. */
    private long bodyLines;

    private MessageOutput(OutputStream out, long bodyLines) {
        this.out = out;
        this.bodyLines = bodyLines;
    }

    /** @param bodyLines after the empty line behind the header (RFC 1939 §7, TOP); negative: all */
    static void write(MessageContent content, long bodyLines, OutputStream out) throws IOException {
        new MessageOutput(out, bodyLines).write(content);
    }

    private void write(MessageContent content) throws IOException {
        byte[] buffer = new byte[BUFFER_OCTETS];
        try (InputStream in = content.open(0, content.size())) {
            int read = in.read(buffer, 0, buffer.length);
            while (read >= 0 && write(buffer, read)) {
                read = in.read(buffer, 0, buffer.length);
            }
        }
        if (!lineStart) {
            out.write('\r'); // a message need not end with a line's end; the response must
            out.write('\n');
        }
        out.write('.');
        out.write('\r');
        out.write('\n');
    }

    /** Whether more is wanted. */
    private boolean write(byte[] octets, int length) throws IOException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            byte octet = octets[i];
            if (lineStart) {
                if (inBody && bodyLines == 0) {
                    out.write(octets, from, i - from);
                    return false;
                }
                if (octet == '.') {
                    out.write(octets, from, i - from);
                    out.write('.');
                    from = i;
                }
                lineEmpty = true;
            }
            lineStart = octet == '\n';
            lineEmpty &= octet == '\r' || octet == '\n';
            if (lineStart) {
                endLine();
            }
        }
        out.write(octets, from, length - from);
        return true;
    }

    private void endLine() {
        if (inBody && bodyLines > 0) {
            bodyLines--;
        } else if (!inBody && lineEmpty) {
            inBody = true;
        }
    }
}
