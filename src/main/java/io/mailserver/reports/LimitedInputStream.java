package io.mailserver.reports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Fails when more octets come than a report may have. For one thread. */
final class LimitedInputStream extends FilterInputStream {
    private long left;

    /** More came than may. */
    static final class TooLargeException extends IOException {
        TooLargeException() {
            super("it is too large when unpacked");
        }
    }

    LimitedInputStream(InputStream in, long maxOctets) {
        super(in);
        this.left = maxOctets;
    }

    @Override
    public int read() throws IOException {
        int octet = in.read();
        count(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int octets) throws TooLargeException {
        left -= octets;
        if (left < 0) {
            throw new TooLargeException();
        }
    }
}
