package io.mailserver.net;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * A block of addresses in CIDR form (RFC 4632 §3.1), such as {@code 192.0.2.0/24} or {@code 2001:db8::/32}. A single address is a
 * block of one.
 *
 * @param base its first address
 * @param prefixBits how many leading bits its addresses share, 0 to 32 or 0 to 128
 */
public record Network(InetAddress base, int prefixBits) {
    public Network {
        if (prefixBits < 0 || prefixBits > base.getAddress().length * 8) {
            throw new IllegalArgumentException("prefix of " + prefixBits + " bits");
        }
        if (!Arrays.equals(base.getAddress(), masked(base.getAddress(), prefixBits))) {
            throw new IllegalArgumentException("address bits beyond the prefix are set");
        }
    }

    /** Reads {@code address} or {@code address/bits}, the address as a literal; empty if it is not one. Asks no DNS. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = slash < 0 ? address.getAddress().length * 8 : Integer.parseUnsignedInt(text.substring(slash + 1));
            return Optional.of(new Network(address, bits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The block of that prefix length around {@code address}. */
    public static Network around(InetAddress address, int prefixBits) {
        try {
            return new Network(InetAddress.getByAddress(masked(address.getAddress(), prefixBits)), prefixBits);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address kept its length", e);
        }
    }

    /** Whether {@code address} is in this block; an address of the other family never is. */
    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == base.getAddress().length && Arrays.equals(masked(octets, prefixBits), base.getAddress());
    }

    private static byte[] masked(byte[] octets, int prefixBits) {
        byte[] result = octets.clone();
        for (int i = 0; i < result.length; i++) {
            int kept = Math.clamp(prefixBits - i * 8L, 0, 8);
            result[i] &= (byte) (0xff00 >> kept);
        }
        return result;
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefixBits;
    }
}
