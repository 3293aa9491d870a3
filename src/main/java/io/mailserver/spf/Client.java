package io.mailserver.spf;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The client's address, an IPv4-mapped one as IPv4 (RFC 7208 §5). */
record Client(InetAddress address, boolean v6) {
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    static Client of(InetAddress given) {
        byte[] octets = given.getAddress();
        boolean mapped = octets.length == 16 && Arrays.equals(octets, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        if (!mapped) {
            return new Client(given, given instanceof Inet6Address);
        }
        try {
            return new Client(InetAddress.getByAddress(Arrays.copyOfRange(octets, MAPPED.length, octets.length)), false);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 octets was refused", e);
        }
    }

    /** Whether the first {@code bits} bits are those of a network of the same family. */
    boolean isWithin(byte[] network, int bits) {
        byte[] own = address.getAddress();
        if (own.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(own, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((own[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
    }
}
