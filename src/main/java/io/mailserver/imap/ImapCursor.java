package io.mailserver.imap;

import io.mailserver.base.Content;
import io.mailserver.base.ModifiedUtf7;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place in a command that moves forward. Methods are named after the grammar's elements (RFC 9051 §9): those named try… move only if
 * they return true or something, all others throw where their element is not there.
 */
final class ImapCursor {
    /** A tag that somebody else must store and repeat. */
    private static final int MAX_TAG_LENGTH = 255;

    /** Enough for every keyword and mailbox name that is accepted anywhere. */
    private static final int MAX_ATOM_LENGTH = 4096;

    /** Elements of any list in parentheses. */
    static final int MAX_LIST = 1000;

    private static final Map<String, String> SYSTEM_FLAGS = systemFlags();

    private final ImapFrame frame;
    private final Dialect dialect;
    private int position;
    private @Nullable String tag;

    ImapCursor(ImapFrame frame, Dialect dialect) {
        this.frame = frame;
        this.dialect = dialect;
    }

    /** The tag of a command that may be broken otherwise. */
    static Optional<String> tagOf(byte[] octets, int length) {
        ImapCursor cursor = new ImapCursor(new ImapFrame(octets, length, List.of()), Dialect.PLAIN);
        try {
            String tag = cursor.tag();
            return cursor.peek() == ' ' || cursor.atEnd() ? Optional.of(tag) : Optional.empty();
        } catch (ImapSyntaxException e) {
            return Optional.empty();
        }
    }

    Dialect dialect() {
        return dialect;
    }

    // ---- refusals

    /** BAD with {@code text}. */
    ImapSyntaxException bad(String text) {
        return refuse(StatusResponse.bad(text));
    }

    ImapSyntaxException refuse(StatusResponse response) {
        return new ImapSyntaxException(Optional.ofNullable(tag), response);
    }

    private ImapSyntaxException expected(String what) {
        return bad("Expected " + what + (atEnd() ? " at the end of the command" : " at octet " + (position + 1)));
    }

    // ---- octets

    boolean atEnd() {
        return position >= frame.length();
    }

    /** 0, which is in no command outside literals, at the end. */
    byte peek() {
        return position < frame.length() ? frame.octet(position) : 0;
    }

    boolean tryOctet(char octet) {
        if (atEnd() || frame.octet(position) != octet) {
            return false;
        }
        position++;
        return true;
    }

    void octet(char octet) throws ImapSyntaxException {
        if (!tryOctet(octet)) {
            throw expected("\"" + octet + "\"");
        }
    }

    boolean trySpace() {
        return tryOctet(' ');
    }

    void space() throws ImapSyntaxException {
        if (!trySpace()) {
            throw expected("a space");
        }
    }

    void end() throws ImapSyntaxException {
        // Not followed: RFC 9051 §9 has no blanks at the end of a command. They are common and harmless.
        boolean blank = trySpace();
        while (blank) {
            blank = trySpace();
        }
        if (!atEnd()) {
            throw bad("Too many arguments, at octet " + (position + 1));
        }
    }

