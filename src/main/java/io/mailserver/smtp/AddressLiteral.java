package io.mailserver.smtp;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Address literals (RFC 5321 §4.1.3): {@code [192.0.2.1]} and {@code [IPv6:2001:db8::1]}, IPv6 in the form of RFC 5952. Never asks a
 * resolver.
 */
public final class AddressLiteral {
    private static final String IPV6_TAG = "IPv6:";
    private static final int MAX_IPV6_LENGTH = 45;

    private AddressLiteral() {}

    /** Reads what stands between the brackets; empty if it is not an address of either kind. */
    public static Optional<InetAddress> parse(String inside) {
        if (inside.regionMatches(true, 0, IPV6_TAG, 0, IPV6_TAG.length())) {
            return parseIpv6(inside.substring(IPV6_TAG.length()));
        }
        return isDottedQuad(inside) ? Optional.of(Inet4Address.ofLiteral(inside)) : Optional.empty();
    }

    /** The literal with its brackets; an IPv4-mapped IPv6 address is written as the IPv4 address it means. */
    public static String format(InetAddress address) {
        return address instanceof Inet6Address six ? "[" + IPV6_TAG + ipv6Text(six.getAddress()) + "]" : "[" + plain(address) + "]";
    }

    /** The address without brackets, IPv6 in the form of RFC 5952 and without a zone. */
    public static String plain(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length != 4) {
            return ipv6Text(octets);
        }
        return (octets[0] & 0xff) + "." + (octets[1] & 0xff) + "." + (octets[2] & 0xff) + "." + (octets[3] & 0xff);
    }

    private static Optional<InetAddress> parseIpv6(String text) {
        if (text.isEmpty() || text.length() > MAX_IPV6_LENGTH || !text.chars().allMatch(AddressLiteral::isIpv6Character)) {
            return Optional.empty();
        }
        int tail = text.lastIndexOf(':') + 1;
        if (text.indexOf('.') >= 0 && !isDottedQuad(text.substring(tail))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Inet6Address.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isIpv6Character(int c) {
        return (c < 0x80 && Character.digit(c, 16) >= 0) || c == ':' || c == '.';
    }

    /** Four decimal numbers of at most 255 without leading zeros, which some programs read as octal. */
    private static boolean isDottedQuad(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean digits = !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || (part.length() > 1 && part.charAt(0) == '0') || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups as {@code ::}, the first if equal. */
    private static String ipv6Text(byte[] octets) {
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (octets[2 * i] & 0xff) << 8 | (octets[2 * i + 1] & 0xff);
        }
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < groups.length; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                boolean separate = !text.isEmpty() && text.charAt(text.length() - 1) != ':';
                text.append(separate ? ":" : "").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
