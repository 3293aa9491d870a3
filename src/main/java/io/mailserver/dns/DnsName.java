package io.mailserver.dns;

import io.mailserver.base.Domain;
import java.net.IDN;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A name in the DNS, absolute. Unlike {@link Domain} it may hold any octets, such as the underscores of {@code _dmarc} or what a
 * macro of SPF expands to (RFC 2181 §11).
 *
 * @param text the labels joined by dots, without a final dot, each char one octet, ASCII letters in lower case; empty for the root.
 *     Labels are 1 to 63 octets, the whole at most 253, so that it fits the 255 octets of the wire (RFC 1035 §2.3.4). Labels that
 *     themselves hold a dot or NUL cannot be expressed; none are of use to mail.
 */
public record DnsName(String text) {
    /** The longest text, in octets. */
    public static final int MAX_OCTETS = 253;

    private static final int MAX_LABEL_OCTETS = 63;

    public DnsName {
        if (!valid(text)) {
            throw new IllegalArgumentException("not a DNS name");
        }
    }

    /**
     * Reads a name in any case, with or without the final dot. U-labels become A-labels (RFC 5890 §2.3.2.1); all other octets stand
     * for themselves, there is no escaping. Empty if it is no name.
     */
    public static Optional<DnsName> parse(String text) {
        String ascii = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (ascii.length() > MAX_OCTETS) {
            return Optional.empty();
        }
        if (ascii.chars().anyMatch(c -> c >= 0x80)) {
            try {
                ascii = IDN.toASCII(ascii);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        ascii = ascii.toLowerCase(Locale.ROOT);
        return !ascii.isEmpty() && valid(ascii) ? Optional.of(new DnsName(ascii)) : Optional.empty();
    }

    /** For names in the program's own text. */
    public static DnsName of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a DNS name"));
    }

    public static DnsName of(Domain domain) {
        return new DnsName(domain.ascii());
    }

    /** The name that holds the PTR records of an address: under {@code in-addr.arpa} or {@code ip6.arpa} (RFC 1035 §3.5, RFC 3596 §2.5). */
    public static DnsName reverse(InetAddress address) {
        byte[] octets = address.getAddress();
        StringBuilder name = new StringBuilder(74);
        for (int i = octets.length - 1; i >= 0; i--) {
            int octet = octets[i] & 0xff;
            if (address instanceof Inet4Address) {
                name.append(octet).append('.');
            } else {
                name.append(Character.forDigit(octet & 0xf, 16)).append('.');
                name.append(Character.forDigit(octet >> 4, 16)).append('.');
            }
        }
        return new DnsName(name + (address instanceof Inet4Address ? "in-addr.arpa" : "ip6.arpa"));
    }

    /** {@code prefix.this}; empty if that is too long or no name. */
    public Optional<DnsName> child(String prefix) {
        return parse(text.isEmpty() ? prefix : prefix + "." + text);
    }

    /** From the first label to the last; empty for the root. */
    public List<String> labels() {
        return text.isEmpty() ? List.of() : List.of(text.split("\\.", -1));
    }

    /** The name without its first label; the root stays the root. */
    public DnsName parent() {
        int dot = text.indexOf('.');
        return new DnsName(dot < 0 ? "" : text.substring(dot + 1));
    }

    /** Whether this name is {@code other} or below it. */
    public boolean isWithin(DnsName other) {
        return other.text.isEmpty()
                || text.equals(other.text)
                || (text.length() > other.text.length()
                        && text.endsWith(other.text)
                        && text.charAt(text.length() - other.text.length() - 1) == '.');
    }

    /** The name as a mail domain, where it is one. */
    public Optional<Domain> toDomain() {
        return Domain.parse(text);
    }

    /** For logs and replies: octets outside printable ASCII, and the backslash, as {@code \DDD} (RFC 1035 §5.1). */
    @Override
    public String toString() {
        if (text.isEmpty()) {
            return ".";
        }
        if (text.chars().allMatch(DnsName::isPlain)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "\\%03d", (int) c));
            }
        }
        return escaped.toString();
    }

    /** The wire form, uncompressed (RFC 1035 §3.1). */
    byte[] wire() {
        byte[] wire = new byte[text.isEmpty() ? 1 : text.length() + 2];
        int at = 0;
        for (String label : labels()) {
            wire[at++] = (byte) label.length();
            byte[] octets = label.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(octets, 0, wire, at, octets.length);
            at += octets.length;
        }
        return wire;
    }

    private static boolean isPlain(int c) {
        return c > 0x20 && c < 0x7f && c != '\\';
    }

    private static boolean valid(String text) {
        if (text.isEmpty()) {
            return true;
        }
        if (text.length() > MAX_OCTETS) {
            return false;
        }
        int labelStart = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                int length = i - labelStart;
                if (length < 1 || length > MAX_LABEL_OCTETS) {
                    return false;
                }
                labelStart = i + 1;
            } else {
                char c = text.charAt(i);
                if (c == 0 || c > 0xff || (c >= 'A' && c <= 'Z')) {
                    return false;
                }
            }
        }
        return true;
    }
}
