package io.mailserver.imap;

import java.util.List;
import java.util.Optional;

/** One thing that FETCH asks of a message (RFC 9051 §6.4.5). The macros ALL, FAST and FULL are gone: the parser expands them. */
public sealed interface FetchItem {
    /** Items that are one word. */
    enum Attribute implements FetchItem {
        FLAGS("FLAGS"),
        INTERNALDATE("INTERNALDATE"),
        RFC822_SIZE("RFC822.SIZE"),
        ENVELOPE("ENVELOPE"),
        /** BODYSTRUCTURE without extension data. */
        BODY("BODY"),
        BODYSTRUCTURE("BODYSTRUCTURE"),
        UID("UID"),
        /** {@code BODY[]} under its old name; sets \Seen (RFC 3501 §6.4.5). */
        RFC822("RFC822"),
        /** {@code BODY.PEEK[HEADER]} under its old name. */
        RFC822_HEADER("RFC822.HEADER"),
        /** {@code BODY[TEXT]} under its old name; sets \Seen. */
        RFC822_TEXT("RFC822.TEXT"),
        /** RFC 7162 §3.1.4. */
        MODSEQ("MODSEQ"),
        /** RFC 8474 §5.1. */
        EMAILID("EMAILID"),
        /** RFC 8474 §5.2. */
        THREADID("THREADID"),
        /** RFC 8514 §4.2. */
        SAVEDATE("SAVEDATE");

        private final String word;

        Attribute(String word) {
            this.word = word;
        }

        /** As it is written in command and response. */
        public String word() {
            return word;
        }
    }

    /**
     * {@code BODY[section]<range>} or, with {@code peek}, {@code BODY.PEEK[section]<range>}, which does not set \Seen.
     */
    record Body(boolean peek, Section section, Optional<ByteRange> range) implements FetchItem {}

    /**
     * {@code BINARY[part]<range>} or {@code BINARY.PEEK[part]<range>}: decoded (RFC 9051 §6.4.5, RFC 3516 §4.2).
     *
     * @param part empty for the whole message
     */
    record Binary(boolean peek, List<Integer> part, Optional<ByteRange> range) implements FetchItem {
        public Binary {
            part = List.copyOf(part);
        }
    }

    /** {@code BINARY.SIZE[part]}: the size when decoded, in octets. */
    record BinarySize(List<Integer> part) implements FetchItem {
        public BinarySize {
            part = List.copyOf(part);
        }
    }

    /**
     * The first words of the text (RFC 8970 §3.1).
     *
     * @param lazy only where it is at hand
     */
    record Preview(boolean lazy) implements FetchItem {}

    /** Whether it sets \Seen in a mailbox that is not read-only. */
    default boolean setsSeen() {
        return switch (this) {
            case Attribute attribute -> attribute == Attribute.RFC822 || attribute == Attribute.RFC822_TEXT;
            case Body body -> !body.peek();
            case Binary binary -> !binary.peek();
            case BinarySize size -> false;
            case Preview preview -> false;
        };
    }

    /** The name of the item in a FETCH response: {@code BODY[1.2]<0>} (RFC 9051 §7.5.2). */
    default String responseName() {
        return switch (this) {
            case Attribute attribute -> attribute.word();
            case Body body -> "BODY[" + body.section() + "]" + origin(body.range());
            case Binary binary -> "BINARY[" + numbers(binary.part()) + "]" + origin(binary.range());
            case BinarySize size -> "BINARY.SIZE[" + numbers(size.part()) + "]";
            case Preview preview -> "PREVIEW";
        };
    }

    private static String origin(Optional<ByteRange> range) {
        return range.map(octets -> "<" + octets.first() + ">").orElse("");
    }

    private static String numbers(List<Integer> part) {
        StringBuilder text = new StringBuilder();
        Section.appendPart(text, part);
        return text.toString();
    }
}