    /** {@code word} in any case, if neither letters nor other octets of an atom follow. */
    boolean tryWord(String word) {
        int after = position + word.length();
        if (after > frame.length() || (after < frame.length() && Grammar.isAtomOctet(frame.octet(after)) && frame.octet(after) != '[')) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (upper(frame.octet(position + i)) != word.charAt(i)) {
                return false;
            }
        }
        position = after;
        return true;
    }

    private static int upper(byte octet) {
        return octet >= 'a' && octet <= 'z' ? octet - 0x20 : octet;
    }

    int position() {
        return position;
    }

    void reset(int earlier) {
        position = earlier;
    }

    // ---- words

    String tag() throws ImapSyntaxException {
        int start = position;
        while (!atEnd() && Grammar.isTagOctet(frame.octet(position))) {
            position++;
        }
        if (position == start || position - start > MAX_TAG_LENGTH) {
            throw bad("Write a tag, a space and a command: a1 NOOP");
        }
        tag = ascii(start);
        return tag;
    }

    String atom(String what) throws ImapSyntaxException {
        int start = position;
        while (!atEnd() && Grammar.isAtomOctet(frame.octet(position))) {
            position++;
        }
        if (position == start) {
            throw expected(what);
        }
        if (position - start > MAX_ATOM_LENGTH) {
            throw bad("An atom is too long");
        }
        return ascii(start);
    }

    /** An atom in upper case. */
    String word(String what) throws ImapSyntaxException {
        return atom(what).toUpperCase(Locale.ROOT);
    }

    /** As {@link #word}, but ends before {@code [} and {@code <}, which atoms may hold: the name of a FETCH item. */
    String itemName() throws ImapSyntaxException {
        int start = position;
        while (!atEnd() && Grammar.isAtomOctet(frame.octet(position)) && peek() != '[' && peek() != '<') {
            position++;
        }
        if (position == start) {
            throw expected("what to fetch");
        }
        return ascii(start).toUpperCase(Locale.ROOT);
    }

    private String ascii(int start) {
        return new String(frame.buffer(), start, position - start, StandardCharsets.US_ASCII);
    }

    // ---- numbers

    /** 0 to 4,294,967,295. */
    long number() throws ImapSyntaxException {
        return number(SequenceSet.MAX_NUMBER);
    }

    /** 1 to 4,294,967,295. */
    long nzNumber() throws ImapSyntaxException {
        long number = number();
        if (number == 0) {
            throw bad("A number is 0 that must be at least 1");
        }
        return number;
    }

    /** 0 to 9,223,372,036,854,775,807. */
    long number64() throws ImapSyntaxException {
        return number(Long.MAX_VALUE);
    }

    boolean atDigit() {
        return peek() >= '0' && peek() <= '9';
    }

    private long number(long max) throws ImapSyntaxException {
        if (!atDigit()) {
            throw expected("a number");
        }
        long number = 0;
        while (atDigit()) {
            int digit = frame.octet(position) - '0';
            if (number > (max - digit) / 10) {
                throw bad("A number is larger than " + max);
            }
            number = 10 * number + digit;
            position++;
        }
        return number;
    }

    // ---- strings

    /** The octets of an atom that may hold {@code ]}, a quoted string or a literal. */
    byte[] astring(String what) throws ImapSyntaxException {
        if (peek() == '"' || peek() == '{') {
            return string(what);
        }
        int start = position;
        while (!atEnd() && Grammar.isAstringOctet(frame.octet(position))) {
            position++;
        }
        if (position == start) {
            throw expected(what);
        }
        return frame.copy(start, position);
    }

    /** As {@link #astring}, in UTF-8, without control characters. */
    String astringText(String what) throws ImapSyntaxException {
        return text(astring(what), what);
    }

    /** The octets of a quoted string or a literal; without NUL. */
    byte[] string(String what) throws ImapSyntaxException {
        if (tryOctet('"')) {
            return quoted();
        }
        if (peek() == '{') {
            byte[] octets = literal();
            for (byte octet : octets) {
                if (octet == 0) {
                    throw bad("A string holds NUL");
                }
            }
            return octets;
        }
        throw expected(what);
    }

    /** A string or NIL. */
    Optional<byte[]> nstring(String what) throws ImapSyntaxException {
        return tryWord("NIL") ? Optional.empty() : Optional.of(string(what));
    }

    /** A string, a literal8 or NIL. */
    Optional<byte[]> nstring8(String what) throws ImapSyntaxException {
        return tryOctet('~') ? Optional.of(literal()) : nstring(what);
    }

    /** What follows the opening quote. */
    private byte[] quoted() throws ImapSyntaxException {
        int start = position;
        int escapes = 0;
        while (!atEnd()) {
            byte octet = frame.octet(position++);
            if (octet == '"') {
                return unescaped(start, position - 1, escapes);
            }
            if (octet == '\\') {
                if (peek() != '"' && peek() != '\\') {
                    throw bad("In a quoted string a backslash stands before \\ or a quote only");
                }
                escapes++;
                position++;
            } else if (octet == 0 || octet == '\r' || octet == '\n') {
                throw bad("A quoted string cannot hold CR, LF or NUL");
            }
        }
        throw bad("A quoted string has no end");
    }

    private byte[] unescaped(int start, int end, int escapes) {
        if (escapes == 0) {
            return frame.copy(start, end);
        }
        byte[] octets = new byte[end - start - escapes];
        int length = 0;
        for (int i = start; i < end; i++) {
            if (frame.octet(i) == '\\') {
                i++;
            }
            octets[length++] = frame.octet(i);
        }
        return octets;
    }

    private byte[] literal() throws ImapSyntaxException {
        int size = announced();
        if (frame.streamedAt(position) != null || size > frame.length() - position) {
            throw bad("A literal is not allowed here");
        }
        position += size;
        return frame.copy(position - size, position);
    }

    /** From the opening brace to behind the LF. */
    private int announced() throws ImapSyntaxException {
        octet('{');
        long size = number64();
        tryOctet('+');
        if (!tryOctet('}') || !tryOctet('\r') || !tryOctet('\n')) {
            throw bad("A literal is announced by {, its size, } and CRLF");
        }
        // One that was streamed may be larger than any array.
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /** A message as a literal, wherever its octets are. */
    Content message() throws ImapSyntaxException {
        int size = announced();
        Content elsewhere = frame.streamedAt(position);
        if (elsewhere != null) {
            return elsewhere;
        }
        if (size > frame.length() - position) {
            throw bad("A literal is shorter than announced");
        }
        position += size;
        return new LiteralContent(frame.copy(position - size, position));
    }

    /** {@code octets} as UTF-8 without control characters. */
    String text(byte[] octets, String what) throws ImapSyntaxException {
        for (byte octet : octets) {
            if ((octet >= 0 && octet < ' ') || octet == 0x7f) {
                throw bad("There is a control character in " + what);
            }
        }
        return utf8(octets, what);
    }

    /** {@code octets} as UTF-8. */
    String utf8(byte[] octets, String what) throws ImapSyntaxException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            throw bad("There are octets that are not UTF-8 in " + what);
        }
    }

    // ---- mailboxes

    String mailbox() throws ImapSyntaxException {
        return mailboxName(astring("a mailbox"));
    }

    /** A pattern of LIST: as a mailbox, and wildcards need no quotes. */
    String listMailbox() throws ImapSyntaxException {
        if (peek() == '"' || peek() == '{') {
            return mailboxName(string("a mailbox pattern"));
        }
        int start = position;
        while (!atEnd() && Grammar.isListOctet(frame.octet(position))) {
            position++;
        }
        if (position == start) {
            throw expected("a mailbox pattern");
        }
        return mailboxName(frame.copy(start, position));
    }

    private String mailboxName(byte[] octets) throws ImapSyntaxException {
        String name = text(octets, "the mailbox name");
        boolean ascii = name.length() == octets.length;
        if (dialect.utf8Names()) {
            return name;
        }
        if (!ascii) {
            throw bad("Mailbox names with UTF-8 need ENABLE IMAP4rev2 or ENABLE UTF8=ACCEPT first; else write modified UTF-7");
        }
        return ModifiedUtf7.decode(name)
                .orElseThrow(() -> refuse(StatusResponse.no(
                        ResponseCode.Plain.CANNOT, "The mailbox name is not modified UTF-7; a plain & is written &-")));
    }

    // ---- sets, flags, lists

    SequenceSet sequenceSet() throws ImapSyntaxException {
        if (tryOctet('$')) {
            return SequenceSet.savedResult(); // RFC 5182 §2.1
        }
        long[] ends = new long[16];
        int length = 0;
        do {
            if (length + 2 > ends.length) {
                ends = Arrays.copyOf(ends, 2 * ends.length);
            }
            ends[length] = sequenceNumber();
            ends[length + 1] = tryOctet(':') ? sequenceNumber() : ends[length];
            length += 2;
        } while (tryOctet(','));
        return SequenceSet.ofRanges(Arrays.copyOf(ends, length));
    }

    long sequenceNumber() throws ImapSyntaxException {
        return tryOctet('*') ? SequenceSet.STAR : nzNumber();
    }

    /** A flag that a client may set: not \Recent, not \*. */
    String flag() throws ImapSyntaxException {
        if (!tryOctet('\\')) {
            return atom("a flag");
        }
        String name = atom("the name of a system flag");
        String known = SYSTEM_FLAGS.get(name.toUpperCase(Locale.ROOT));
        if (known == null) {
            throw bad("There is no system flag \\" + name + " that can be set");
        }
        return known;
    }

    /** Flags in parentheses, perhaps none, without doubles. */
    List<String> flagList() throws ImapSyntaxException {
        octet('(');
        Map<String, String> flags = new LinkedHashMap<>();
        if (!tryOctet(')')) {
            do {
                addFlag(flags);
            } while (trySpace());
            octet(')');
        }
        return List.copyOf(flags.values());
    }

    /** One flag or more without parentheses (STORE allows that). */
    List<String> bareFlags() throws ImapSyntaxException {
        Map<String, String> flags = new LinkedHashMap<>();
        do {
            addFlag(flags);
        } while (trySpace());
        return List.copyOf(flags.values());
    }

    private void addFlag(Map<String, String> flags) throws ImapSyntaxException {
        String flag = flag();
        flags.putIfAbsent(flag.toUpperCase(Locale.ROOT), flag);
        if (flags.size() > MAX_LIST) {
            throw bad("Too many flags");
        }
    }

    /** Parses elements between parentheses, separated by single spaces. */
    @FunctionalInterface
    interface Element<T> {
        T parse() throws ImapSyntaxException;
    }

    /** One element or more in parentheses. */
    <T> List<T> list(Element<T> element) throws ImapSyntaxException {
        octet('(');
        List<T> elements = new ArrayList<>();
        do {
            elements.add(element.parse());
            if (elements.size() > MAX_LIST) {
                throw bad("A list has more than " + MAX_LIST + " elements");
            }
        } while (trySpace());
        octet(')');
        return elements;
    }

    /** Elements in parentheses, perhaps none. */
    <T> List<T> listOrNone(Element<T> element) throws ImapSyntaxException {
        int start = position;
        octet('(');
        if (tryOctet(')')) {
            return List.of();
        }
        position = start;
        return list(element);
    }

    private static Map<String, String> systemFlags() {
        return Map.of("ANSWERED", "\\Answered", "FLAGGED", "\\Flagged", "DELETED", "\\Deleted", "SEEN", "\\Seen", "DRAFT", "\\Draft");
    }
}
