package io.mailserver.imap;

import io.mailserver.base.ModifiedUtf7;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Writes responses: the one place that knows quoting, literals, the two forms of mailbox names and the form of response codes. Numbers
 * and octets go straight into its buffer, so that a FETCH of 100,000 messages makes no garbage.
 *
 * <p>Every write may block when the buffer is full: callers hold no lock. {@link #flush} sends what is buffered.
 *
 * <p>Belongs to one thread at a time.
 */
public final class ImapWriter {
    private static final int BUFFER_OCTETS = 8 * 1024;

    /** Longer strings go out as literals: a client must not need a line buffer of their size. */
    private static final int MAX_QUOTED_OCTETS = 1000;

    private static final byte[] NO_BUFFER = {};

    private static final byte[] CRLF = {'\r', '\n'};

    private OutputStream out;
    /** Made when something is written, given back by {@link #rest}: most sessions are idle most of the time. */
    private byte[] buffer = NO_BUFFER;
    private int fill;
    private boolean utf8;
    /** Whether something went out since the last flush. */
    private boolean unflushed;
    private boolean firstItem;
    /** Between the first octet of a response and its CRLF. */
    private boolean inResponse;

    public ImapWriter(OutputStream out) {
        this.out = out;
    }

    /** Whether strings and mailbox names go out in UTF-8: after ENABLE of IMAP4rev2 or UTF8=ACCEPT (RFC 9051 §5.1, RFC 6855 §3). */
    public void setUtf8(boolean on) {
        utf8 = on;
    }

    /** Whether strings and mailbox names go out in UTF-8. */
    public boolean utf8() {
        return utf8;
    }

    /** Writes to {@code newOut} from now on (STARTTLS, COMPRESS); what is buffered is flushed to the old one. */
    public void switchTo(OutputStream newOut) throws IOException {
        flush();
        out = newOut;
    }

    /** Sends all that was written and holds no memory until something is. */
    public void rest() throws IOException {
        flush();
        if (buffer.length > 0 && fill == 0) {
            buffer = NO_BUFFER;
        }
    }

    private void makeRoom() throws IOException {
        drain();
        if (buffer.length == 0) {
            buffer = new byte[BUFFER_OCTETS];
        }
    }

    /** Sends all that was written. */
    public void flush() throws IOException {
        drain();
        if (unflushed) {
            unflushed = false; // A compressed stream would send an empty block for each flush, which some clients stumble over.
            out.flush();
        }
    }

    // ---- whole responses

    /** The end of a command. */
    public void tagged(String tag, StatusResponse response) throws IOException {
        atom(tag);
        status(response);
    }

    public void untagged(StatusResponse response) throws IOException {
        octet('*');
        status(response);
    }

    /** {@code + text}: go on. */
    public void continuation(String text) throws IOException {
        octet('+').space().ascii(text).crlf();
    }

    private void status(StatusResponse response) throws IOException {
        space().ascii(response.kind().name()).space();
        Optional<ResponseCode> code = response.code();
        if (code.isPresent()) {
            octet('[');
            ResponseCodeWriter.write(this, code.get());
            octet(']').space();
        }
        ascii(response.text()).crlf();
    }

    /** {@code * n NAME}: EXISTS, RECENT, EXPUNGE. */
    public void numbered(long number, String name) throws IOException {
        octet('*').space().number(number).space().ascii(name).crlf();
    }

    /** {@code * NAME} and a blank or CRLF are the caller's. */
    public ImapWriter begin(String name) throws IOException {
        return octet('*').space().ascii(name);
    }

    /** {@code * n FETCH (}; {@link #item} follows for each item, and {@link #endFetch}. */
    public ImapWriter beginFetch(long sequenceNumber) throws IOException {
        firstItem = true;
        return octet('*').space().number(sequenceNumber).ascii(" FETCH (");
    }

    /** {@code * uid UIDFETCH (} (RFC 9586 §3.3); then as after {@link #beginFetch}. */
    public ImapWriter beginUidFetch(long uid) throws IOException {
        firstItem = true;
        return octet('*').space().number(uid).ascii(" UIDFETCH (");
    }

    /** The name of a FETCH item and a blank; a blank before it but for the first one. */
    public ImapWriter item(String name) throws IOException {
        if (!firstItem) {
            space();
        }
        firstItem = false;
        return ascii(name).space();
    }

    /** Whether the last response is complete. */
    public boolean atLineStart() {
        return !inResponse;
    }

    /** The end of a FETCH response. */
    public void endFetch() throws IOException {
        close().crlf();
    }

    // ---- pieces

    public ImapWriter space() throws IOException {
        return octet(' ');
    }

    /** {@code (}. */
    public ImapWriter open() throws IOException {
        return octet('(');
    }

    /** {@code )}. */
    public ImapWriter close() throws IOException {
        return octet(')');
    }

    public ImapWriter crlf() throws IOException {
        octets(CRLF, 0, CRLF.length);
        inResponse = false;
        return this;
    }

    public ImapWriter nil() throws IOException {
        return ascii("NIL");
    }

    /** A number, not negative. */
    public ImapWriter number(long number) throws IOException {
        if (number < 0) {
            throw new IllegalArgumentException("number " + number);
        }
        need(20);
        inResponse = true;
        int end = fill + digits(number);
        long rest = number;
        for (int at = end - 1; at >= fill; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        fill = end;
        return this;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** A word of ours, or an atom that was checked: printable US-ASCII. */
    public ImapWriter atom(String atom) throws IOException {
        return ascii(atom);
    }

    /** Flags in parentheses, as {@code \Seen} or {@code $Junk}. */
    public ImapWriter flags(List<String> flags) throws IOException {
        open();
        for (int i = 0; i < flags.size(); i++) {
            if (i > 0) {
                space();
            }
            ascii(flags.get(i));
        }
        return close();
    }

    /** Quoted, or a literal where it must be. */
    public ImapWriter string(String text) throws IOException {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Quoted, or a literal where it must be. NUL, which neither can hold, goes out as a question mark. */
    public ImapWriter string(byte[] octets) throws IOException {
        boolean quotable = octets.length <= MAX_QUOTED_OCTETS;
        for (byte octet : octets) {
            if (octet == '\r' || octet == '\n' || octet == 0 || (octet < 0 && !utf8)) {
                quotable = false;
                break;
            }
        }
        return quotable ? quoted(octets) : literalOf(octets);
    }

    private ImapWriter literalOf(byte[] octets) throws IOException {
        literal(octets.length);
        for (byte octet : octets) {
            octet(octet == 0 ? '?' : octet);
        }
        return this;
    }

    private ImapWriter quoted(byte[] octets) throws IOException {
        octet('"');
        for (byte octet : octets) {
            if (octet == '"' || octet == '\\') {
                octet('\\');
            }
            octet(octet);
        }
        return octet('"');
    }

    /** A string, or NIL. */
    public ImapWriter nstring(Optional<String> text) throws IOException {
        return text.isPresent() ? string(text.get()) : nil();
    }

    /** An atom where it can be one, else a string. */
    public ImapWriter astring(String text) throws IOException {
        return isAtom(text) ? ascii(text) : string(text);
    }

    /** A mailbox name or a pattern of them, in the form that the client knows; always a string: {@code "Sent"}. */
    public ImapWriter mailbox(String name) throws IOException {
        if (name.equalsIgnoreCase("INBOX")) {
            return ascii("INBOX");
        }
        return string(utf8 ? name : ModifiedUtf7.encode(name));
    }

    /** Announces {@code octets} octets, which the caller writes next. */
    public ImapWriter literal(long octets) throws IOException {
        return octet('{').number(octets).ascii("}\r\n");
    }

    /** Announces octets that may hold NUL (RFC 9051 §4.3). */
    public ImapWriter literal8(long octets) throws IOException {
        return octet('~').literal(octets);
    }

    /** Octets that are a piece of a response already, or of a literal. */
    public ImapWriter octets(byte[] octets, int from, int length) throws IOException {
        inResponse = true;
        if (length > buffer.length - fill) {
            makeRoom();
            if (length >= buffer.length) {
                unflushed = true;
                out.write(octets, from, length);
                return this;
            }
        }
        System.arraycopy(octets, from, buffer, fill, length);
        fill += length;
        return this;
    }

    /** All of {@code octets}, as {@link #octets(byte[], int, int)}. */
    public ImapWriter octets(byte[] octets) throws IOException {
        return octets(octets, 0, octets.length);
    }

    /** What {@link Envelope} or {@link BodyStructure} rendered, in the form that the client understands. */
    public ImapWriter rendered(byte[] rendered) throws IOException {
        int start = RenderedOctets.start(rendered, utf8);
        return octets(rendered, start, RenderedOctets.end(rendered, utf8) - start);
    }

    /** Text of ours: US-ASCII. */
    public ImapWriter ascii(String text) throws IOException {
        int length = text.length();
        if (length > buffer.length - fill) {
            return octets(text.getBytes(StandardCharsets.US_ASCII));
        }
        inResponse = true;
        for (int i = 0; i < length; i++) {
            buffer[fill++] = (byte) text.charAt(i);
        }
        return this;
    }

    ImapWriter octet(int octet) throws IOException {
        need(1);
        inResponse = true;
        buffer[fill++] = (byte) octet;
        return this;
    }

    static boolean isAtom(String text) {
        if (text.isEmpty() || text.equalsIgnoreCase("NIL") || text.length() > MAX_QUOTED_OCTETS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x7f || !Grammar.isAtomOctet((byte) c)) {
                return false;
            }
        }
        return true;
    }

    private void need(int octets) throws IOException {
        if (octets > buffer.length - fill) {
            makeRoom();
        }
    }

    private void drain() throws IOException {
        if (fill > 0) {
            int length = fill;
            fill = 0; // before the write: after a failure nothing goes out twice
            unflushed = true;
            out.write(buffer, 0, length);
        }
    }
}
