package io.mailserver.base;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;

/**
 * A domain name in its canonical form: lower-case A-labels without a final dot (RFC 5890 §2.3.2.1). Equal names are equal records.
 *
 * @param ascii at most 253 octets, each label 1 to 63 letters, digits and hyphens (RFC 1123 §2.1, RFC 5321 §4.1.2); underscores
 *     are refused, as in mail domains
 */
public record Domain(String ascii) {
    private static final int MAX_OCTETS = 253;
    private static final int MAX_LABEL_OCTETS = 63;

    public Domain {
        if (!valid(ascii)) {
            throw new IllegalArgumentException("not a domain name");
        }
    }

    /** Reads a name in any case, with A-labels or U-labels; empty if it is not one. */
    public static Optional<Domain> parse(String text) {
        if (text.isEmpty() || text.length() > MAX_OCTETS) {
            return Optional.empty();
        }
        String ascii = text;
        if (!isAscii(text)) {
            try {
                ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        ascii = ascii.toLowerCase(Locale.ROOT);
        return valid(ascii) ? Optional.of(new Domain(ascii)) : Optional.empty();
    }

    /** The name with U-labels where it has any, for people. */
    public String unicode() {
        return IDN.toUnicode(ascii);
    }

    @Override
    public String toString() {
        return ascii;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static boolean valid(String name) {
        if (name.isEmpty() || name.length() > MAX_OCTETS) {
            return false;
        }
        int labelStart = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (!validLabel(name, labelStart, i)) {
                    return false;
                }
                labelStart = i + 1;
            }
        }
        return true;
    }

    private static boolean validLabel(String name, int start, int end) {
        int length = end - start;
        if (length < 1 || length > MAX_LABEL_OCTETS || name.charAt(start) == '-' || name.charAt(end - 1) == '-') {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = name.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                return false;
            }
        }
        return true;
    }
}
