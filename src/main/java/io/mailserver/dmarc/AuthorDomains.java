package io.mailserver.dmarc;

import io.mailserver.base.Domain;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The domains of the authors (RFC 9989 §5.3.1): those of all addresses of all From fields.
 *
 * @param domains each once, in order
 * @param unreadable how many addresses had no domain that could be read; readers may still be shown something
 */
public record AuthorDomains(List<Domain> domains, int unreadable) {
    private static final int MAX_ADDRESSES = 100;

    public AuthorDomains {
        domains = List.copyOf(domains);
    }

    /** Reads the From fields of a header. */
    public static AuthorDomains of(HeaderBlock header) {
        Set<Domain> domains = new LinkedHashSet<>();
        int unreadable = 0;
        int seen = 0;
        for (HeaderField field : header.all("From")) {
            for (String address : addresses(field.text())) {
                if (++seen > MAX_ADDRESSES) {
                    return new AuthorDomains(List.copyOf(domains), unreadable + 1);
                }
                Optional<Domain> domain = domain(address);
                domain.ifPresent(domains::add);
                unreadable += domain.isEmpty() ? 1 : 0;
            }
        }
        return new AuthorDomains(List.copyOf(domains), unreadable);
    }

    private static Optional<Domain> domain(String address) {
        String text = address.strip();
        return Domain.parse(text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
    }

    /**
     * What follows the last at sign of each address (RFC 5322 §3.4): quoted strings and comments left out, of a name with an address in
     * angle brackets only the latter, groups (RFC 6854) opened. An address without an at sign counts as an empty domain.
     */
    static List<String> addresses(String value) {
        List<String> found = new ArrayList<>();
        StringBuilder address = new StringBuilder();
        boolean angle = false;
        boolean hadAngle = false;
        int at = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c == '"') {
                at = skipQuoted(value, at);
                if (!hadAngle || angle) {
                    address.append('q'); // Something stands here, whose at signs do not count.
                }
                continue;
            }
            if (c == '(') {
                at = skipComment(value, at);
                continue;
            }
            at++;
            if (c == '<') {
                if (hadAngle) {
                    add(found, address, true); // Two addresses without a comma: nobody knows which one readers see.
                }
                angle = true;
                hadAngle = true;
                address.setLength(0); // What came before was a name.
            } else if (c == '>') {
                angle = false;
            } else if (c == ':' && (angle || !hadAngle)) {
                address.setLength(0); // A source route, or a group's name.
            } else if ((c == ',' && !angle) || c == ';') {
                add(found, address, hadAngle);
                angle = false;
                hadAngle = false;
            } else if (angle || !hadAngle) {
                address.append(c);
            }
        }
        add(found, address, hadAngle);
        return found;
    }

    private static void add(List<String> found, StringBuilder address, boolean hadAngle) {
        String text = address.toString().strip();
        address.setLength(0);
        if (!text.isEmpty() || hadAngle) {
            found.add(text.substring(text.indexOf('@') < 0 ? text.length() : text.lastIndexOf('@') + 1));
        }
    }

    private static int skipQuoted(String value, int start) {
        for (int at = start + 1; at < value.length(); at++) {
            if (value.charAt(at) == '\\') {
                at++;
            } else if (value.charAt(at) == '"') {
                return at + 1;
            }
        }
        return value.length();
    }

    private static int skipComment(String value, int start) {
        int depth = 0;
        for (int at = start; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return at + 1;
            }
        }
        return value.length();
    }
}
