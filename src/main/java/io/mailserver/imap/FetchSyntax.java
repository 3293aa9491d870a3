package io.mailserver.imap;

import io.mailserver.imap.FetchItem.Attribute;
import io.mailserver.imap.ImapCommand.Store.Change;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** FETCH and STORE (RFC 9051 §6.4.5, §6.4.6, RFC 7162 §3.1, RFC 9394 §3.3). */
final class FetchSyntax {
    /** Deeper than any message is parsed. */
    private static final int MAX_PART_DEPTH = 100;

    private FetchSyntax() {}

    static ImapCommand fetch(boolean uid, ImapCursor cursor) throws ImapSyntaxException {
        SequenceSet numbers = cursor.sequenceSet();
        cursor.space();
        List<FetchItem> items = macro(cursor).orElse(List.of());
        if (items.isEmpty()) {
            items = cursor.peek() == '(' ? items(cursor) : List.of(item(cursor));
        }
        Modifiers modifiers = new Modifiers();
        if (cursor.trySpace() && !cursor.atEnd()) {
            modifiers.parse(uid, cursor);
        }
        return new ImapCommand.Fetch(uid, numbers, items, modifiers.changedSince, modifiers.vanished, modifiers.partial);
    }

    /** What follows the items. */
    private static final class Modifiers {
        private OptionalLong changedSince = OptionalLong.empty();
        private boolean vanished;
        private Optional<SearchReturn.Partial> partial = Optional.empty();

        void parse(boolean uid, ImapCursor cursor) throws ImapSyntaxException {
            cursor.octet('(');
            do {
                if (cursor.tryWord("CHANGEDSINCE")) {
                    cursor.space();
                    changedSince = OptionalLong.of(cursor.number64());
                } else if (cursor.tryWord("VANISHED")) {
                    vanished = true;
                } else if (cursor.tryWord("PARTIAL")) {
                    cursor.space();
                    partial = Optional.of(SearchSyntax.partial(cursor));
                } else {
                    throw cursor.bad("The modifiers of FETCH are CHANGEDSINCE, VANISHED and PARTIAL");
                }
            } while (cursor.trySpace());
            cursor.octet(')');
            if (vanished && (!uid || changedSince.isEmpty())) {
                throw cursor.bad("VANISHED needs UID FETCH with CHANGEDSINCE"); // RFC 7162 §3.2.6
            }
            if (partial.isPresent() && !uid) {
                throw cursor.bad("PARTIAL needs UID FETCH"); // RFC 9394 §3.3
            }
        }
    }

