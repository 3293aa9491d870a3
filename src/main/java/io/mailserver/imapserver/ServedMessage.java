package io.mailserver.imapserver;

import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.Section;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.MimeStructure;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageRow;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One message while its octets are being sent: finds sections by the structure in the index and copies them. */
final class ServedMessage {
    private static final int BUFFER_OCTETS = 64 << 10;
    private static final int MAX_HEADER_OCTETS = 8 << 20;

    private final MessageContent content;
    private final @Nullable MessageRow row;
    private @Nullable MimePart root;

    ServedMessage(MessageContent content, @Nullable MessageRow row) {
        this.content = content;
        this.row = row;
    }

    /** Where a section is. */
    sealed interface Found {
        /** The message has no such part: NIL. */
        record Nothing() implements Found {}

        /** It was put together. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Octets(byte[] octets) implements Found {}

        /** It is a piece of the message. */
        record Place(long start, long end) implements Found {}
    }

    /** RFC 9051 §6.4.5.1. */
    Found section(Section section) throws IOException {
        if (section.equals(Section.MESSAGE)) {
            return new Found.Place(0, content.size());
        }
        int[] numbers = section.part().stream().mapToInt(Integer::intValue).toArray();
        MimePart message = structure();
        if (numbers.length == 0) {
            return ofMessage(message, section);
        }
        Optional<MimePart> part = message.section(numbers);
        if (part.isEmpty()) {
            return new Found.Nothing();
        }
        return switch (section.kind()) {
            case CONTENT -> new Found.Place(part.get().bodyStart(), part.get().end());
            case MIME -> new Found.Place(part.get().headerStart(), part.get().bodyStart());
            case HEADER, TEXT, HEADER_FIELDS, HEADER_FIELDS_NOT -> {
                Optional<MimePart> inner = part.get().message();
                yield inner.isPresent() ? ofMessage(inner.get(), section) : new Found.Nothing();
            }
        };
    }

    private Found ofMessage(MimePart message, Section section) throws IOException {
        return switch (section.kind()) {
            case HEADER -> new Found.Place(message.headerStart(), message.bodyStart());
            case TEXT, CONTENT -> new Found.Place(message.bodyStart(), message.end());
            case MIME -> new Found.Nothing();
            case HEADER_FIELDS, HEADER_FIELDS_NOT -> {
                int length = (int) Math.min(MAX_HEADER_OCTETS, message.bodyStart() - message.headerStart());
                byte[] header = new byte[length];
                readFully(message.headerStart(), header, length);
                yield new Found.Octets(HeaderFields.of(section).select(header));
            }
        };
    }

    private MimePart structure() throws IOException {
        MimePart known = root;
        if (known == null) {
            Optional<MimePart> stored = row == null ? Optional.empty() : MimeStructure.decode(row.cached().structure());
            known = stored.isPresent() ? stored.get() : parsed();
            root = known;
        }
        return known;
    }

    private MimePart parsed() throws IOException {
        try (InputStream octets = content.open(0, content.size())) {
            return MimeParser.parse(octets, MimeParser.Limits.DEFAULTS).root();
        }
    }

    /**
     * Writes a piece as a literal.
     *
     * @throws IOException also where the message turns out to be shorter than announced; then the connection must end
     */
    void copy(long from, long length, ImapWriter out) throws IOException {
        out.literal(length);
        byte[] buffer = new byte[(int) Math.min(BUFFER_OCTETS, length)];
        long at = from;
        long left = length;
        while (left > 0) {
            int count = (int) Math.min(buffer.length, left);
            readFully(at, buffer, count);
            out.octets(buffer, 0, count);
            at += count;
            left -= count;
        }
    }

    private void readFully(long position, byte[] into, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int read = content.read(position + done, into, done, length - done);
            if (read <= 0) {
                throw new EOFException("a stored message ends before its size says");
            }
            done += read;
        }
    }
}
