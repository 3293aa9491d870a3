package io.mailserver.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer of an SMTP server (RFC 5321 §4.2), checked when made: a text can never break a line or leave printable US-ASCII, so no
 * input that finds its way into a reply can forge another one.
 *
 * @param code 200 to 599
 * @param status the enhanced code written before each line (RFC 2034 §4); null for replies that carry none: greeting, HELO, EHLO,
 *     354, 334. Its class equals the code's.
 * @param lines one or more texts
 * @param thenClose whether the connection ends after this reply
 */
public record Reply(int code, @Nullable EnhancedStatus status, List<String> lines, boolean thenClose) {
    /** What fits one line with code, status and CRLF (RFC 5321 §4.5.3.1.5). */
    private static final int MAX_TEXT_OCTETS = 490;

    public Reply {
        if (code < 200 || code > 599 || lines.isEmpty()) {
            throw new IllegalArgumentException("reply " + code);
        }
        if (status != null && status.statusClass() != code / 100) {
            throw new IllegalArgumentException(code + " " + status);
        }
        lines = lines.stream().map(Reply::printable).toList();
    }

    /** A one-line reply with an enhanced status written as {@code "5.1.1"}. */
    public static Reply of(int code, String status, String text) {
        String[] parts = status.split("\\.", -1);
        EnhancedStatus parsed =
                new EnhancedStatus(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        return new Reply(code, parsed, List.of(text), false);
    }

    /** A one-line reply without an enhanced status. */
    public static Reply bare(int code, String text) {
        return new Reply(code, null, List.of(text), false);
    }

    /** This reply, after which the server closes. */
    public Reply closing() {
        return new Reply(code, status, lines, true);
    }

    public boolean isPositive() {
        return code < 400;
    }

    public boolean isPermanent() {
        return code >= 500;
    }

    /** Writes the lines as they go to the client (RFC 5321 §4.2.1, RFC 2034 §4), the last one without a hyphen. */
    public void writeTo(OutputStream out) throws IOException {
        StringBuilder wire = new StringBuilder(lines.size() * 64);
        for (int i = 0; i < lines.size(); i++) {
            wire.append(code).append(i == lines.size() - 1 ? ' ' : '-');
            if (status != null) {
                wire.append(status).append(' ');
            }
            wire.append(lines.get(i)).append("\r\n");
        }
        out.write(wire.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String printable(String text) {
        if (text.length() <= MAX_TEXT_OCTETS && text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_TEXT_OCTETS));
        for (int i = 0; i < text.length() && clean.length() < MAX_TEXT_OCTETS; i++) {
            char c = text.charAt(i);
            clean.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return clean.toString();
    }
}
