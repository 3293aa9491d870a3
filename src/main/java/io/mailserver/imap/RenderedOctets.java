package io.mailserver.imap;

import io.mailserver.mime.EncodedWords;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a response rendered once for all clients. Where all of it is US-ASCII, as nearly always, it is the piece itself, which
 * begins with a parenthesis. Where it holds other characters there are two forms: one with encoded words for clients that know no UTF-8
 * in strings, one with UTF-8 for those that do (RFC 6855 §3). Then it is: octet 1, the length of the first form in four octets, the first
 * form, the second form.
 *
 * <p>{@link ImapWriter#rendered} writes the form that the client understands.
 */
final class RenderedOctets {
    private static final byte TWO_FORMS = 1;
    private static final int HEAD = 5;

    /** As in {@link ImapWriter}. */
    private static final int MAX_QUOTED_OCTETS = 1000;

    private final ByteArrayOutputStream plain = new ByteArrayOutputStream(512);
    private @Nullable ByteArrayOutputStream utf8;

    static boolean hasTwoForms(byte[] rendered) {
        return rendered.length > HEAD && rendered[0] == TWO_FORMS;
    }

    /** Where the form begins that a client understands. */
    static int start(byte[] rendered, boolean utf8) {
        return hasTwoForms(rendered) ? HEAD + (utf8 ? plainLength(rendered) : 0) : 0;
    }

    /** Where that form ends. */
    static int end(byte[] rendered, boolean utf8) {
        return hasTwoForms(rendered) && !utf8 ? HEAD + plainLength(rendered) : rendered.length;
    }

    private static int plainLength(byte[] rendered) {
        int length = 0;
        for (int i = 1; i < HEAD; i++) {
            length = (length << 8) | (rendered[i] & 0xff);
        }
        return Math.clamp(length, 0, rendered.length - HEAD);
    }

    /** One form of what was rendered, as a piece of its own. */
    static byte[] form(byte[] rendered, boolean utf8) {
        return Arrays.copyOfRange(rendered, start(rendered, utf8), end(rendered, utf8));
    }

    /** Both forms put together again; they may be equal. */
    static byte[] ofForms(byte[] plainForm, byte[] utf8Form) {
        if (Arrays.equals(plainForm, utf8Form)) {
            return plainForm;
        }
        byte[] both = new byte[HEAD + plainForm.length + utf8Form.length];
        both[0] = TWO_FORMS;
        for (int i = 0; i < 4; i++) {
            both[1 + i] = (byte) (plainForm.length >>> (24 - 8 * i));
        }
        System.arraycopy(plainForm, 0, both, HEAD, plainForm.length);
        System.arraycopy(utf8Form, 0, both, HEAD + plainForm.length, utf8Form.length);
        return both;
    }

    byte[] toOctets() {
        ByteArrayOutputStream second = utf8;
        return second == null ? plain.toByteArray() : ofForms(plain.toByteArray(), second.toByteArray());
    }

    /** What is the same in both forms: US-ASCII. */
    RenderedOctets ascii(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        plain.writeBytes(octets);
        if (utf8 != null) {
            utf8.writeBytes(octets);
        }
        return this;
    }

    RenderedOctets number(long number) {
        return ascii(Long.toString(number));
    }

    /** A string that people read, such as a subject or a name: with encoded words in the first form. Null is NIL. */
    RenderedOctets text(@Nullable String text) {
        if (text == null) {
            return ascii("NIL");
        }
        if (isAscii(text)) {
            return string(text);
        }
        fork();
        writeString(plain, EncodedWords.encode(text));
        writeString(second(), text);
        return this;
    }

    /** A string in two versions; the first is US-ASCII. */
    RenderedOctets string(String ascii, String full) {
        if (ascii.equals(full)) {
            return string(ascii);
        }
        fork();
        writeString(plain, ascii);
        writeString(second(), full);
        return this;
    }

    private RenderedOctets string(String text) {
        writeString(plain, text);
        if (utf8 != null) {
            writeString(utf8, text);
        }
        return this;
    }

    private void fork() {
        if (utf8 == null) {
            utf8 = new ByteArrayOutputStream(512);
            utf8.writeBytes(plain.toByteArray());
        }
    }

    private ByteArrayOutputStream second() {
        ByteArrayOutputStream second = utf8;
        if (second == null) {
            throw new IllegalStateException("not forked");
        }
        return second;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static void writeString(ByteArrayOutputStream out, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        boolean escapes = false;
        for (int i = 0; i < octets.length; i++) {
            byte octet = octets[i];
            if (octet >= 0 && octet < ' ' && octet != '\t') {
                octets[i] = ' '; // a stray CR or NUL of a header field; no string may hold them
            }
            escapes |= octet == '"' || octet == '\\';
        }
        if (octets.length > MAX_QUOTED_OCTETS) {
            out.writeBytes(("{" + octets.length + "}\r\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(octets);
            return;
        }
        out.write('"');
        if (!escapes) {
            out.writeBytes(octets);
            out.write('"');
            return;
        }
        for (byte octet : octets) {
            if (octet == '"' || octet == '\\') {
                out.write('\\');
            }
            out.write(octet);
        }
        out.write('"');
    }
}
