package io.mailserver.delivery;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The network of a client, as far as one owner's machines usually lie together: 24 bits of IPv4, 48 of IPv6. */
final class Networks {
    private static final int IPV4_OCTETS = 3;
    private static final int IPV6_OCTETS = 6;

    private Networks() {}

    /** Such as {@code 192.0.2.0/24}. */
    static String of(InetAddress client) {
        byte[] octets = client.getAddress();
        int kept = client instanceof Inet4Address ? IPV4_OCTETS : IPV6_OCTETS;
        for (int i = kept; i < octets.length; i++) {
            octets[i] = 0;
        }
        try {
            return InetAddress.getByAddress(octets).getHostAddress() + '/' + kept * Byte.SIZE;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has as many octets as before", e);
        }
    }
}
