package io.mailserver.imapserver;

import io.mailserver.imap.ByteRange;
import io.mailserver.imap.ImapWriter;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.TransferEncoding;
import io.mailserver.store.MessageContent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A part of a message as BINARY sends it: without its transfer encoding (RFC 9051 §6.4.5, RFC 3516 §4.2). It is decoded once to learn its
 * size and once to be sent, so that no size needs memory.
 */
final class DecodedPart {
    private static final int BUFFER_OCTETS = 32 << 10;

    private final MessageContent content;
    private final TransferEncoding encoding;
    private final long start;
    private final long octets;

    private DecodedPart(MessageContent content, TransferEncoding encoding, long start, long octets) {
        this.content = content;
        this.encoding = encoding;
        this.start = start;
        this.octets = octets;
    }

    static DecodedPart whole(MessageContent content) {
        return new DecodedPart(content, TransferEncoding.IDENTITY, 0, content.size());
    }

    static DecodedPart of(MessageContent content, MimePart part) {
        return new DecodedPart(content, part.transferEncoding(), part.bodyStart(), part.bodyOctets());
    }

    /** Whether nobody knows how it is encoded, which is answered [UNKNOWN-CTE]. */
    boolean isUnknown() {
        return encoding == TransferEncoding.UNKNOWN;
    }

    /** In octets, decoded. */
    long size() throws IOException {
        return encoding == TransferEncoding.IDENTITY ? octets : look().size;
    }

    /** Writes it, or a range of it: as a literal, or as a literal8 if there is a NUL in it. */
    void write(Optional<ByteRange> range, ImapWriter out) throws IOException {
        Look look = look();
        long first = range.map(ByteRange::first).orElse(0L);
        long from = Math.min(first, look.size);
        long count = Math.min(range.map(ByteRange::count).orElse(Long.MAX_VALUE), look.size - from);
        if (look.nul) {
            out.literal8(count);
        } else {
            out.literal(count);
        }
        try (InputStream in = open()) {
            in.skipNBytes(from);
            byte[] buffer = new byte[Math.clamp(count, 1, BUFFER_OCTETS)];
            long left = count;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("a stored message changed while it was read");
                }
                out.octets(buffer, 0, read);
                left -= read;
            }
        }
    }

    private InputStream open() throws IOException {
        return encoding.decode(content.open(start, octets));
    }

    /** What can only be known once it is decoded. */
    private record Look(long size, boolean nul) {}

    private Look look() throws IOException {
        byte[] buffer = new byte[BUFFER_OCTETS];
        long size = 0;
        boolean nul = false;
        try (InputStream in = open()) {
            int read = in.read(buffer, 0, buffer.length);
            while (read >= 0) {
                size += read;
                for (int i = 0; i < read && !nul; i++) {
                    nul = buffer[i] == 0;
                }
                read = in.read(buffer, 0, buffer.length);
            }
        }
        return new Look(size, nul);
    }
}
