package io.mailserver.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The encoded values of parameters: {@code charset'language'percent-encoded} (RFC 2231 §4). */
final class PercentText {
    private PercentText() {}

    /** Broken percent signs are kept; an unknown charset is guessed. */
    static String decode(String value) {
        int charsetEnd = value.indexOf('\'');
        int languageEnd = charsetEnd < 0 ? -1 : value.indexOf('\'', charsetEnd + 1);
        String label = languageEnd < 0 ? "" : value.substring(0, charsetEnd);
        byte[] octets = octets(value, languageEnd + 1);
        return Charsets.find(label).map(charset -> Charsets.decode(octets, charset)).orElseGet(() -> Charsets.guess(octets));
    }

    /** A piece that came plain, between pieces that are encoded. */
    static String encode(String plain) {
        StringBuilder out = new StringBuilder();
        for (byte octet : plain.getBytes(StandardCharsets.UTF_8)) {
            boolean safe = octet > ' ' && octet < 0x7f && octet != '%' && octet != '\'' && octet != '*';
            if (safe) {
                out.append((char) octet);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", octet & 0xff));
            }
        }
        return out.toString();
    }

    private static byte[] octets(String value, int from) {
        Charset utf8 = StandardCharsets.UTF_8;
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.length());
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            int high = c == '%' && i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(value.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else if (c < 0x80) {
                out.write(c);
            } else {
                int end = Character.isHighSurrogate(c) && i + 1 < value.length() ? i + 2 : i + 1;
                out.writeBytes(value.substring(i, end).getBytes(utf8));
                i = end - 1;
            }
        }
        return out.toByteArray();
    }
}
