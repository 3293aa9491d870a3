package io.mailserver.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The header of a message or of a part: everything up to the first empty line (RFC 5322 §2.1), as fields that are ranges of its octets.
 * A line that is neither a field nor the continuation of one is kept as a malformed field and ends nothing. Immutable.
 */
public final class HeaderBlock {
    private static final int FIRST_READ_OCTETS = 8 << 10;

    private final byte[] octets;
    private final int length;
    private final int bodyStart;
    private final boolean truncated;
    private final List<HeaderField> fields;

    private HeaderBlock(byte[] octets, int length, int bodyStart, boolean truncated, List<HeaderField> fields) {
        this.octets = octets;
        this.length = length;
        this.bodyStart = bodyStart;
        this.truncated = truncated;
        this.fields = List.copyOf(fields);
    }

    /**
     * @param octets how large a header may be; what follows is not looked at
     * @param fields how many fields it may have
     */
    public record Limits(int octets, int fields) {
        /** One mebibyte and 10,000 fields: far above what mail programs write, far below what hurts. */
        public static final Limits DEFAULTS = new Limits(1 << 20, 10_000);
    }

    /**
     * A message taken apart without reading all of it.
     *
     * @param body at the first octet after the empty line; closing it closes the stream it was read from
     */
    public record Split(HeaderBlock header, InputStream body) {}

    /** Reads the header at the start of {@code message}, of which the array is kept: it must not change. */
    public static HeaderBlock parse(byte[] message, Limits limits) {
        int available = Math.min(message.length, limits.octets());
        int bodyStart = bodyStart(message, 0, available);
        return make(message, available, bodyStart, bodyStart < 0 && available < message.length, limits);
    }

    /** Reads from a stream up to the empty line, holding no more than the header and one read beyond it in memory. */
    public static Split split(InputStream message, Limits limits) throws IOException {
        byte[] buffer = new byte[Math.min(FIRST_READ_OCTETS, limits.octets())];
        int filled = 0;
        int searched = 0;
        while (true) {
            int read = message.readNBytes(buffer, filled, buffer.length - filled);
            filled += read;
            int bodyStart = bodyStart(buffer, searched, filled);
            boolean ended = filled < buffer.length;
            if (bodyStart >= 0 || ended || filled == limits.octets()) {
                boolean cut = bodyStart < 0 && !ended;
                HeaderBlock header = make(buffer, filled, bodyStart, cut, limits);
                InputStream rest = new ByteArrayInputStream(buffer, header.bodyStart, filled - header.bodyStart);
                return new Split(header, new SequenceInputStream(rest, message));
            }
            searched = Math.max(0, filled - 3); // An empty line may lie across the border: LF CR LF.
            buffer = Arrays.copyOf(buffer, Math.min(limits.octets(), buffer.length * 2));
        }
    }

    /** All fields in order, malformed ones included. */
    public List<HeaderField> fields() {
        return fields;
    }

    /** The fields of a name, in order. */
    public List<HeaderField> all(String name) {
        List<HeaderField> found = new ArrayList<>(1);
        for (HeaderField field : fields) {
            if (field.is(name)) {
                found.add(field);
            }
        }
        return found;
    }

    /** The topmost field of a name. */
    public Optional<HeaderField> first(String name) {
        for (HeaderField field : fields) {
            if (field.is(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /** How many octets the fields have, without the empty line after them. */
    public int length() {
        return length;
    }

    /** Where the body starts in what was parsed; its end where there is no body. */
    public int bodyStart() {
        return bodyStart;
    }

    /** Whether a limit cut it: there may be more fields. Who relies on a header being whole refuses such a message. */
    public boolean truncated() {
        return truncated;
    }

    /** The octets of the fields; a new array each time. */
    public byte[] octets() {
        return Arrays.copyOf(octets, length);
    }

    private static HeaderBlock make(byte[] octets, int available, int bodyStart, boolean cut, Limits limits) {
        int after = bodyStart < 0 ? available : bodyStart;
        int length = bodyStart < 0 ? available : bodyStart - (bodyStart >= 2 && octets[bodyStart - 2] == '\r' ? 2 : 1);
        List<HeaderField> fields = new ArrayList<>();
        int at = 0;
        while (at < length && fields.size() < limits.fields()) {
            int end = lineEnd(octets, at, length);
            while (end < length && isBlank(octets[end])) {
                end = lineEnd(octets, end, length);
            }
            fields.add(field(octets, at, end));
            at = end;
        }
        return new HeaderBlock(octets, length, after, cut || at < length, fields);
    }

    /** The field in a range. */
    static HeaderField field(byte[] octets, int start, int end) {
        int at = start;
        while (at < end && octets[at] > ' ' && octets[at] < 0x7f && octets[at] != ':') {
            at++;
        }
        int nameEnd = at;
        while (at < end && isBlank(octets[at])) { // RFC 5322 §4.5: once allowed before the colon.
            at++;
        }
        boolean wellFormed = nameEnd > start && at < end && octets[at] == ':';
        return wellFormed ? new HeaderField(octets, start, nameEnd, at, end) : new HeaderField(octets, start, start, -1, end);
    }

    /** After the line end that follows; {@code limit} if there is none. */
    private static int lineEnd(byte[] octets, int from, int limit) {
        int at = from;
        while (at < limit) {
            if (octets[at++] == '\n') {
                return at;
            }
        }
        return limit;
    }

    /** After the first empty line; -1 if there is none between the places. */
    private static int bodyStart(byte[] octets, int from, int limit) {
        for (int at = from; at < limit; at++) {
            boolean lineStart = at == 0 || octets[at - 1] == '\n';
            if (lineStart && octets[at] == '\n') {
                return at + 1;
            }
            if (lineStart && octets[at] == '\r' && at + 1 < limit && octets[at + 1] == '\n') {
                return at + 2;
            }
        }
        return -1;
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}