    private static Optional<List<FetchItem>> macro(ImapCursor cursor) {
        if (cursor.tryWord("ALL")) {
            return Optional.of(List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE, Attribute.ENVELOPE));
        }
        if (cursor.tryWord("FAST")) {
            return Optional.of(List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE));
        }
        if (cursor.tryWord("FULL")) {
            return Optional.of(
                    List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE, Attribute.ENVELOPE, Attribute.BODY));
        }
        return Optional.empty();
    }

    /** Items in parentheses; those named twice come once. */
    static List<FetchItem> items(ImapCursor cursor) throws ImapSyntaxException {
        Set<FetchItem> items = new LinkedHashSet<>(cursor.list(() -> item(cursor)));
        return List.copyOf(items);
    }

    private static FetchItem item(ImapCursor cursor) throws ImapSyntaxException {
        String name = cursor.itemName();
        return switch (name) {
            case "FLAGS" -> Attribute.FLAGS;
            case "INTERNALDATE" -> Attribute.INTERNALDATE;
            case "RFC822.SIZE" -> Attribute.RFC822_SIZE;
            case "ENVELOPE" -> Attribute.ENVELOPE;
            case "BODYSTRUCTURE" -> Attribute.BODYSTRUCTURE;
            case "UID" -> Attribute.UID;
            case "RFC822" -> Attribute.RFC822;
            case "RFC822.HEADER" -> Attribute.RFC822_HEADER;
            case "RFC822.TEXT" -> Attribute.RFC822_TEXT;
            case "MODSEQ" -> Attribute.MODSEQ;
            case "EMAILID" -> Attribute.EMAILID;
            case "THREADID" -> Attribute.THREADID;
            case "SAVEDATE" -> Attribute.SAVEDATE;
            case "PREVIEW" -> new FetchItem.Preview(lazy(cursor));
            case "BODY" -> cursor.peek() == '[' ? new FetchItem.Body(false, section(cursor), range(cursor)) : Attribute.BODY;
            case "BODY.PEEK" -> new FetchItem.Body(true, section(cursor), range(cursor));
            case "BINARY" -> new FetchItem.Binary(false, binaryPart(cursor), range(cursor));
            case "BINARY.PEEK" -> new FetchItem.Binary(true, binaryPart(cursor), range(cursor));
            case "BINARY.SIZE" -> new FetchItem.BinarySize(binaryPart(cursor));
            default -> throw cursor.bad("There is no FETCH item " + (name.length() > 40 ? "of that name" : name));
        };
    }

    /** RFC 8970 §3.1. A parenthesis may also begin the modifiers of FETCH. */
    private static boolean lazy(ImapCursor cursor) throws ImapSyntaxException {
        int start = cursor.position();
        if (cursor.trySpace() && cursor.tryOctet('(') && cursor.tryWord("LAZY")) {
            cursor.octet(')');
            return true;
        }
        cursor.reset(start);
        return false;
    }

    static Section section(ImapCursor cursor) throws ImapSyntaxException {
        cursor.octet('[');
        List<Integer> part = new ArrayList<>();
        boolean dot = false;
        while (cursor.atDigit()) {
            part.add(partNumber(cursor));
            checkDepth(cursor, part);
            dot = cursor.tryOctet('.');
            if (!dot) {
                break;
            }
        }
        if (cursor.tryOctet(']') && !dot) {
            return new Section(part, Section.Kind.CONTENT, List.of());
        }
        if (!part.isEmpty() && !dot) {
            throw cursor.bad("A part number is followed by . or ]");
        }
        Section section = sectionText(cursor, part);
        cursor.octet(']');
        return section;
    }

    private static Section sectionText(ImapCursor cursor, List<Integer> part) throws ImapSyntaxException {
        String word = cursor.word("HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT or MIME");
        Section.Kind kind = switch (word) {
            case "HEADER" -> Section.Kind.HEADER;
            case "HEADER.FIELDS" -> Section.Kind.HEADER_FIELDS;
            case "HEADER.FIELDS.NOT" -> Section.Kind.HEADER_FIELDS_NOT;
            case "TEXT" -> Section.Kind.TEXT;
            case "MIME" -> Section.Kind.MIME;
            default -> throw cursor.bad("There is no section " + (word.length() > 40 ? "of that name" : word));
        };
        if (kind == Section.Kind.MIME && part.isEmpty()) {
            throw cursor.bad("MIME needs a part: BODY[1.MIME]"); // RFC 9051 §6.4.5.1
        }
        if (kind != Section.Kind.HEADER_FIELDS && kind != Section.Kind.HEADER_FIELDS_NOT) {
            return new Section(part, kind, List.of());
        }
        cursor.space();
        return new Section(part, kind, cursor.list(() -> fieldName(cursor)));
    }

    /** RFC 5322 §2.2: printable US-ASCII but the colon; no other name can be in a header. */
    static String fieldName(ImapCursor cursor) throws ImapSyntaxException {
        String name = cursor.astringText("a header field");
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
            throw cursor.bad("The name of a header field is not valid");
        }
        return name;
    }

    private static List<Integer> binaryPart(ImapCursor cursor) throws ImapSyntaxException {
        cursor.octet('[');
        List<Integer> part = new ArrayList<>();
        if (!cursor.tryOctet(']')) {
            do {
                part.add(partNumber(cursor));
                checkDepth(cursor, part);
            } while (cursor.tryOctet('.'));
            cursor.octet(']');
        }
        return part;
    }

    private static int partNumber(ImapCursor cursor) throws ImapSyntaxException {
        // No message has that many parts: the number stands for one that does not exist.
        return (int) Math.min(cursor.nzNumber(), Integer.MAX_VALUE);
    }

    private static void checkDepth(ImapCursor cursor, List<Integer> part) throws ImapSyntaxException {
        if (part.size() > MAX_PART_DEPTH) {
            throw cursor.bad("A part is nested too deeply");
        }
    }

    private static Optional<ByteRange> range(ImapCursor cursor) throws ImapSyntaxException {
        if (!cursor.tryOctet('<')) {
            return Optional.empty();
        }
        long first = cursor.number64();
        cursor.octet('.');
        long count = cursor.number64();
        cursor.octet('>');
        if (count == 0) {
            throw cursor.bad("A range of octets has at least one: <0.1>");
        }
        return Optional.of(new ByteRange(first, count));
    }

    static ImapCommand store(boolean uid, ImapCursor cursor) throws ImapSyntaxException {
        SequenceSet numbers = cursor.sequenceSet();
        cursor.space();
        OptionalLong unchangedSince = OptionalLong.empty();
        if (cursor.tryOctet('(')) {
            if (!cursor.tryWord("UNCHANGEDSINCE")) {
                throw cursor.bad("The one modifier of STORE is UNCHANGEDSINCE");
            }
            cursor.space();
            unchangedSince = OptionalLong.of(cursor.number64());
            cursor.octet(')');
            cursor.space();
        }
        Change change = cursor.tryOctet('+') ? Change.ADD : cursor.tryOctet('-') ? Change.REMOVE : Change.REPLACE;
        boolean silent = cursor.tryWord("FLAGS.SILENT");
        if (!silent && !cursor.tryWord("FLAGS")) {
            throw cursor.bad("STORE changes FLAGS, +FLAGS or -FLAGS, each perhaps with .SILENT");
        }
        cursor.space();
        List<String> flags = cursor.peek() == '(' ? cursor.flagList() : cursor.bareFlags();
        return new ImapCommand.Store(uid, numbers, change, silent, flags, unchangedSince);
    }
}
