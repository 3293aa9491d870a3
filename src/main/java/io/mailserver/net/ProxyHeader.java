package io.mailserver.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PROXY protocol, versions 1 and 2 (HAProxy's {@code proxy-protocol.txt}, revision of 2020): what a load balancer says about the
 * client before the client's first octet. Everything that is not exactly a header is an error: the connection is to be dropped.
 *
 * @param client the client; empty where the proxy speaks for itself (LOCAL, health checks) or does not know (UNKNOWN, UNSPEC, and
 *     the families that are not TCP), so that the connection's own address counts
 */
record ProxyHeader(Optional<InetSocketAddress> client) {
    /** §2.1: the longest line, its end included. */
    static final int MAX_LINE = 107;
    /** §2.2 allows 65,535 octets of addresses and extensions; ample for all that proxies send. */
    static final int MAX_V2_BODY = 4096;

    private static final byte[] V1_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2_SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    private static final String NUMBER = "(0|[1-9]\\d{0,4})";
    private static final Pattern TCP_LINE =
            Pattern.compile("PROXY (TCP4|TCP6) ([0-9A-Fa-f:.]{2,39}) ([0-9A-Fa-f:.]{2,39}) " + NUMBER + " " + NUMBER + "\r\n");
    private static final Pattern UNKNOWN_LINE = Pattern.compile("PROXY UNKNOWN( [^\r\n]*)?\r\n");
    private static final int MAX_PORT = 65_535;

    private static final int VERSION_2 = 2;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int UNSPEC = 0;
    private static final int INET = 1;
    private static final int INET6 = 2;
    private static final int UNIX = 3;
    private static final int STREAM = 1;
    private static final int DGRAM = 2;
    private static final int UNIX_ADDRESSES = 216;

    /**
     * Reads exactly the header and not one octet more.
     *
     * @throws ProtocolException if this is not a header
     * @throws IOException if the input ends or fails
     */
    static ProxyHeader read(InputStream in) throws IOException {
        // No header is shorter: the shortest line has 15 octets.
        byte[] start = exactly(in, V2_SIGNATURE.length);
        if (Arrays.equals(start, V2_SIGNATURE)) {
            return readVersion2(in);
        }
        if (!Arrays.equals(start, 0, V1_START.length, V1_START, 0, V1_START.length)) {
            throw new ProtocolException("no PROXY header");
        }
        return parseLine(readLine(in, start));
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] octets = in.readNBytes(count);
        if (octets.length < count) {
            throw new ProtocolException("the PROXY header is incomplete");
        }
        return octets;
    }

    private static String readLine(InputStream in, byte[] start) throws IOException {
        byte[] line = Arrays.copyOf(start, MAX_LINE);
        int length = start.length;
        // One octet at a time: what follows the line belongs to TLS or the session.
        while (line[length - 1] != '\n') {
            int octet = length == MAX_LINE ? -1 : in.read();
            if (octet == -1) {
                throw new ProtocolException("the PROXY line has no end");
            }
            line[length++] = (byte) octet;
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static ProxyHeader parseLine(String line) throws ProtocolException {
        if (UNKNOWN_LINE.matcher(line).matches()) {
            return new ProxyHeader(Optional.empty());
        }
        Matcher matcher = TCP_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new ProtocolException("the PROXY line is malformed");
        }
        boolean ipv4 = matcher.group(1).equals("TCP4");
        InetAddress source = address(matcher.group(2), ipv4);
        InetAddress _ = address(matcher.group(3), ipv4);
        int port = Integer.parseInt(matcher.group(4));
        if (port > MAX_PORT || Integer.parseInt(matcher.group(5)) > MAX_PORT) {
            throw new ProtocolException("the PROXY line has a port beyond 65535");
        }
        return new ProxyHeader(Optional.of(new InetSocketAddress(source, port)));
    }

    private static InetAddress address(String text, boolean ipv4) throws ProtocolException {
        return Network.parseAddress(text)
                .filter(address -> ipv4 == (text.indexOf(':') == -1))
                .orElseThrow(() -> new ProtocolException("the PROXY line has a malformed address"));
    }

    private static ProxyHeader readVersion2(InputStream in) throws IOException {
        byte[] fixed = exactly(in, 4);
        int version = fixed[0] >> 4 & 0xf;
        int command = fixed[0] & 0xf;
        int family = fixed[1] >> 4 & 0xf;
        int transport = fixed[1] & 0xf;
        int length = ((fixed[2] & 0xff) << 8) | (fixed[3] & 0xff);
        if (version != VERSION_2 || command > PROXY || family > UNIX || transport > DGRAM) {
            throw new ProtocolException("the PROXY header has an unknown version, command or family");
        }
        if (length > MAX_V2_BODY) {
            throw new ProtocolException("the PROXY header is longer than " + MAX_V2_BODY + " octets");
        }
        byte[] body = exactly(in, length);
        if (command == LOCAL || family == UNSPEC) {
            return new ProxyHeader(Optional.empty());
        }
        return addressOf(family, transport, body);
    }

    /** What follows the addresses (extensions, §2.2.x) is skipped. */
    private static ProxyHeader addressOf(int family, int transport, byte[] body) throws ProtocolException {
        int addressOctets = switch (family) {
            case INET -> 4;
            case INET6 -> 16;
            default -> 0;
        };
        int needed = family == UNIX ? UNIX_ADDRESSES : 2 * addressOctets + 4;
        if (body.length < needed) {
            throw new ProtocolException("the PROXY header is shorter than its addresses");
        }
        if (transport != STREAM || addressOctets == 0) {
            return new ProxyHeader(Optional.empty());
        }
        try {
            InetAddress source = InetAddress.getByAddress(Arrays.copyOf(body, addressOctets));
            int at = 2 * addressOctets;
            int port = ((body[at] & 0xff) << 8) | (body[at + 1] & 0xff);
            return new ProxyHeader(Optional.of(new InetSocketAddress(source, port)));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 octets are an address", e);
        }
    }
}
