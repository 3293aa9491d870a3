package io.mailserver.log;

import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The file of one traced session. Used by the session's thread; closed with the session. */
final class TraceFile implements AutoCloseable {
    /** A pause longer than this is written into the file. */
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private final Path path;
    private final WritableByteChannel channel;
    private final Time time;
    private final Runnable whenClosed;
    private final long start;
    private long last;
    private int octetsLeft;
    private boolean closed;

    TraceFile(Path path, WritableByteChannel channel, int maxOctets, Time time, Runnable whenClosed) {
        this.path = path;
        this.channel = channel;
        this.octetsLeft = maxOctets;
        this.time = time;
        this.whenClosed = whenClosed;
        this.start = time.nanos();
        this.last = start;
    }

    Path path() {
        return path;
    }

    /** Writes a line at once; false if nothing more can be written. */
    boolean write(String prefix, String line) {
        long now = time.nanos();
        String pause = now - last < PAUSE_NANOS ? "" : String.format(Locale.ROOT, "# after %.1f s\n", (now - start) / 1e9);
        last = now;
        byte[] octets = (pause + prefix + Escaping.line(Fields.line(line)) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (octets.length > octetsLeft) {
                writeFully("# the trace is full\n".getBytes(StandardCharsets.UTF_8));
                return false;
            }
            octetsLeft -= octets.length;
            writeFully(octets);
            return true;
        } catch (IOException e) {
            // A full disk must not end the session; the trace ends here.
            return false;
        }
    }

    private void writeFully(byte[] octets) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(octets);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        whenClosed.run();
        try {
            channel.close();
        } catch (IOException e) {
            // What could be written is written; nobody relies on the rest.
            octetsLeft = 0;
        }
    }
}
