package io.mailserver.mime;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;

/**
 * The charsets that mail names, as mail means them: programs label text as ISO-8859-1, GB2312 or Shift_JIS that is in the larger charset
 * of Windows, so the larger one is taken.
 */
public final class Charsets {
    private static final int MAX_LABEL_LENGTH = 60;

    private Charsets() {}

    /** The charset of a label; empty for one that nobody knows, or that is none of text. */
    public static Optional<Charset> find(String label) {
        if (label.isEmpty() || label.length() > MAX_LABEL_LENGTH) {
            return Optional.empty();
        }
        String name = switch (label.strip().toLowerCase(Locale.ROOT)) {
            case "us-ascii", "ascii", "ansi_x3.4-1968", "iso-8859-1", "iso8859-1", "latin1", "cp1252", "x-ansi" -> "windows-1252";
            case "utf8", "unicode-1-1-utf-8", "utf-8mb4" -> "UTF-8";
            case "gb2312", "gb_2312-80", "gbk", "x-gbk", "euc-cn", "cp936", "gb18030" -> "GB18030";
            case "ks_c_5601-1987", "euc-kr", "ks_c_5601", "korean", "cp949" -> "x-windows-949";
            case "shift_jis", "shift-jis", "sjis", "x-sjis" -> "windows-31j";
            case "iso-2022-jp" -> "x-windows-iso2022jp";
            case "iso-8859-9" -> "windows-1254";
            case "iso-8859-11", "tis-620" -> "x-windows-874";
            case "iso-8859-8-i", "iso-8859-8-e" -> "ISO-8859-8";
            case "iso-8859-6-i", "iso-8859-6-e" -> "ISO-8859-6";
            case String other -> other;
        };
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    /** Octets without a charset: UTF-8 if they are that (RFC 6532), else windows-1252, which is what old programs wrote. */
    public static String guess(byte[] octets) {
        if (isAscii(octets)) {
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            return decode(octets, fallback());
        }
    }

    private static boolean isAscii(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /** What text without a charset is taken for where it is no UTF-8. */
    public static Charset fallback() {
        return Charset.forName("windows-1252");
    }

    /** Octets that are no characters of the charset become U+FFFD. */
    static String decode(byte[] octets, Charset charset) {
        CharBuffer decoded = charset.decode(ByteBuffer.wrap(octets));
        return decoded.toString();
    }
}
