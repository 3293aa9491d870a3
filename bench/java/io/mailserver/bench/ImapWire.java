package io.mailserver.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * One IMAP connection of a client that drains: it sends a command and swallows octets until the tagged answer, so that what is measured
 * is the server. Not for several threads.
 */
final class ImapWire implements AutoCloseable {
    private static final int BUFFER_OCTETS = 64 << 10;
    private static final int SOCKET_TIMEOUT_MILLIS = 600_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[BUFFER_OCTETS];
    private int filled;
    private int next;
    private int tagNumber;
    private long swallowed;

    private ImapWire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Connects and reads the greeting. */
    static ImapWire connect(InetSocketAddress server) throws IOException {
        Socket socket = new Socket(server.getAddress(), server.getPort());
        return greeted(socket);
    }

    /** The same through TLS from the start; a context keeps the sessions that later connections may resume. */
    static ImapWire connect(InetSocketAddress server, SSLContext tls) throws IOException {
        return greeted(tls.getSocketFactory().createSocket(server.getAddress(), server.getPort()));
    }

    private static ImapWire greeted(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        ImapWire wire = new ImapWire(socket);
        String greeting = wire.line();
        if (!greeting.startsWith("* OK")) {
            throw new IOException("greeted with: " + greeting);
        }
        return wire;
    }

    /** A context that trusts everybody: both servers have certificates of their own making. */
    static SSLContext trustingTls() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // Loopback, and no secrets.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // Loopback, and no secrets.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Sends a command and drains the answer. @return octets of the answer @throws IOException unless it is OK */
    long command(String command) throws IOException {
        send(command);
        return drain("a" + tagNumber);
    }

    /** Sends without waiting: {@link #drain()} later. */
    void send(String command) throws IOException {
        write(("a" + ++tagNumber + ' ' + command + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Drains up to the answer of the last command sent. */
    long drain() throws IOException {
        return drain("a" + tagNumber);
    }

    /** Appends by a non-synchronizing literal, without waiting. */
    void sendAppend(String mailbox, String options, byte[] message) throws IOException {
        byte[] head = ("a" + ++tagNumber + " APPEND " + mailbox + (options.isEmpty() ? "" : " " + options) + " {" + message.length
                + "+}\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + message.length + 2];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(message, 0, all, head.length, message.length);
        all[all.length - 2] = '\r';
        all[all.length - 1] = '\n';
        write(all);
    }

    /** Appends several at once, each with what stands before its literal: a blank and flags, or nothing. */
    void sendAppends(String mailbox, List<String> options, List<byte[]> messages) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(("a" + ++tagNumber + " APPEND " + mailbox).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < messages.size(); i++) {
            String head = options.get(i) + " {" + messages.get(i).length + "+}\r\n";
            all.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(messages.get(i));
        }
        all.writeBytes(new byte[] {'\r', '\n'});
        write(all.toByteArray());
    }

    /** Octets as they are, without a tag. */
    void write(byte[] octets) throws IOException {
        out.write(octets);
    }

    /** One line as text, without its end; for greetings, IDLE and the like. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (next == filled && !fill()) {
                throw new IOException("closed after: " + line);
            }
            byte octet = buffer[next++];
            if (octet == '\n') {
                return line.toString();
            }
            if (octet != '\r') {
                line.append((char) (octet & 0xff));
            }
        }
    }

    /** Lets go of the buffer: for thousands of idle connections. */
    void slim() {
        buffer = new byte[256];
        next = 0;
        filled = 0;
    }

    private boolean fill() throws IOException {
        next = 0;
        filled = Math.max(0, in.read(buffer));
        swallowed += filled;
        return filled > 0;
    }

    private long drain(String tag) throws IOException {
        long before = swallowed - (filled - next);
        byte[] wanted = (tag + ' ').getBytes(StandardCharsets.US_ASCII);
        int matched = 0; // Only at the start of a line.
        while (true) {
            if (next == filled && !fill()) {
                throw new IOException("closed in the middle of an answer");
            }
            while (next < filled) {
                byte octet = buffer[next++];
                if (matched >= 0 && octet == wanted[matched]) {
                    if (++matched == wanted.length) {
                        String status = line();
                        if (!status.startsWith("OK")) {
                            throw new IOException("answered: " + status);
                        }
                        return swallowed - (filled - next) - before;
                    }
                } else {
                    matched = octet == '\n' ? 0 : -1;
                    if (matched < 0) {
                        skipLine();
                    }
                }
            }
        }
    }

    private void skipLine() {
        while (next < filled && buffer[next] != '\n') {
            next++;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
