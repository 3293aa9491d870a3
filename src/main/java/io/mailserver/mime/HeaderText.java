package io.mailserver.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The text of header fields as people read it: raw UTF-8 (RFC 6532) and encoded words (RFC 2047). */
public final class HeaderText {
    private HeaderText() {}

    /** The value with encoded words decoded, on one line: no CR, LF or NUL is in it. */
    public static String decode(HeaderField field) {
        return decodeWords(raw(field));
    }

    /**
     * The value unfolded and stripped, encoded words as they are; octets above 127 are UTF-8, or windows-1252 where they are none. May
     * hold control characters, but no line end.
     */
    public static String raw(HeaderField field) {
        byte[] octets = field.valueOctets();
        int kept = 0;
        for (int i = 0; i < octets.length; i++) {
            boolean lineEnd = octets[i] == '\n' || (octets[i] == '\r' && i + 1 < octets.length && octets[i + 1] == '\n');
            if (!lineEnd) {
                octets[kept++] = octets[i];
            }
        }
        return Charsets.guess(kept == octets.length ? octets : Arrays.copyOf(octets, kept)).strip();
    }

    /**
     * Decodes the encoded words in a text, wherever they stand. White space between two of them goes (RFC 2047 §6.2), and characters cut
     * between two of one charset are put together. What is broken or in an unknown charset stays as it is.
     */
    public static String decodeWords(String text) {
        if (!text.contains("=?")) {
            return clean(text);
        }
        StringBuilder out = new StringBuilder(text.length());
        Run run = new Run(out);
        int copied = 0; // What comes before is in out or in the run.
        int at = text.indexOf("=?");
        while (at >= 0) {
            EncodedWord word = EncodedWord.at(text, at);
            if (word == null) {
                at = text.indexOf("=?", at + 2);
                continue;
            }
            boolean adjacent = run.isOpen() && isBlank(text, copied, at);
            if (!adjacent) {
                run.close();
                out.append(text, copied, at);
            }
            run.add(word);
            copied = word.end;
            at = text.indexOf("=?", copied);
        }
        run.close();
        out.append(text, copied, text.length());
        return clean(out.toString());
    }

    private static boolean isBlank(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!HeaderScanner.isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Nothing that ends a line may come out of a header. */
    private static String clean(String text) {
        return text.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
    }

    /** Encoded words one after the other; those of one charset are decoded as one. */
    private static final class Run {
        private final StringBuilder out;
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private @Nullable Charset charset;

        Run(StringBuilder out) {
            this.out = out;
        }

        boolean isOpen() {
            return charset != null;
        }

        void add(EncodedWord word) {
            if (charset != null && !charset.equals(word.charset)) {
                close();
            }
            charset = word.charset;
            octets.writeBytes(word.octets);
        }

        void close() {
            if (charset != null) {
                out.append(Charsets.decode(octets.toByteArray(), charset));
                octets.reset();
                charset = null;
            }
        }
    }

    /** {@code =?charset*language?encoding?text?=} (RFC 2047 §2, RFC 2231 §5). */
    private static final class EncodedWord {
        private static final int MAX_CHARSET_LENGTH = 80;

        private final Charset charset;
        private final byte[] octets;
        private final int end;

        EncodedWord(Charset charset, byte[] octets, int end) {
            this.charset = charset;
            this.octets = octets;
            this.end = end;
        }

        static @Nullable EncodedWord at(String text, int start) {
            int charsetEnd = text.indexOf('?', start + 2);
            if (charsetEnd < 0 || charsetEnd - start > MAX_CHARSET_LENGTH || charsetEnd + 2 >= text.length()
                    || text.charAt(charsetEnd + 2) != '?') {
                return null;
            }
            int textStart = charsetEnd + 3;
            int textEnd = text.indexOf('?', textStart);
            if (textEnd < 0 || textEnd + 1 >= text.length() || text.charAt(textEnd + 1) != '=') {
                return null;
            }
            String label = text.substring(start + 2, charsetEnd);
            int language = label.indexOf('*');
            Optional<Charset> charset = Charsets.find(language < 0 ? label : label.substring(0, language));
            if (charset.isEmpty()) {
                return null;
            }
            String encoded = text.substring(textStart, textEnd);
            return switch (Character.toLowerCase(text.charAt(charsetEnd + 1))) {
                case 'b' -> new EncodedWord(charset.get(), base64(encoded), textEnd + 2);
                case 'q' -> new EncodedWord(charset.get(), quoted(encoded, charset.get()), textEnd + 2);
                default -> null;
            };
        }

        private static byte[] base64(String encoded) {
            byte[] octets = encoded.getBytes(StandardCharsets.ISO_8859_1);
            Base64Decoder decoder = new Base64Decoder();
            byte[] out = new byte[octets.length / 4 * 3 + 3];
            int length = decoder.decode(octets, 0, octets.length, out);
            return Arrays.copyOf(out, decoder.finish(out, length));
        }

        private static byte[] quoted(String encoded, Charset charset) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length());
            for (int i = 0; i < encoded.length(); i++) {
                char c = encoded.charAt(i);
                int high = c == '=' && i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
                int low = high >= 0 ? Character.digit(encoded.charAt(i + 2), 16) : -1;
                if (low >= 0) {
                    out.write(high << 4 | low);
                    i += 2;
                } else if (c == '_') {
                    out.write(' '); // RFC 2047 §4.2: underscore is 0x20 in any charset.
                } else if (c < 0x80) {
                    out.write(c);
                } else if (charset.canEncode() && !Character.isSurrogate(c)) {
                    out.writeBytes(String.valueOf(c).getBytes(charset));
                }
            }
            return out.toByteArray();
        }
    }
}
