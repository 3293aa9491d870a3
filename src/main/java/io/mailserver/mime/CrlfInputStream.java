package io.mailserver.mime;

import java.io.InputStream;

/** A stream as it is served: a line feed without a carriage return before it becomes CRLF; everything else stays. */
public final class CrlfInputStream extends DecodingInputStream {
    private boolean afterCarriageReturn;

    /** Closing it closes {@code octets}. */
    public CrlfInputStream(InputStream octets) {
        super(octets, 2, 0);
    }

    @Override
    int decode(byte[] in, int from, int to, byte[] out) {
        int filled = 0;
        for (int i = from; i < to; i++) {
            byte octet = in[i];
            if (octet == '\n' && !afterCarriageReturn) {
                out[filled++] = '\r';
            }
            out[filled++] = octet;
            afterCarriageReturn = octet == '\r';
        }
        return filled;
    }

    @Override
    int finish(byte[] out) {
        return 0;
    }
}
