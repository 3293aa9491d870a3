package io.mailserver.mime;

import java.io.InputStream;

/**
 * Decodes quoted-printable (RFC 2045 §6.7): white space before a line end is dropped, an equals sign before one joins the lines. What is
 * wrong stays as it is.
 */
final class QuotedPrintableInputStream extends DecodingInputStream {
    /** White space in one run that is held back; more of it counts as text. */
    private static final int MAX_HELD_OCTETS = 1_000;

    private final byte[] held = new byte[MAX_HELD_OCTETS + 4];
    private int heldCount;
    /** Whether {@code held} begins with an equals sign. */
    private boolean escaped;

    QuotedPrintableInputStream(InputStream encoded) {
        super(encoded, MAX_HELD_OCTETS + 8);
    }

    @Override
    int decode(byte[] in, int from, int to, byte[] out) {
        int filled = 0;
        for (int i = from; i < to; i++) {
            byte octet = in[i];
            if (heldCount == 0 && octet > ' ' && octet != '=') {
                out[filled++] = octet; // The usual case.
            } else {
                filled = step(octet, out, filled);
            }
        }
        return filled;
    }

    private int step(byte octet, byte[] out, int filled) {
        boolean blank = octet == ' ' || octet == '\t' || octet == '\r';
        if (octet == '\n') {
            return lineEnd(out, filled);
        }
        if (blank && heldCount < MAX_HELD_OCTETS) {
            held[heldCount++] = octet;
            return filled;
        }
        if (escaped) {
            return afterEquals(octet, out, filled);
        }
        int at = release(out, filled);
        if (octet == '=') {
            escaped = true;
            held[heldCount++] = octet;
            return at;
        }
        out[at++] = octet;
        return at;
    }

    /** Held are the equals sign and perhaps one hexadecimal digit, or blanks. */
    private int afterEquals(byte octet, byte[] out, int filled) {
        boolean digit = Character.digit(octet, 16) >= 0;
        if (digit && heldCount == 1) {
            held[heldCount++] = octet;
            return filled;
        }
        if (digit && heldCount == 2 && Character.digit(held[1], 16) >= 0) {
            out[filled] = (byte) (Character.digit(held[1], 16) << 4 | Character.digit(octet, 16));
            heldCount = 0;
            escaped = false;
            return filled + 1;
        }
        return step(octet, out, release(out, filled));
    }

    private int lineEnd(byte[] out, int filled) {
        boolean carriageReturn = heldCount > 0 && held[heldCount - 1] == '\r';
        boolean soft = escaped && isBlank(1);
        int at = filled;
        if (!soft) {
            // Blanks before a line end are not text; a broken escape is.
            while (heldCount > 0 && isSpace(held[heldCount - 1])) {
                heldCount--;
            }
            at = release(out, at);
            if (carriageReturn) {
                out[at++] = '\r';
            }
            out[at++] = '\n';
        }
        heldCount = 0;
        escaped = false;
        return at;
    }

    private boolean isBlank(int from) {
        for (int i = from; i < heldCount; i++) {
            if (!isSpace(held[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\r';
    }

    private int release(byte[] out, int filled) {
        System.arraycopy(held, 0, out, filled, heldCount);
        int at = filled + heldCount;
        heldCount = 0;
        escaped = false;
        return at;
    }

    @Override
    int finish(byte[] out) {
        if (escaped && isBlank(1)) {
            heldCount = 0; // An equals sign at the very end joins nothing.
        }
        return release(out, 0);
    }
}
