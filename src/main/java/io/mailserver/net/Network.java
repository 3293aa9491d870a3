package io.mailserver.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of addresses in CIDR form (RFC 4632, RFC 4291 §2.3). IPv4-mapped IPv6 addresses count as IPv4.
 *
 * @param base the first address, all bits after the prefix zero
 * @param prefixBits 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Network(InetAddress base, int prefixBits) {
    private static final int IPV4_BITS = 32;
    private static final int SHARED_FIRST_OCTET = 100;
    private static final Pattern DOTTED_QUAD = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern IPV6_LITERAL = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");

    public Network {
        if (prefixBits < 0 || prefixBits > bits(base)) {
            throw new IllegalArgumentException("prefix length out of range");
        }
        if (!base.equals(masked(base, prefixBits))) {
            throw new IllegalArgumentException("bits set after the prefix");
        }
    }

    /** Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address; empty if it is none, or has bits set after the prefix. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> base = parseAddress(slash == -1 ? text : text.substring(0, slash));
        if (base.isEmpty() || slash == -1) {
            return base.map(address -> new Network(address, bits(address)));
        }
        String prefix = text.substring(slash + 1);
        if (!PREFIX.matcher(prefix).matches() || Integer.parseInt(prefix) > bits(base.get())) {
            return Optional.empty();
        }
        Network network = around(base.get(), Integer.parseInt(prefix));
        return network.base().equals(base.get()) ? Optional.of(network) : Optional.empty();
    }

    /** Whether an address is one that everybody can reach (RFC 6890), and not of this machine or of a network near it. */
    public static boolean isPublic(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean shared = octets.length == 4 && octets[0] == SHARED_FIRST_OCTET && (octets[1] & 0xc0) == 0x40; // RFC 6598 §7
        boolean uniqueLocal = address instanceof Inet6Address && (octets[0] & 0xfe) == 0xfc; // RFC 4193 §3.1
        return !address.isLoopbackAddress() && !address.isAnyLocalAddress() && !address.isLinkLocalAddress()
                && !address.isSiteLocalAddress() && !address.isMulticastAddress() && !shared && !uniqueLocal;
    }

    /** Reads an IP address literal; never asks the DNS. */
    public static Optional<InetAddress> parseAddress(String text) {
        boolean readable = text.indexOf(':') == -1
                ? DOTTED_QUAD.matcher(text).matches()
                : IPV6_LITERAL.matcher(text).matches();
        if (!readable) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The network of this prefix length that {@code address} lies in. */
    public static Network around(InetAddress address, int prefixBits) {
        return new Network(masked(address, prefixBits), prefixBits);
    }

    /** Whether {@code candidate} lies in this network; an address of the other family never does. */
    public boolean contains(InetAddress candidate) {
        if (bits(candidate) != bits(base)) {
            return false;
        }
        byte[] theirs = candidate.getAddress();
        byte[] ours = base.getAddress();
        int whole = prefixBits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (theirs[i] != ours[i]) {
                return false;
            }
        }
        int rest = prefixBits % Byte.SIZE;
        return rest == 0 || (theirs[whole] & mask(rest)) == (ours[whole] & mask(rest));
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefixBits;
    }

    private static InetAddress masked(InetAddress address, int prefixBits) {
        byte[] octets = address.getAddress();
        for (int i = 0; i < octets.length; i++) {
            int keep = Math.clamp(prefixBits - (long) i * Byte.SIZE, 0, Byte.SIZE);
            octets[i] &= (byte) mask(keep);
        }
        try {
            // By family, since getByAddress(byte[]) would make ::/0 of 16 octets an IPv4 address where they look mapped.
            return address instanceof Inet6Address ? Inet6Address.getByAddress(null, octets, -1) : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 octets", e);
        }
    }

    private static int mask(int bitsKept) {
        return 0xff << (Byte.SIZE - bitsKept) & 0xff;
    }

    private static int bits(InetAddress address) {
        return address instanceof Inet4Address ? IPV4_BITS : 128;
    }
}
