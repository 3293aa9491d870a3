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

    /** The message's header. */
    public static final Section HEADER = new Section(List.of(), Kind.HEADER, List.of());

    /** All of the message but its header. */
    public static final Section TEXT = new Section(List.of(), Kind.TEXT, List.of());

    public Section {
        part = List.copyOf(part);
        fields = List.copyOf(fields);
    }

    /** As it is written between brackets in a response; names of fields as the client wrote them. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        appendPart(text, part);
        if (kind != Kind.CONTENT) {
            text.append(part.isEmpty() ? "" : ".").append(kind.word());
        }
        for (int i = 0; i < fields.size(); i++) {
            String field = fields.get(i);
            text.append(i == 0 ? " (" : " ");
            text.append(ImapWriter.isAtom(field) ? field : "\"" + field.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        return text.append(fields.isEmpty() ? "" : ")").toString();
    }

    static void appendPart(StringBuilder text, List<Integer> part) {
        for (int i = 0; i < part.size(); i++) {
            text.append(i == 0 ? "" : ".").append(part.get(i));
        }
    }
}
