package io.mailserver.imap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes some fields out of a header, or all but some (RFC 9051 §6.4.5.1), without making an object of any field: a client may ask for
 * them of 100,000 messages. Immutable.
 */
public final class HeaderSelection {
    private final byte[][] names;
    private final boolean not;

    /** @param not whether the named fields are left out */
    public HeaderSelection(Collection<String> fields, boolean not) {
        Set<String> lower = new TreeSet<>();
        fields.forEach(field -> lower.add(field.toLowerCase(Locale.ROOT)));
        List<byte[]> octets = new ArrayList<>();
        lower.forEach(field -> octets.add(field.getBytes(StandardCharsets.ISO_8859_1)));
        this.names = octets.toArray(byte[][]::new);
        this.not = not;
    }

    /** The selection of a section of one of the two kinds that select fields. */
    public static HeaderSelection of(Section section) {
        return new HeaderSelection(section.fields(), section.kind() == Section.Kind.HEADER_FIELDS_NOT);
    }

    /**
     * Copies the selected fields in their order, and then an empty line, to {@code into}.
     *
     * @param header fields with CRLF line ends from {@code from} to {@code to}; what follows an empty line is not looked at
     * @param into has room for {@code to - from + 2} octets
     * @return how many octets were written
     */
    public int select(byte[] header, int from, int to, byte[] into) {
        int length = 0;
        int at = from;
        while (at < to && header[at] != '\r' && header[at] != '\n') {
            int end = fieldEnd(header, at, to);
            if (isNamed(header, at, end) != not) {
                System.arraycopy(header, at, into, length, end - at);
                length += end - at;
                if (header[end - 1] != '\n') { // the message ended within its header
                    into[length++] = '\r';
                    into[length++] = '\n';
                    return length;
                }
            }
            at = end;
        }
        into[length++] = '\r';
        into[length++] = '\n';
        return length;
    }

    /** The selected fields of a whole header and the empty line, as octets of their own. */
    public byte[] of(byte[] header) {
        byte[] into = new byte[header.length + 2];
        return Arrays.copyOf(into, select(header, 0, header.length, into));
    }

    /** Behind the field's last line. */
    private static int fieldEnd(byte[] header, int from, int to) {
        int at = from;
        while (at < to) {
            if (header[at++] == '\n' && (at == to || (header[at] != ' ' && header[at] != '\t'))) {
                return at;
            }
        }
        return to;
    }

    private boolean isNamed(byte[] header, int start, int end) {
        for (byte[] name : names) {
            int at = start + name.length;
            if (at < end && matches(name, header, start)) {
                while (at < end && (header[at] == ' ' || header[at] == '\t')) { // RFC 5322 §4.5: once allowed before the colon
                    at++;
                }
                if (at < end && header[at] == ':') {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean matches(byte[] name, byte[] header, int start) {
        for (int i = 0; i < name.length; i++) {
            byte octet = header[start + i];
            if ((octet >= 'A' && octet <= 'Z' ? octet + 0x20 : octet) != name[i]) {
                return false;
            }
        }
        return true;
    }
}
