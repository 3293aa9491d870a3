package io.mailserver.mime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first words of a message for lists of messages (RFC 8970 §3.1): of the first text that is not attached and not empty, without quoted
 * lines, on one line.
 */
public final class Preview {
    /** RFC 8970 §3.1: at most 256 characters. */
    public static final int MAX_CHARACTERS = 256;

    /** Enough for most messages; where it is not, more is read. */
    private static final int FEW_CHARACTERS = 2 << 10;

    private static final int READ_CHARACTERS = 16 << 10;
    private static final int MAX_CANDIDATES = 4;

    private Preview() {}

    /**
     * At most {@link #MAX_CHARACTERS} code points; empty where there is no text. Reads a few KiB of the message.
     *
     * @throws IOException the octets could not be read
     */
    public static String of(MimePart root, MessageOctets message) throws IOException {
        List<MimePart> candidates = new ArrayList<>();
        collect(root, candidates);
        for (MimePart part : candidates) {
            String text = MessageText.of(part, message, FEW_CHARACTERS);
            String preview = shorten(text);
            if (text.length() >= FEW_CHARACTERS && preview.length() < MAX_CHARACTERS - 1) {
                preview = shorten(MessageText.of(part, message, READ_CHARACTERS));
            }
            if (!preview.isEmpty()) {
                return preview;
            }
        }
        return "";
    }

    private static void collect(MimePart part, List<MimePart> found) {
        ContentDisposition disposition = part.disposition();
        boolean attached = disposition != null && disposition.isAttachment();
        boolean named = part.fileName().isPresent();
        if (found.size() >= MAX_CANDIDATES || attached || part.contentType().is("multipart", "encrypted")) {
            return;
        }
        if (part.children().isEmpty()) {
            if (!named && (part.contentType().is("text", "plain") || part.contentType().is("text", "html"))) {
                found.add(part);
            }
        } else if (part.contentType().is("multipart", "alternative")) {
            // Plain text says in its first line what HTML says after its logo.
            part.children().stream().filter(Preview::isPlain).forEach(child -> collect(child, found));
            part.children().stream().filter(child -> !isPlain(child)).forEach(child -> collect(child, found));
        } else if (part.isMultipart()) {
            part.children().forEach(child -> collect(child, found));
        }
    }

    private static boolean isPlain(MimePart part) {
        return part.contentType().is("text", "plain");
    }

    /** Lines that are quoted are skipped, as is the rest after a signature's mark (RFC 3676 §4.3). */
    static String shorten(String text) {
        StringBuilder out = new StringBuilder(MAX_CHARACTERS + 1);
        int count = 0;
        int next = 0;
        while (next <= text.length()) {
            int end = lineEnd(text, next);
            String line = text.substring(next, end);
            boolean pair = end + 1 < text.length() && text.charAt(end) == '\r' && text.charAt(end + 1) == '\n';
            next = end + (pair ? 2 : 1);
            if (line.equals("-- ")) {
                break;
            }
            if (line.startsWith(">")) {
                continue;
            }
            for (int i = 0; i < line.length();) {
                int c = line.codePointAt(i);
                i += Character.charCount(c);
                if (c > ' ' && c < 0x7f && count < MAX_CHARACTERS) {
                    out.append((char) c);
                    count++;
                    continue;
                }
                boolean blank = Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
                boolean doubled = blank && (out.isEmpty() || out.charAt(out.length() - 1) == ' ');
                boolean joiner = c == 0x200d; // Holds emoji together.
                boolean invisible = (Character.getType(c) == Character.FORMAT && !joiner) || Character.getType(c) == Character.SURROGATE;
                if (doubled || invisible) {
                    continue;
                }
                if (count == MAX_CHARACTERS) {
                    return out.toString().strip();
                }
                out.appendCodePoint(blank ? ' ' : c);
                count++;
            }
            if (count < MAX_CHARACTERS && !out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
                count++;
            }
        }
        return out.toString().strip();
    }

    /** Where the line ends that begins at {@code from}. By hand: this runs for every message that comes in. */
    private static int lineEnd(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean end = (c >= '\n' && c <= '\r') || c == '\u0085' || c == '\u2028' || c == '\u2029';
            if (end) {
                break;
            }
            at++;
        }
        return at;
    }
}
