package io.mailserver.mime;

import io.mailserver.mime.Parameters.Parameter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tree of parts as octets for an index, so that a section is found without parsing the message again: some 30 octets for a plain
 * message, 20 more for each part. Numbers are varints of seven bits a group, places are distances, common words are numbers.
 *
 * <p>The first octet is the version. What another version wrote, or what is damaged, decodes to nothing, and the message is parsed
 * again.
 */
public final class MimeStructure {
    private static final int VERSION = 1;
    private static final int MAX_DEPTH = 1_000;
    private static final int MAX_PARTS = 1_000_000;

    /** The order is part of the format: only add at the end. 0 stands for a word written out. */
    private static final List<String> WORDS = List.of("", "text", "plain", "html", "multipart", "mixed", "alternative", "related", "report",
            "signed", "digest", "encrypted", "message", "rfc822", "delivery-status", "application", "octet-stream", "pdf", "pgp-signature",
            "pkcs7-signature", "zip", "image", "jpeg", "png", "gif", "7bit", "8bit", "binary", "base64", "quoted-printable", "inline",
            "attachment", "boundary", "charset", "name", "filename", "filename*", "format", "delsp", "micalg", "protocol", "type",
            "report-type", "size", "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "flowed", "UTF-8", "calendar", "method");

    private MimeStructure() {}

    /** The tree as octets. */
    public static byte[] encode(MimePart root) {
        Writer out = new Writer();
        out.write(VERSION);
        out.part(root, 0);
        return out.toByteArray();
    }

    /** The tree that {@link #encode} was given; empty if the octets are of another version or damaged. */
    public static Optional<MimePart> decode(byte[] octets) {
        Reader in = new Reader(octets);
        try {
            if (in.number() != VERSION) {
                return Optional.empty();
            }
            MimePart root = in.part(0, 0);
            return in.at == octets.length ? Optional.of(root) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Not a fault of anybody who could be told: the caller parses the message again.
        }
    }

    private static final class Writer extends ByteArrayOutputStream {
        Writer() {
            super(64);
        }

        /** @param origin where the header would start if nothing came between it and what is around it */
        void part(MimePart part, long origin) {
            number(part.headerStart() - origin);
            number(part.bodyStart() - part.headerStart());
            number(part.end() - part.bodyStart());
            number(part.lines());
            word(part.contentType().type());
            word(part.contentType().subtype());
            parameters(part.contentType().parameters());
            word(part.encoding());
            ContentDisposition disposition = part.disposition();
            number((disposition == null ? 0 : 1) | (part.id() == null ? 0 : 2) | (part.description() == null ? 0 : 4)
                    | (part.md5() == null ? 0 : 8) | (part.location() == null ? 0 : 16) | (part.languages().isEmpty() ? 0 : 32));
            if (disposition != null) {
                word(disposition.type());
                parameters(disposition.parameters());
            }
            optional(part.id());
            optional(part.description());
            optional(part.md5());
            optional(part.location());
            if (!part.languages().isEmpty()) {
                number(part.languages().size());
                part.languages().forEach(this::word);
            }
            number(part.children().size());
            long next = part.bodyStart();
            for (MimePart child : part.children()) {
                part(child, next);
                next = child.end();
            }
        }

        private void parameters(Parameters parameters) {
            number(parameters.all().size());
            for (Parameter parameter : parameters.all()) {
                word(parameter.name());
                word(parameter.value());
            }
        }

        private void optional(@Nullable String text) {
            if (text != null) {
                word(text);
            }
        }

        private void word(String word) {
            int known = word.isEmpty() ? -1 : WORDS.indexOf(word);
            if (known > 0) {
                number(known);
                return;
            }
            byte[] octets = word.getBytes(StandardCharsets.UTF_8);
            number(0);
            number(octets.length);
            writeBytes(octets);
        }

        private void number(long value) {
            long left = value;
            while (left > 0x7f) {
                write((int) (left & 0x7f) | 0x80);
                left >>>= 7;
            }
            write((int) left);
        }
    }

    /** Throws IllegalArgumentException for whatever is no structure. */
    private static final class Reader {
        private final byte[] octets;
        private int at;
        private int parts;

        Reader(byte[] octets) {
            this.octets = octets;
        }

        MimePart part(long origin, int depth) {
            if (depth > MAX_DEPTH || ++parts > MAX_PARTS) {
                throw new IllegalArgumentException("too deep or too many parts");
            }
            long headerStart = Math.addExact(origin, number());
            long bodyStart = Math.addExact(headerStart, number());
            long end = Math.addExact(bodyStart, number());
            long lines = number();
            ContentType type = new ContentType(word(), word(), parameters());
            String encoding = word();
            long present = number();
            ContentDisposition disposition = (present & 1) == 0 ? null : new ContentDisposition(word(), parameters());
            String id = optional(present, 2);
            String description = optional(present, 4);
            String md5 = optional(present, 8);
            String location = optional(present, 16);
            List<String> languages = new ArrayList<>();
            for (int i = (present & 32) == 0 ? 0 : count(); i > 0; i--) {
                languages.add(word());
            }
            int count = count();
            List<MimePart> children = new ArrayList<>();
            long next = bodyStart;
            for (int i = 0; i < count; i++) {
                MimePart child = part(next, depth + 1);
                children.add(child);
                next = child.end();
            }
            return new MimePart(type, encoding, disposition, id, description, md5, languages, location,
                    headerStart, bodyStart, end, lines, children);
        }

        private Parameters parameters() {
            int count = count();
            List<Parameter> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(new Parameter(word(), word()));
            }
            return all.isEmpty() ? Parameters.NONE : new Parameters(all);
        }

        private @Nullable String optional(long present, int bit) {
            return (present & bit) == 0 ? null : word();
        }

        private String word() {
            long known = number();
            if (known > 0) {
                if (known >= WORDS.size()) {
                    throw new IllegalArgumentException("word " + known);
                }
                return WORDS.get((int) known);
            }
            int length = count();
            String word = new String(octets, at, length, StandardCharsets.UTF_8);
            at += length;
            return word;
        }

        /** A number of things that take an octet each at least. */
        private int count() {
            long count = number();
            if (count > octets.length - at) {
                throw new IllegalArgumentException(count + " of something");
            }
            return (int) count;
        }

        private long number() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
                if (at >= octets.length) {
                    throw new IllegalArgumentException("cut");
                }
                byte octet = octets[at++];
                value |= (long) (octet & 0x7f) << shift;
                if (octet >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number too long");
        }
    }
}
