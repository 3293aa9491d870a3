package io.mailserver.dns;

import io.mailserver.base.Time;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;

/**
 * Serves a {@link Zone} over UDP and TCP on loopback, as a recursive resolver would: for trying things out on one machine
 * ({@code ./dev run}) and for tests. Truncates over UDP (RFC 1035 §4.2.1, RFC 6891 §6.2.3), takes several questions over one TCP
 * connection (RFC 7766). Runs on virtual threads until closed by whoever started it.
 */
public final class ZoneServer implements AutoCloseable {
    static final int UDP_PAYLOAD_OCTETS = 1_232;

    private static final int PLAIN_UDP_OCTETS = 512;
    private static final int MAX_MESSAGE_OCTETS = 0xffff;
    private static final int BIND_ATTEMPTS = 20;
    private static final int MAX_TCP_CONNECTIONS = 64;
    private static final Duration TCP_CONNECTION = Duration.ofSeconds(10);

    private final Supplier<Zone> zone;
    private final Time time;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Semaphore connections = new Semaphore(MAX_TCP_CONNECTIONS);

    private ZoneServer(Supplier<Zone> zone, Time time, DatagramSocket udp, ServerSocket tcp) {
        this.zone = zone;
        this.time = time;
        this.udp = udp;
        this.tcp = tcp;
    }

    /**
     * Starts serving on 127.0.0.1.
     *
     * @param zone asked for the current zone at each query
     * @param port 0 for any free one
     * @throws IOException when the port is taken
     */
    public static ZoneServer start(Supplier<Zone> zone, int port, Time time) throws IOException {
        return start(zone, new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), time);
    }

    /**
     * As above, on any address of loopback.
     *
     * @throws IOException also when the port may not be bound, as those below 1024 mostly by root alone
     */
    public static ZoneServer start(Supplier<Zone> zone, InetSocketAddress at, Time time) throws IOException {
        InetAddress loopback = at.getAddress();
        int port = at.getPort();
        if (!loopback.isLoopbackAddress()) {
            throw new IllegalArgumentException("not an address of loopback: " + loopback.getHostAddress());
        }
        for (int attempt = 1; ; attempt++) {
            ServerSocket tcp = new ServerSocket(port, MAX_TCP_CONNECTIONS, loopback);
            try {
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
                ZoneServer server = new ZoneServer(zone, time, udp, tcp);
                Thread.ofVirtual().name("zone-udp").start(server::serveUdp);
                Thread.ofVirtual().name("zone-tcp").start(server::serveTcp);
                return server;
            } catch (SocketException e) {
                tcp.close();
                if (port != 0 || attempt == BIND_ATTEMPTS) {
                    throw e; // Else: the free TCP port is taken for UDP; try another.
                }
            }
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
    }

    /** Stops at once. Idempotent. */
    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }

    private void serveUdp() {
        byte[] buffer = new byte[MAX_MESSAGE_OCTETS];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] query = new byte[packet.getLength()];
                System.arraycopy(buffer, 0, query, 0, query.length);
                Optional<byte[]> response = respond(query, true);
                if (response.isPresent()) {
                    udp.send(new DatagramPacket(response.get(), response.get().length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // A client that went away (ICMP): nothing to do. Or our own close: the loop ends.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                if (connections.tryAcquire()) {
                    Thread.ofVirtual().name("zone-tcp-client").start(() -> serveConnection(socket));
                } else {
                    socket.close();
                }
            } catch (IOException e) {
                // A connection that broke while being accepted: nothing to do. Or our own close: the loop ends.
            }
        }
    }

    private void serveConnection(Socket socket) {
        Time.Scheduled deadline = time.schedule(TCP_CONNECTION, () -> closeQuietly(socket));
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                Optional<byte[]> response = respond(query, false);
                if (response.isEmpty()) {
                    return;
                }
                byte[] framed = new byte[response.get().length + 2];
                framed[0] = (byte) (response.get().length >> 8);
                framed[1] = (byte) response.get().length;
                System.arraycopy(response.get(), 0, framed, 2, response.get().length);
                out.write(framed);
            }
        } catch (EOFException e) {
            return; // The usual end.
        } catch (IOException e) {
            return; // The client or the deadline broke it off; nothing is lost.
        } finally {
            deadline.cancel();
            connections.release();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            return; // It is closed as far as we are concerned.
        }
    }

    private Optional<byte[]> respond(byte[] octets, boolean overUdp) {
        Message query;
        try {
            query = new Message(octets);
        } catch (IOException e) {
            return formatError(octets);
        }
        if (query.getHeader().getFlag(Flags.QR)) {
            return Optional.empty();
        }
        OPTRecord opt = query.getOPT();
        int limit = !overUdp ? MAX_MESSAGE_OCTETS
                : opt == null ? PLAIN_UDP_OCTETS : Math.clamp(opt.getPayloadSize(), PLAIN_UDP_OCTETS, UDP_PAYLOAD_OCTETS);
        return zone.get().respond(query).map(response -> response.toWire(limit)); // Sets TC when it had to cut.
    }

    private static Optional<byte[]> formatError(byte[] octets) {
        if (octets.length < 2) {
            return Optional.empty();
        }
        Header header = new Header((octets[0] & 0xff) << 8 | (octets[1] & 0xff));
        header.setFlag(Flags.QR);
        header.setRcode(Rcode.FORMERR);
        Message response = new Message();
        response.setHeader(header);
        return Optional.of(response.toWire());
    }
}
