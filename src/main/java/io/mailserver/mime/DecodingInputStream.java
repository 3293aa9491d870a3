package io.mailserver.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A stream that decodes another one block by block. For one thread. */
abstract class DecodingInputStream extends InputStream {
    private static final int BLOCK_OCTETS = 8 << 10;

    private final InputStream encoded;
    private final byte[] block = new byte[BLOCK_OCTETS];
    /** What a block may decode to, and a little left over from the one before. */
    private final byte[] decoded;
    private int at;
    private int filled;
    private boolean ended;

    DecodingInputStream(InputStream encoded, int maxExtraOctets) {
        this(encoded, 1, maxExtraOctets);
    }

    /** @param maxGrowth how many octets one may become at most */
    DecodingInputStream(InputStream encoded, int maxGrowth, int maxExtraOctets) {
        this.encoded = encoded;
        this.decoded = new byte[BLOCK_OCTETS * maxGrowth + maxExtraOctets];
    }

    /** Decodes a range into {@code out}; returns how much of it is filled. */
    abstract int decode(byte[] in, int from, int to, byte[] out);

    /** Writes what is left at the end; returns how much of {@code out} is filled. */
    abstract int finish(byte[] out);

    @Override
    public int read() throws IOException {
        return fill() ? decoded[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int copied = Math.min(length, filled - at);
        System.arraycopy(decoded, at, target, offset, copied);
        at += copied;
        return copied;
    }

    private boolean fill() throws IOException {
        while (at == filled) {
            if (ended) {
                return false;
            }
            at = 0;
            int read = encoded.read(block, 0, block.length);
            ended = read < 0;
            filled = ended ? finish(decoded) : decode(block, 0, read, decoded);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        encoded.close();
    }
}
