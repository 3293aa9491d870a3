package io.mailserver.imap;

import java.util.List;

/**
 * A part of a message (RFC 9051 §6.4.5.1): the inside of {@code BODY[…]}.
 *
 * @param part the numbers of a part, outermost first, each at least 1; empty for the message itself
 * @param kind what of that part
 * @param fields names of header fields as the client wrote them; empty but for the two kinds that select fields
 */
public record Section(List<Integer> part, Kind kind, List<String> fields) {
    /** The whole message: {@code BODY[]}. */
    public static final Section MESSAGE = new Section(List.of(), Kind.CONTENT, List.of());

    /** What of a part. */
    public enum Kind {
        /** All of a message; the body of a part. */
        CONTENT(""),
        /** The header of the message, or of an embedded message. */
        HEADER("HEADER"),
        /** Fields of that header, and the empty line. */
        HEADER_FIELDS("HEADER.FIELDS"),
        /** All other fields of that header, and the empty line. */
        HEADER_FIELDS_NOT("HEADER.FIELDS.NOT"),
        /** What follows that header. */
        TEXT("TEXT"),
        /** The MIME header of a part. */
        MIME("MIME");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As it is written in a section. */
        public String word() {
            return word;
        }
    }

    public Section {
        part = List.copyOf(part);
        fields = List.copyOf(fields);
    }
}
