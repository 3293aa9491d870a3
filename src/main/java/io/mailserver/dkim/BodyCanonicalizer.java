package io.mailserver.dkim;

/**
 * Canonicalizes a body as it streams by (RFC 6376 §3.4.3, §3.4.4), holding nothing but counts: line ends are held back until it is
 * known that they are not the last, white space until it is known that it does not end the line. A bare CR or LF is an octet like any
 * other.
 */
final class BodyCanonicalizer {
    /** Takes what comes out. */
    @FunctionalInterface
    interface Sink {
        void accept(byte[] octets, int offset, int length);
    }

    private static final int OUT_OCTETS = 2 << 10;

    private final boolean relaxed;
    private final Sink sink;
    private final byte[] out = new byte[OUT_OCTETS];
    private int filled;
    private long heldLineEnds;
    private boolean heldCr;
    private boolean heldBlank;
    private boolean wroteAny;

    BodyCanonicalizer(Canonicalization kind, Sink sink) {
        this.relaxed = kind == Canonicalization.RELAXED;
        this.sink = sink;
    }

    void update(byte[] octets, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            byte octet = octets[at];
            if (isOrdinary(octet)) {
                int runEnd = at + 1;
                while (runEnd < end && isOrdinary(octets[runEnd])) {
                    runEnd++;
                }
                release();
                write(octets, at, runEnd - at);
                at = runEnd;
            } else {
                special(octet);
                at++;
            }
        }
    }

    /** Ends the body: "*CRLF" at its end becomes one CRLF; a relaxed body without anything in it stays empty. */
    void finish() {
        if (heldCr) {
            release();
        }
        if (!relaxed || wroteAny) {
            put((byte) '\r');
            put((byte) '\n');
        }
        flush();
    }

    private boolean isOrdinary(byte octet) {
        return octet != '\r' && octet != '\n' && !(relaxed && (octet == ' ' || octet == '\t'));
    }

    private void special(byte octet) {
        switch (octet) {
            case '\r' -> {
                if (heldCr) {
                    release();
                }
                heldCr = true;
            }
            case '\n' -> {
                if (heldCr) {
                    heldCr = false;
                    heldBlank = false; // White space at the end of a line does not count.
                    heldLineEnds++;
                } else {
                    release();
                    put(octet);
                }
            }
            default -> {
                if (heldCr) {
                    release();
                }
                heldBlank = true;
            }
        }
    }

    /** Something follows: what was held back counts. */
    private void release() {
        for (; heldLineEnds > 0; heldLineEnds--) {
            put((byte) '\r');
            put((byte) '\n');
        }
        if (heldBlank) {
            heldBlank = false;
            put((byte) ' ');
        }
        if (heldCr) {
            heldCr = false;
            put((byte) '\r');
        }
        wroteAny = true;
    }

    private void write(byte[] octets, int offset, int length) {
        if (length > out.length - filled) {
            flush();
            if (length >= out.length) {
                sink.accept(octets, offset, length);
                return;
            }
        }
        System.arraycopy(octets, offset, out, filled, length);
        filled += length;
    }

    private void put(byte octet) {
        if (filled == out.length) {
            flush();
        }
        out[filled++] = octet;
    }

    private void flush() {
        if (filled > 0) {
            sink.accept(out, 0, filled);
            filled = 0;
        }
    }
}
