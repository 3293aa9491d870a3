package io.mailserver.net;

import io.mailserver.base.Time;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks web servers that strangers name: one request, one answer, one connection (RFC 9112). Java's own client looks names up itself, so
 * that what was checked and what it then connects to could be two addresses; here the caller says which addresses a name has and may
 * have (docs/decisions/0740-https-to-where-strangers-say.md).
 *
 * <p>The certificate must be trusted and for the name before a word of the request is said. No redirect is followed. One deadline holds
 * for all of it. Safe for use by any thread; blocks.
 */
public final class HttpsClient {
    private static final int MAX_HEADER_OCTETS = 16 << 10;
    private static final int MAX_ADDRESSES = 4;
    private static final int HEX = 16;

    private final SSLContext context;
    private final Addresses addresses;
    private final Time time;

    /** Says where a name leads; throws where it leads nowhere or to where nobody may be sent. */
    @FunctionalInterface
    public interface Addresses {
        List<InetAddress> of(String host) throws IOException;
    }

    /**
     * @param host a name, no address
     * @param target path and query, beginning with a slash
     * @param limit for all of it
     * @param maxOctets of the answer's body; more is an error
     */
    public record Request(String host, int port, String target, Duration limit, int maxOctets) {
        public Request {
            if (!target.startsWith("/") || target.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
                throw new IllegalArgumentException("not the path of a URL: " + target);
            }
        }
    }

    /** @param contentType in lower case; empty where it is not said */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Response(int status, String contentType, byte[] body) {}

    /** @param trusted authorities that vouch for servers; null for those of the JDK */
    public HttpsClient(@Nullable KeyStore trusted, Addresses addresses, Time time) {
        this.addresses = addresses;
        this.time = time;
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /**
     * GET.
     *
     * @throws javax.net.ssl.SSLException its certificate or its TLS is no good
     * @throws IOException there is no answer, or none that can be read
     */
    public Response get(Request request) throws IOException {
        return call(request, "GET", "", new byte[0]);
    }

    /** POST; throws as {@link #get}. */
    public Response post(Request request, String contentType, byte[] body) throws IOException {
        return call(request, "POST", "Content-Type: " + contentType + "\r\nContent-Length: " + body.length + "\r\n", body);
    }

    private Response call(Request request, String method, String fields, byte[] body) throws IOException {
        String host = request.port() == 443 ? request.host() : request.host() + ":" + request.port();
        String head = method + " " + request.target() + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: mailserver\r\nAccept-Encoding: identity\r\nConnection: close\r\n" + fields + "\r\n";
        try (Deadline deadline = new Deadline(request.limit())) {
            try (SSLSocket tls = handshake(connect(request, deadline), request)) {
                OutputStream out = tls.getOutputStream();
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                out.write(body);
                out.flush();
                return read(new BufferedInputStream(tls.getInputStream()), request.maxOctets());
            } catch (IOException e) {
                throw deadline.isOver() ? new IOException("no answer within " + request.limit().toSeconds() + " s", e) : e;
            }
        }
    }

    private Socket connect(Request request, Deadline deadline) throws IOException {
        IOException failure = new IOException("no address");
        for (InetAddress address : addresses.of(request.host()).stream().limit(MAX_ADDRESSES).toList()) {
            Socket socket = new Socket();
            try {
                deadline.watch(socket);
                socket.setTcpNoDelay(true);
                // Half of the time, so that another address has its chance.
                socket.connect(new InetSocketAddress(address, request.port()), (int) request.limit().dividedBy(2).toMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }

    private SSLSocket handshake(Socket socket, Request request) throws IOException {
        try {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, request.host(), request.port(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 9110 §4.3.4
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return tls;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Response read(InputStream in, int maxOctets) throws IOException {
        Head head = Head.read(in);
        while (head.status() < 200) {
            head = Head.read(in); // RFC 9110 §15.2
        }
        if (head.field("content-encoding").filter(coding -> !coding.equals("identity")).isPresent()) {
            throw new IOException("the answer is packed, which nobody asked for");
        }
        byte[] body = head.field("transfer-encoding").isPresent() ? chunks(in, head, maxOctets) : plain(in, head, maxOctets);
        return new Response(head.status(), head.field("content-type").orElse(""), body);
    }

    private static byte[] plain(InputStream in, Head head, int maxOctets) throws IOException {
        Optional<String> length = head.field("content-length");
        if (length.isEmpty()) {
            byte[] body = in.readNBytes(maxOctets + 1);
            checkSize(body.length, maxOctets);
            return body;
        }
        int octets = number(length.get(), 10);
        checkSize(octets, maxOctets);
        return exactly(in, octets);
    }

    /** RFC 9112 §7.1. */
    private static byte[] chunks(InputStream in, Head head, int maxOctets) throws IOException {
        if (!head.field("transfer-encoding").orElse("").equals("chunked")) {
            throw new IOException("the answer comes in a coding that nobody asked for");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in).split(";", 2)[0].strip();
            int octets = number(size, HEX);
            if (octets == 0) {
                return body.toByteArray();
            }
            checkSize(body.size() + (long) octets, maxOctets);
            body.write(exactly(in, octets));
            if (!line(in).isEmpty()) {
                throw new IOException("a chunk is longer than it says");
            }
        }
    }

    private static byte[] exactly(InputStream in, int octets) throws IOException {
        byte[] body = in.readNBytes(octets);
        if (body.length < octets) {
            throw new EOFException("the answer ends early");
        }
        return body;
    }

    private static void checkSize(long octets, int maxOctets) throws IOException {
        if (octets > maxOctets) {
            throw new IOException("the answer is longer than " + maxOctets + " octets");
        }
    }

    private static int number(String digits, int radix) throws IOException {
        if (!digits.matches("[0-9A-Fa-f]{1,7}")) {
            throw new IOException("no length: " + digits);
        }
        try {
            return Integer.parseInt(digits, radix);
        } catch (NumberFormatException e) {
            throw new IOException("no length: " + digits, e);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the answer ends early");
            }
            if (line.length() >= MAX_HEADER_OCTETS) {
                throw new IOException("a line of the answer is too long");
            }
            line.append((char) octet);
        }
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    /** @param fields by their names in lower case, the first of each name */
    private record Head(int status, Map<String, String> fields) {
        static Head read(InputStream in) throws IOException {
            String first = line(in);
            if (!first.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
                throw new IOException("no HTTP: " + first.substring(0, Math.min(first.length(), 60)));
            }
            Map<String, String> fields = new HashMap<>();
            int octets = 0;
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                octets += line.length();
                if (octets > MAX_HEADER_OCTETS) {
                    throw new IOException("the answer's header is too long");
                }
                int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.putIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip().toLowerCase(Locale.ROOT));
                }
            }
            return new Head(Integer.parseInt(first.substring(9, 12)), fields);
        }

        Optional<String> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }
    }

    /** Closes what is watched when time is up: Java has no timeout for writes, and that of reads counts from octet to octet. */
    private final class Deadline implements AutoCloseable {
        private final Time.Scheduled timer;
        private volatile @Nullable Socket watched;
        private volatile boolean over;

        Deadline(Duration limit) {
            timer = time.schedule(limit, this::end);
        }

        void watch(Socket socket) throws IOException {
            watched = socket;
            if (over) {
                throw new IOException("out of time");
            }
        }

        boolean isOver() {
            return over;
        }

        private void end() {
            over = true;
            Socket socket = watched;
            if (socket != null) {
                try {
                    socket.close();
                } catch (IOException e) {
                    watched = null; // it is closed all the same
                }
            }
        }

        @Override
        public void close() {
            timer.cancel();
        }
    }
}
