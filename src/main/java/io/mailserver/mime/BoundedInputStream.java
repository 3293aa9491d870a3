package io.mailserver.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The first octets of a stream. */
final class BoundedInputStream extends InputStream {
    private final InputStream in;
    private long left;

    BoundedInputStream(InputStream in, long maxOctets) {
        this.in = in;
        this.left = maxOctets;
    }

    @Override
    public int read() throws IOException {
        int octet = left > 0 ? in.read() : -1;
        left -= octet < 0 ? 0 : 1;
        return octet;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        int read = left > 0 ? in.read(target, offset, (int) Math.min(length, left)) : -1;
        left -= Math.max(0, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
