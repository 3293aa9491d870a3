package io.mailserver.imapserver;

import io.mailserver.imap.ByteRange;
import io.mailserver.imap.HeaderSelection;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.Section;
import io.mailserver.imap.SectionPlace;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.MimeStructure;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageRow;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
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

    /** Where a section is; empty if the message has no such part. */
    Optional<SectionPlace> place(Section section) throws IOException {
        return section.equals(Section.MESSAGE)
                ? Optional.of(new SectionPlace(0, content.size()))
                : SectionPlace.of(section, structure());
    }

    /** The fields that are selected from a header, and the empty line. */
    byte[] fields(SectionPlace header, HeaderSelection selection) throws IOException {
        byte[] octets = new byte[(int) Math.min(MAX_HEADER_OCTETS, header.octets())];
        readFully(header.start(), octets, octets.length);
        withoutNul(octets, octets.length);
        return selection.of(octets);
    }

    /** The part with those numbers, to be sent decoded; empty if there is none. */
    Optional<DecodedPart> decoded(List<Integer> numbers) throws IOException {
        if (numbers.isEmpty()) {
            return Optional.of(DecodedPart.whole(content)); // RFC 3516 §4.2: as the message is
        }
        return structure().section(numbers.stream().mapToInt(Integer::intValue).toArray()).map(part -> DecodedPart.of(content, part));
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
     * Writes a section, or a range of it, as a literal.
     *
     * @throws IOException also where the message turns out to be shorter than announced; then the connection must end
     */
    void copy(SectionPlace section, Optional<ByteRange> range, ImapWriter out) throws IOException {
        SectionPlace place = range.map(section::cut).orElse(section);
        out.literal(place.octets());
        byte[] buffer = new byte[(int) Math.min(BUFFER_OCTETS, place.octets())];
        long at = place.start();
        while (at < place.end()) {
            int count = (int) Math.min(buffer.length, place.end() - at);
            readFully(at, buffer, count);
            withoutNul(buffer, count);
            out.octets(buffer, 0, count);
            at += count;
        }
    }

    /** RFC 9051 §4.3: a literal cannot hold NUL; a message that does is damaged already, and its size must stay. */
    private static void withoutNul(byte[] octets, int count) {
        for (int i = 0; i < count; i++) {
            if (octets[i] == 0) {
                octets[i] = (byte) 0x80;
            }
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
