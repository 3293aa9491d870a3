package io.mailserver.mime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One field of a header, as a range of octets: name, colon, value with its folds, line end (RFC 5322 §2.2). What has no name before a
 * colon is kept as a malformed field.
 */
public final class HeaderField {
    private final byte[] source;
    private final int start;
    private final int nameEnd;
    private final int colon;
    private final int end;

    /**
     * @param nameEnd where the name ends; {@code start} for a malformed field
     * @param colon where the colon stands; -1 for a malformed field
     * @param end after the line end, or the end of the source where it lacks one
     */
    HeaderField(byte[] source, int start, int nameEnd, int colon, int end) {
        this.source = source;
        this.start = start;
        this.nameEnd = nameEnd;
        this.colon = colon;
        this.end = end;
    }

    /** A field made by ourselves, such as {@code "Subject: x\r\n"}. */
    public static HeaderField of(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return HeaderBlock.field(octets, 0, octets.length);
    }

    /** The name as written; empty for a malformed field. */
    public String name() {
        return new String(source, start, nameEnd - start, StandardCharsets.US_ASCII);
    }

    /** The name in lower case, for look-ups. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is the field of that name, in any case. */
    public boolean is(String name) {
        int length = nameEnd - start;
        if (length != name.length() || malformed()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower((char) source[start + i]) != lower(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    int nameLength() {
        return nameEnd - start;
    }

    /** Whether the name begins so, given in lower case. */
    boolean startsWith(String lowerCase) {
        if (nameLength() < lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if (lower((char) source[start + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is no field at all: no colon, or what stands before it is no name. */
    public boolean malformed() {
        return colon < 0;
    }

    /** The first octet's place in the block. */
    public int start() {
        return start;
    }

    /** The place after its last octet, the line end included. */
    public int end() {
        return end;
    }

    /** The place of the first octet after the colon; of the whole for a malformed field. */
    public int valueStart() {
        return malformed() ? start : colon + 1;
    }

    /** All octets with the line end, as they came; a new array each time. */
    public byte[] octets() {
        return Arrays.copyOfRange(source, start, end);
    }

    /** The octets after the colon up to the final line end, folds included; a new array each time. */
    public byte[] valueOctets() {
        return Arrays.copyOfRange(source, valueStart(), lineEnd());
    }

    /** The value unfolded (RFC 5322 §2.2.3) and stripped, each octet one char. */
    public String latin1() {
        return unfold(new String(source, valueStart(), lineEnd() - valueStart(), StandardCharsets.ISO_8859_1));
    }

    /** The value unfolded and stripped, as UTF-8 (RFC 6532); octets that are none become U+FFFD. Encoded words stay encoded. */
    public String text() {
        return unfold(new String(source, valueStart(), lineEnd() - valueStart(), StandardCharsets.UTF_8));
    }

    /** Name and value for logs, at most some 200 characters. */
    @Override
    public String toString() {
        String value = latin1();
        return name() + ": " + value.substring(0, Math.min(value.length(), 200));
    }

    private int lineEnd() {
        int at = end;
        if (at > valueStart() && source[at - 1] == '\n') {
            at--;
            if (at > valueStart() && source[at - 1] == '\r') {
                at--;
            }
        }
        return at;
    }

    /** Every line end inside a field stands before white space. */
    private static String unfold(String text) {
        if (text.indexOf('\n') < 0) {
            return text.strip();
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fold = c == '\n' || (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n');
            if (!fold) {
                out.append(c);
            }
        }
        return out.toString().strip();
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }
}
