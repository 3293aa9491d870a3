package io.mailserver.mime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that knows where in the message it stands. */
final class CountingStream extends FilterInputStream {
    private long position;

    CountingStream(InputStream in, long position) {
        super(in);
        this.position = position;
    }

    long position() {
        return position;
    }

    /** Moves forwards; to the end where the message is shorter than that. */
    void skipTo(long place) throws IOException {
        boolean moved = true;
        while (position < place && moved) {
            moved = skip(place - position) > 0;
        }
    }

    @Override
    public int read() throws IOException {
        int octet = in.read();
        position += octet < 0 ? 0 : 1;
        return octet;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = in.skip(count);
        position += skipped;
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
