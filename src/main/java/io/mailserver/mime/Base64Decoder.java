package io.mailserver.mime;

import java.util.Arrays;

/**
 * Decodes base64 (RFC 2045 §6.8) piece by piece. Octets outside the alphabet are skipped; padding ends a group of four, and more groups
 * may follow it, as in bodies glued together. For one thread.
 */
final class Base64Decoder {
    private static final byte[] VALUES = values();
    private static final byte SKIP = -1;
    private static final byte PADDING = -2;

    private int bits;
    private int count;

    private static byte[] values() {
        byte[] values = new byte[256];
        Arrays.fill(values, SKIP);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        values['='] = PADDING;
        return values;
    }

    /**
     * Decodes a range into {@code out}, which has room for three octets for each four of the range and three more.
     *
     * @return how many octets of {@code out} are filled
     */
    int decode(byte[] in, int from, int to, byte[] out) {
        int at = from;
        int filled = 0;
        while (at < to) {
            if (count == 0) {
                while (at + 4 <= to) { // Whole groups, the usual case.
                    int a = VALUES[in[at] & 0xff];
                    int b = VALUES[in[at + 1] & 0xff];
                    int c = VALUES[in[at + 2] & 0xff];
                    int d = VALUES[in[at + 3] & 0xff];
                    if ((a | b | c | d) < 0) {
                        break;
                    }
                    out[filled] = (byte) (a << 2 | b >> 4);
                    out[filled + 1] = (byte) (b << 4 | c >> 2);
                    out[filled + 2] = (byte) (c << 6 | d);
                    filled += 3;
                    at += 4;
                }
                if (at >= to) {
                    break;
                }
            }
            byte value = VALUES[in[at++] & 0xff];
            if (value >= 0) {
                bits = bits << 6 | value;
                if (++count == 4) {
                    out[filled++] = (byte) (bits >> 16);
                    out[filled++] = (byte) (bits >> 8);
                    out[filled++] = (byte) bits;
                    reset();
                }
            } else if (value == PADDING) {
                filled = finish(out, filled);
            }
        }
        return filled;
    }

    /** Writes what an incomplete group holds; returns the new fill. */
    int finish(byte[] out, int filled) {
        int at = filled;
        if (count >= 2) {
            int left = bits << (6 * (4 - count));
            out[at++] = (byte) (left >> 16);
            if (count == 3) {
                out[at++] = (byte) (left >> 8);
            }
        }
        reset();
        return at;
    }

    private void reset() {
        bits = 0;
        count = 0;
    }
}
