package io.mailserver.check;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A message as it goes over the wire: every LF that stands alone is read as CRLF. Counts what it found. For one thread. */
final class CrlfInputStream extends FilterInputStream {
    private static final int NOTHING = -2;

    private int last = NOTHING;
    private int pending = NOTHING;
    private long wholeLineEnds;
    private long bareLineEnds;

    /** @param in read one octet at a time: buffered */
    CrlfInputStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        if (pending != NOTHING) {
            int octet = pending;
            pending = NOTHING;
            return octet;
        }
        int octet = in.read();
        boolean bare = octet == '\n' && last != '\r';
        if (octet == '\n') {
            wholeLineEnds += bare ? 0 : 1;
            bareLineEnds += bare ? 1 : 0;
        }
        last = octet;
        if (bare) {
            pending = '\n';
            return '\r';
        }
        return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = 0;
        while (count < length) {
            int octet = read();
            if (octet < 0) {
                return count == 0 ? -1 : count;
            }
            buffer[offset + count++] = (byte) octet;
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Whether all line ends read so far were LF alone, and there was one. */
    boolean onlyBareLineEnds() {
        return bareLineEnds > 0 && wholeLineEnds == 0;
    }
}
