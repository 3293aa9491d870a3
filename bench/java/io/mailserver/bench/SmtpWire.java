package io.mailserver.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** One client connection to an SMTP server: octets out, reply codes in. Not thread-safe. */
final class SmtpWire implements AutoCloseable {
    /** A reply slower than this ends the session; no server measured here should ever come near. */
    private static final int READ_TIMEOUT_MILLIS = 60_000;

    private static final SSLContext TLS = trustingContext();
    private static final AtomicLong TLS_SESSIONS = new AtomicLong();

    private final byte[] buffer = new byte[8192];
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private int position;
    private int limit;

    /** Connects and reads the greeting. */
    SmtpWire(InetSocketAddress server) throws IOException {
        socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.connect(server, READ_TIMEOUT_MILLIS);
            in = socket.getInputStream();
            out = socket.getOutputStream();
            expect(220);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Says EHLO, and with {@code startTls} STARTTLS, the handshake and EHLO again. */
    void hello(boolean startTls) throws IOException {
        send("EHLO client.bench.example\r\n");
        expect(250);
        if (startTls) {
            send("STARTTLS\r\n");
            expect(220);
            // A name never used before, so that no session is resumed: what is measured is the full handshake.
            String name = "session" + TLS_SESSIONS.incrementAndGet();
            SSLSocket tls = (SSLSocket) TLS.getSocketFactory().createSocket(socket, name, socket.getPort(), true);
            tls.startHandshake();
            socket = tls;
            in = tls.getInputStream();
            out = tls.getOutputStream();
            send("EHLO client.bench.example\r\n");
            expect(250);
        }
    }

    /** Logs in by AUTH PLAIN. */
    void login(String user, String password) throws IOException {
        byte[] plain = ("\0" + user + "\0" + password).getBytes(StandardCharsets.US_ASCII);
        send("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain) + "\r\n");
        expect(235);
    }

    /** Sends {@code text}, whole commands, in one write. */
    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends {@code octets} in one write. */
    void send(byte[] octets) throws IOException {
        out.write(octets);
    }

    /** Reads one whole reply and returns its code. */
    int reply() throws IOException {
        while (true) {
            int code = 0;
            for (int digit = 0; digit < 3; digit++) {
                code = code * 10 + (read() - '0');
            }
            int separator = read();
            int octet = separator;
            while (octet != '\n') {
                octet = read();
            }
            if (separator != '-') {
                return code;
            }
        }
    }

    /** Reads one reply, which must have this code. */
    void expect(int code) throws IOException {
        int got = reply();
        if (got != code) {
            throw new IOException("expected reply " + code + ", got " + got);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private int read() throws IOException {
        if (position == limit) {
            limit = in.read(buffer);
            position = 0;
            if (limit < 0) {
                limit = 0;
                throw new EOFException("the server closed the connection");
            }
        }
        return buffer[position++];
    }

    private static SSLContext trustingContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** The servers measured here have certificates of their own making. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
