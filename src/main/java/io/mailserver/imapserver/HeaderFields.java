package io.mailserver.imapserver;

import io.mailserver.imap.Section;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The fields of a header that a section names, as they stand there, and the empty line (RFC 9051 §6.4.5.1). */
final class HeaderFields {
    private final Set<String> names;
    private final boolean others;

    private HeaderFields(Set<String> names, boolean others) {
        this.names = names;
        this.others = others;
    }

    /** @param section of kind HEADER_FIELDS or HEADER_FIELDS_NOT */
    static HeaderFields of(Section section) {
        return new HeaderFields(lowerCase(section.fields()), section.kind() == Section.Kind.HEADER_FIELDS_NOT);
    }

    static Set<String> lowerCase(Collection<String> names) {
        Set<String> lower = new HashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }

    /** @param header its fields with CRLF line ends, with or without the empty line */
    byte[] select(byte[] header) {
        ByteArrayOutputStream selected = new ByteArrayOutputStream(512);
        int at = 0;
        boolean taking = false;
        while (at < header.length) {
            int end = lineEnd(header, at);
            boolean folded = header[at] == ' ' || header[at] == '\t';
            if (!folded) {
                if (isEmptyLine(header, at, end)) {
                    break;
                }
                taking = names.contains(name(header, at, end)) != others;
            }
            if (taking) {
                selected.write(header, at, end - at);
            }
            at = end;
        }
        selected.write('\r');
        selected.write('\n');
        return selected.toByteArray();
    }

    private static int lineEnd(byte[] header, int from) {
        for (int i = from; i < header.length; i++) {
            if (header[i] == '\n') {
                return i + 1;
            }
        }
        return header.length;
    }

    private static boolean isEmptyLine(byte[] header, int from, int end) {
        return end - from <= 2 && (header[from] == '\r' || header[from] == '\n');
    }

    /** In lower case; RFC 5322 §4.5 allows blanks before the colon. */
    private static String name(byte[] header, int from, int end) {
        int colon = from;
        while (colon < end && header[colon] != ':') {
            colon++;
        }
        return new String(header, from, colon - from, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
    }
}
