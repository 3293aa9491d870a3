package io.mailserver.mime;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One part of a message, or the message itself, as places in its octets (RFC 2045 §2.6). All offsets count octets of the message as it is
 * served: every line ends in CRLF, whatever the file has. Immutable.
 *
 * <p>A part has children if it is a multipart (its parts), or a message inside the message (exactly one: that message's root). A
 * multipart may have none (no boundary, or one that never occurs), and so may a message inside (base64, too deep): then it is
 * opaque.
 *
 * @param encoding the Content-Transfer-Encoding in lower case, {@code 7bit} where the field is missing (RFC 2045 §6.1)
 * @param disposition null where the field is missing
 * @param id the Content-ID as written with its angle brackets
 * @param description the Content-Description, unfolded, encoded words as they are
 * @param md5 the Content-MD5
 * @param languages of Content-Language, as written
 * @param location the Content-Location, without white space
 * @param headerStart the first octet of its header
 * @param bodyStart the first octet after the empty line; where that is missing, the end of the header
 * @param end after the last octet of the body; the line end before a boundary belongs to the boundary (RFC 2046 §5.1.1)
 * @param lines how many line ends the body has
 */
public record MimePart(
        ContentType contentType,
        String encoding,
        @Nullable ContentDisposition disposition,
        @Nullable String id,
        @Nullable String description,
        @Nullable String md5,
        List<String> languages,
        @Nullable String location,
        long headerStart,
        long bodyStart,
        long end,
        long lines,
        List<MimePart> children) {
    public MimePart {
        languages = List.copyOf(languages);
        children = List.copyOf(children);
        if (headerStart < 0 || bodyStart < headerStart || end < bodyStart || lines < 0) {
            throw new IllegalArgumentException("a part at " + headerStart + ", " + bodyStart + ", " + end + " with " + lines + " lines");
        }
    }

    /** The size of the body in octets, as transferred. */
    public long bodyOctets() {
        return end - bodyStart;
    }

    /** Whether it is a multipart, with or without children. */
    public boolean isMultipart() {
        return contentType.isMultipart();
    }

    /** The message inside this part, if it is one and was looked into. */
    public Optional<MimePart> message() {
        return contentType.isMessage() && !children.isEmpty() ? Optional.of(children.getFirst()) : Optional.empty();
    }

    /** How the body is encoded. */
    public TransferEncoding transferEncoding() {
        return TransferEncoding.of(encoding);
    }

    /** The decoded file name: of the disposition, or else the {@code name} of the type (RFC 2183 §2.3). Not safe as a path. */
    public Optional<String> fileName() {
        Optional<String> name = disposition == null ? Optional.empty() : disposition.parameters().get("filename");
        return name.or(() -> contentType.parameters().get("name"));
    }

    /**
     * The part that an IMAP section number names, this being the root of the message (RFC 9051 §6.4.5): {@code 4.2} is the second part
     * of the multipart, or of the message, that is part 4; a message that is no multipart has one part, 1.
     *
     * @param numbers from 1
     */
    public Optional<MimePart> section(int... numbers) {
        MimePart container = this;
        MimePart part = null;
        for (int number : numbers) {
            if (container == null || number < 1) {
                return Optional.empty();
            }
            if (container.isMultipart()) {
                if (number > container.children.size()) {
                    return Optional.empty();
                }
                part = container.children.get(number - 1);
                container = part.isMultipart() ? part : part.message().orElse(null);
            } else if (number == 1) {
                part = container;
                container = part.message().orElse(null);
            } else {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(part);
    }
}
