package io.mailserver.imap;

import io.mailserver.base.Content;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The octets of one command with all its literals, without the CRLF at its end. A literal stands as it came, {@code {5}CRLFhello}; one
 * that was streamed elsewhere stands as its announcement alone, {@code {5}CRLF}, and is found by {@link #streamedAt}.
 *
 * <p>Owns the streamed contents: closing it frees them.
 */
public final class ImapFrame implements AutoCloseable {
    /** A literal that is not in the octets. */
    record Streamed(int position, Content content) {}

    private final byte[] octets;
    private final int length;
    private final List<Streamed> streamed;

    ImapFrame(byte[] octets, int length, List<Streamed> streamed) {
        this.octets = octets;
        this.length = length;
        this.streamed = List.copyOf(streamed);
    }

    /** A command that is at hand, its literals within. */
    public static ImapFrame of(byte[] octets) {
        return new ImapFrame(octets.clone(), octets.length, List.of());
    }

    int length() {
        return length;
    }

    byte octet(int position) {
        return octets[position];
    }

    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(octets, from, to);
    }

    byte[] buffer() {
        return octets;
    }

    /** The content of the literal whose octets would begin at {@code position}; null where they are in the frame itself. */
    @Nullable
    Content streamedAt(int position) {
        for (Streamed literal : streamed) {
            if (literal.position() == position) {
                return literal.content();
            }
        }
        return null;
    }

    /** For a trace: the octets, literals included; one char each. */
    public String text() {
        return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        for (Streamed literal : streamed) {
            literal.content().close();
        }
    }
}
