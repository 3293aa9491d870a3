package io.mailserver.doctor;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** One connection to a server, plain lines first, then perhaps TLS with any certificate, which is judged and told. For one thread. */
final class Caller implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_LINE_OCTETS = 4_096;
    private static final int MAX_REPLY_LINES = 100;

    private Socket socket;

    private Caller(Socket socket) {
        this.socket = socket;
    }

    /**
     * A certificate of the other side.
     *
     * @param problem why others would not trust it; empty if they would
     */
    record Certificate(Instant ends, String problem) {}

    static Caller connect(InetSocketAddress where) throws IOException {
        Socket socket = new Socket();
        boolean connected = false;
        try {
            socket.connect(where, (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            connected = true;
            return new Caller(socket);
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    void say(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** One line without its end. */
    String line() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the other side closed the connection");
            }
            if (line.size() == MAX_LINE_OCTETS) {
                throw new IOException("an endless line came");
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** The lines of one SMTP reply (RFC 5321 §4.2.1). */
    List<String> reply() throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(line());
        } while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-' && lines.size() < MAX_REPLY_LINES);
        return lines;
    }

    /** From now on with TLS, whatever the certificate. */
    Certificate startTls(String name) throws IOException {
        Judging judging = new Judging();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {judging}, new SecureRandom());
            SSLSocket secret = (SSLSocket) context.getSocketFactory().createSocket(socket, name, socket.getPort(), true);
            SSLParameters parameters = secret.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secret.setSSLParameters(parameters);
            secret.startHandshake();
            socket = secret;
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS here", e);
        }
        X509Certificate first = judging.first;
        if (first == null) {
            throw new IOException("no certificate came");
        }
        return new Certificate(first.getNotAfter().toInstant(), judging.problem);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Asks the JDK's own judge, notes what it says, and goes on all the same. */
    private static final class Judging extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager judge;
        private String problem = "";
        private @Nullable X509Certificate first;

        Judging() throws IOException {
            try {
                TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                judge = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
            } catch (GeneralSecurityException e) {
                throw new IOException("the certificates of authorities cannot be read", e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            first = chain[0];
            try {
                judge.checkServerTrusted(chain, type, socket);
            } catch (CertificateException e) {
                boolean own = chain[0].getIssuerX500Principal().equals(chain[0].getSubjectX500Principal());
                problem = own ? "it is self-signed" : String.valueOf(e.getMessage());
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException("sockets only");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("sockets only");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException("a client only");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException("a client only");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("a client only");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return judge.getAcceptedIssuers();
        }
    }
}
