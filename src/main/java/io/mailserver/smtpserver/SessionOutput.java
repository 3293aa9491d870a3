package io.mailserver.smtpserver;

import io.mailserver.log.SessionTrace;
import io.mailserver.smtp.Reply;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The only place that writes to the client. Buffers; the session flushes before it reads. */
final class SessionOutput {
    /** More than the replies to any batch of commands that fits the input buffer; grows to it only when needed. */
    private static final int BUFFER_OCTETS = 16 * 1024;

    private final OutputStream out;
    private final SessionTrace trace;

    SessionOutput(OutputStream out, SessionTrace trace) {
        this.out = new BufferedOutputStream(out, BUFFER_OCTETS);
        this.trace = trace;
    }

    void write(Reply reply) throws IOException {
        reply.writeTo(out);
        if (trace.on()) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            reply.writeTo(lines);
            lines.toString(StandardCharsets.US_ASCII).lines().forEach(trace::sent);
        }
    }

    void flush() throws IOException {
        out.flush();
    }
}
