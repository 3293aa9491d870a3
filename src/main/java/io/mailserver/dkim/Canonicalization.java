package io.mailserver.dkim;

import io.mailserver.mime.HeaderField;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;

/** How a signature sees octets that the way may have changed (RFC 6376 §3.4). */
public enum Canonicalization {
    /** Nearly as they are (RFC 6376 §3.4.1, §3.4.3). */
    SIMPLE,
    /** Without regard to white space, folding and the case of field names (RFC 6376 §3.4.2, §3.4.4). */
    RELAXED;

    /** By its word in a signature; empty for one we do not know. */
    public static Optional<Canonicalization> ofWord(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "simple" -> Optional.of(SIMPLE);
            case "relaxed" -> Optional.of(RELAXED);
            default -> Optional.empty();
        };
    }

    /** The word in a signature. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Appends a field with one CRLF at its end. */
    public void header(HeaderField field, ByteArrayOutputStream out) {
        header(field.octets(), field.valueStart() - field.start(), out);
        crlf(out);
    }

    /**
     * Appends a field whose octets were prepared, without a line end (a signature without its own value).
     *
     * @param octets the field, with or without its line end
     * @param valueStart the place after the colon
     */
    public void header(byte[] octets, int valueStart, ByteArrayOutputStream out) {
        int end = octets.length;
        if (end > 0 && octets[end - 1] == '\n') {
            end -= end > 1 && octets[end - 2] == '\r' ? 2 : 1;
        }
        if (this == SIMPLE) {
            out.write(octets, 0, end);
            return;
        }
        int nameEnd = Math.max(0, valueStart - 1);
        while (nameEnd > 0 && isBlank(octets[nameEnd - 1])) {
            nameEnd--;
        }
        // Never longer than it was. In one piece, as each write takes a lock.
        byte[] relaxed = new byte[octets.length + 1];
        int length = 0;
        for (int i = 0; i < nameEnd; i++) {
            byte octet = octets[i];
            relaxed[length++] = (byte) (octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
        }
        relaxed[length++] = ':';
        out.write(relaxed, 0, relaxValue(octets, valueStart, end, relaxed, length));
    }

    /** Returns how far {@code out} is filled now. */
    private static int relaxValue(byte[] octets, int start, int end, byte[] out, int filled) {
        boolean blank = false;
        int length = filled;
        for (int i = start; i < end; i++) {
            byte octet = octets[i];
            boolean lineEnd = octet == '\n' || (octet == '\r' && i + 1 < end && octets[i + 1] == '\n');
            if (lineEnd) {
                continue;
            }
            if (isBlank(octet)) {
                blank = true;
                continue;
            }
            if (blank && length > filled) {
                out[length++] = ' ';
            }
            blank = false;
            out[length++] = octet;
        }
        return length;
    }

    private static void crlf(ByteArrayOutputStream out) {
        out.write('\r');
        out.write('\n');
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}
