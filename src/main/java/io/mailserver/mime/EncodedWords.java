package io.mailserver.mime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text as encoded words, for header fields and clients that know no UTF-8 (RFC 2047 §2). */
public final class EncodedWords {
    /** An encoded word has 75 characters at most: 45 octets of text make 60 of base64, and 12 stand around them. */
    private static final int MAX_WORD_OCTETS = 45;

    private EncodedWords() {}

    /** The text as words of at most 75 characters with a space between them. */
    public static String encode(String text) {
        StringBuilder out = new StringBuilder(2 * text.length());
        int at = 0;
        while (at < text.length()) {
            int end = at;
            int octets = 0;
            while (end < text.length()) {
                int c = text.codePointAt(end);
                int size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
                if (octets + size > MAX_WORD_OCTETS) {
                    break;
                }
                octets += size;
                end += Character.charCount(c);
            }
            byte[] word = text.substring(at, end).getBytes(StandardCharsets.UTF_8);
            out.append(at == 0 ? "" : " ").append("=?UTF-8?B?").append(Base64.getEncoder().encodeToString(word)).append("?=");
            at = end;
        }
        return out.toString();
    }
}
