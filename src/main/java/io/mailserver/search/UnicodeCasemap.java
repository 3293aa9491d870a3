package io.mailserver.search;

import java.nio.CharBuffer;
import java.text.Normalizer;

/**
 * The collation i;unicode-casemap (RFC 5051): each character becomes its titlecase form, decomposed; what then has the same octets in
 * UTF-8 is equal, contained or ordered. So accents are extra characters: {@code cafe} is found in {@code Café}, {@code café} not in
 * {@code Cafe}.
 */
public final class UnicodeCasemap {
    private static final int TABLE_FROM = 0x80;
    /** Latin, Greek, Cyrillic: the rest is worked out each time. */
    private static final int TABLE_TO = 0x530;

    private static final String[] TABLE = table();
    private static final int REPLACEMENT = 0xfffd;

    private UnicodeCasemap() {}

    private static String[] table() {
        String[] table = new String[TABLE_TO - TABLE_FROM];
        for (int c = TABLE_FROM; c < TABLE_TO; c++) {
            table[c - TABLE_FROM] = mapped(c);
        }
        return table;
    }

    /** The mapped form of a text, as UTF-8. */
    public static byte[] octets(CharSequence text) {
        OctetBuffer out = new OctetBuffer(text.length() + 16);
        append(text, out);
        return out.toByteArray();
    }

    /** Adds the mapped form of a text that neither begins nor ends within a pair of surrogates. NUL becomes U+FFFD. */
    static void append(CharSequence text, OctetBuffer out) {
        out.reserve(text.length()); // Nearly always it is US-ASCII.
        if (text instanceof CharBuffer buffer && buffer.hasArray()) {
            int start = buffer.arrayOffset() + buffer.position();
            append(buffer.array(), start, start + buffer.remaining(), out);
        } else {
            char[] characters = text.toString().toCharArray();
            append(characters, 0, characters.length, out);
        }
    }

    private static void append(char[] text, int from, int to, OctetBuffer out) {
        for (int i = from; i < to; i++) {
            char c = text[i];
            if (c < TABLE_FROM) {
                if (c == 0) {
                    utf8(REPLACEMENT, out);
                } else {
                    out.add(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
                }
            } else if (c < TABLE_TO) {
                utf8(TABLE[c - TABLE_FROM], out);
            } else {
                int codePoint = c;
                if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text[i + 1])) {
                    codePoint = Character.toCodePoint(c, text[++i]);
                }
                rare(codePoint, out);
            }
        }
    }

    private static void rare(int c, OctetBuffer out) {
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        boolean ideograph = c >= 0x4e00 && c <= 0x9fff; // Neither cased nor decomposed, and many in their texts.
        if (surrogate || ideograph) {
            utf8(surrogate ? REPLACEMENT : c, out);
        } else {
            utf8(mapped(c), out);
        }
    }

    /** RFC 5051 §2 (a), (b). */
    private static String mapped(int c) {
        return Normalizer.normalize(Character.toString(Character.toTitleCase(c)), Normalizer.Form.NFKD);
    }

    private static void utf8(String text, OctetBuffer out) {
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            utf8(c, out);
            i += Character.charCount(c);
        }
    }

    private static void utf8(int c, OctetBuffer out) {
        if (c < 0x80) {
            out.add(c);
        } else if (c < 0x800) {
            out.add(0xc0 | (c >> 6));
            out.add(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            out.add(0xe0 | (c >> 12));
            out.add(0x80 | ((c >> 6) & 0x3f));
            out.add(0x80 | (c & 0x3f));
        } else {
            out.add(0xf0 | (c >> 18));
            out.add(0x80 | ((c >> 12) & 0x3f));
            out.add(0x80 | ((c >> 6) & 0x3f));
            out.add(0x80 | (c & 0x3f));
        }
    }
}
