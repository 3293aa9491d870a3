package io.mailserver.imap;

import io.mailserver.mime.MimePart;
import java.util.Optional;

/**
 * Where the octets of a {@link Section} lie in a message (RFC 9051 §6.4.5.1). For sections that select header fields it is the whole
 * header, from which {@link HeaderSelection} takes them.
 *
 * @param start the first octet, counted as the message is served
 * @param end after the last one
 */
public record SectionPlace(long start, long end) {
    /** How many octets it has. */
    public long octets() {
        return end - start;
    }

    /**
     * The octets of a range of it; none where the range begins after its end (RFC 9051 §6.4.5).
     */
    public SectionPlace cut(ByteRange range) {
        long from = range.first() >= octets() ? end : start + range.first();
        return new SectionPlace(from, from + Math.min(range.count(), end - from));
    }

    /**
     * The place of a section in the message with that root; empty where there is no such part, which is answered NIL.
     */
    public static Optional<SectionPlace> of(Section section, MimePart root) {
        if (section.part().isEmpty()) {
            return Optional.of(ofMessage(section.kind(), root));
        }
        Optional<MimePart> part = root.section(section.part().stream().mapToInt(Integer::intValue).toArray());
        return part.flatMap(found -> switch (section.kind()) {
            case CONTENT -> Optional.of(new SectionPlace(found.bodyStart(), found.end()));
            case MIME -> Optional.of(new SectionPlace(found.headerStart(), found.bodyStart()));
            case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT, TEXT -> found.message().map(inner -> ofMessage(section.kind(), inner));
        });
    }

    private static SectionPlace ofMessage(Section.Kind kind, MimePart root) {
        return switch (kind) {
            case CONTENT -> new SectionPlace(root.headerStart(), root.end());
            case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT, MIME -> new SectionPlace(root.headerStart(), root.bodyStart());
            case TEXT -> new SectionPlace(root.bodyStart(), root.end());
        };
    }
}
