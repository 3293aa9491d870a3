package io.mailserver.imapserver;

import io.mailserver.imap.AuthorizedUrl;
import io.mailserver.log.SessionTrace;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What goes out, also into the trace while that is on: line by line, literals as their size alone. */
final class TracedOutput extends FilterOutputStream {
    private static final int MAX_LINE_OCTETS = 2_000;

    private final SessionTrace trace;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);
    /** Octets of a literal that are still to come. */
    private long literal;

    TracedOutput(OutputStream out, SessionTrace trace) {
        super(out);
        this.trace = trace;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        out.write(octets, offset, length);
        if (trace.on()) {
            note(octets, offset, length);
        }
    }

    private void note(byte[] octets, int offset, int length) {
        int at = offset;
        while (at < offset + length) {
            if (literal > 0) {
                int skipped = (int) Math.min(literal, offset + length - at);
                literal -= skipped;
                at += skipped;
            } else {
                byte octet = octets[at++];
                if (octet == '\n') {
                    endLine();
                } else if (octet != '\r' && line.size() < MAX_LINE_OCTETS) {
                    line.write(octet);
                }
            }
        }
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        trace.sent(AuthorizedUrl.withoutTokens(text));
        literal = announced(text);
    }

    /** The size of the literal that a line ends in; 0 if there is none. */
    private static long announced(String text) {
        int open = text.lastIndexOf('{');
        boolean digits = open >= 0
                && text.endsWith("}")
                && text.length() - open > 2
                && text.length() - open < 20
                && text.substring(open + 1, text.length() - 1).chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(text.substring(open + 1, text.length() - 1)) : 0;
    }
}
