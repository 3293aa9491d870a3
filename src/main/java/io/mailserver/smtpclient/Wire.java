package io.mailserver.smtpclient;

import io.mailserver.base.Time;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The connection below a client: lines out, replies in, each with a deadline. Java has no timeout for writes, and that of reads counts
 * from octet to octet, so a deadline closes the socket under whatever waits.
 */
final class Wire implements AutoCloseable {
    private static final int OUT_OCTETS = 16 << 10;

    private final Socket raw;
    private final Time time;
    private final Dialogue dialogue;
    private final ReplyReader replies;
    private OutputStream out;
    private @Nullable SSLSocket tls;
    /** What ran out of time; set by the timer's thread. */
    private volatile @Nullable String overdue;

    private Wire(Socket raw, Time time, Dialogue dialogue) throws IOException {
        this.raw = raw;
        this.time = time;
        this.dialogue = dialogue;
        this.replies = new ReplyReader(raw.getInputStream(), dialogue);
        this.out = new BufferedOutputStream(raw.getOutputStream(), OUT_OCTETS);
    }

    /** Connects. */
    static Wire connect(InetSocketAddress address, Optional<InetAddress> from, Duration within, Time time, Dialogue dialogue)
            throws DeliveryException {
        Socket socket = new Socket();
        try {
            if (from.isPresent()) {
                socket.bind(new InetSocketAddress(from.get(), 0));
            }
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) Math.min(within.toMillis(), Integer.MAX_VALUE));
            dialogue.note("connected to " + address.getAddress().getHostAddress() + " port " + address.getPort());
            return new Wire(socket, time, dialogue);
        } catch (IOException e) {
            closeQuietly(socket, dialogue);
            throw new DeliveryException(Kind.TEMPORARY, Stage.CONNECT, words("cannot connect", e), e);
        }
    }

    /** Puts a line into the buffer; {@code shown} is what the dialogue sees of it. */
    void line(String line, String shown) throws IOException {
        if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("a command of two lines");
        }
        dialogue.sent(shown);
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    OutputStream out() {
        return out;
    }

    /** Sends the buffer and reads a reply. */
    ServerReply reply(Stage stage, Duration within) throws DeliveryException {
        return within(stage, within, () -> {
            out.flush();
            return replies.read();
        });
    }

    /** Work on the connection. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Runs {@code work}, and closes the connection when it takes too long. */
    <T> T within(Stage stage, Duration limit, Work<T> work) throws DeliveryException {
        Time.Scheduled timer = time.schedule(limit, () -> {
            overdue = "no progress within " + limit.toSeconds() + " s";
            closeQuietly(raw, dialogue);
        });
        try {
            return work.run();
        } catch (DeliveryException e) {
            throw e;
        } catch (IOException e) {
            String late = overdue;
            String what = stageWords(stage);
            throw new DeliveryException(Kind.TEMPORARY, stage, late == null ? words(what, e) : what + ": " + late, e);
        } finally {
            timer.cancel();
        }
    }

    /** Turns the connection into TLS. What the server said in the clear and nobody has read is forgotten (RFC 3207 §6). */
    void secure(ClientTls client, TlsPolicy policy, String host, Duration limit) throws DeliveryException {
        within(Stage.TLS, limit, () -> {
            SSLSocket secured = client.handshake(raw, host, raw.getPort());
            tls = secured;
            Optional<TlsFailure.Found> refusal = client.refusal(policy, secured.getSession());
            if (refusal.isPresent()) {
                throw new DeliveryException(refusal.get());
            }
            replies.switchTo(secured.getInputStream());
            out = new BufferedOutputStream(secured.getOutputStream(), OUT_OCTETS);
            dialogue.note(secured.getSession().getProtocol() + " " + secured.getSession().getCipherSuite());
            return secured;
        });
    }

    /** Whether the server said something that nobody asked for. */
    boolean hasReadAhead() {
        return replies.hasReadAhead();
    }

    /** The time, as it is with us. */
    Instant now() {
        return time.now();
    }

    Optional<String> tlsProtocol() {
        SSLSocket secured = tls;
        return secured == null ? Optional.empty() : Optional.of(secured.getSession().getProtocol());
    }

    /** The server's certificates, its own first; none in the clear. */
    List<X509Certificate> certificates() throws IOException {
        SSLSocket secured = tls;
        return secured == null ? List.of() : ClientTls.chain(secured.getSession());
    }

    /** Closes the connection under whatever waits on it; any thread. */
    @Override
    public void close() {
        closeQuietly(raw, dialogue);
    }

    private static void closeQuietly(Socket socket, Dialogue dialogue) {
        try {
            socket.close();
        } catch (IOException e) {
            dialogue.note("closing failed: " + e.getMessage());
        }
    }

    private static String words(String what, IOException e) {
        String message = e.getMessage();
        return what + ": " + (message == null ? e.getClass().getSimpleName() : message);
    }

    private static String stageWords(Stage stage) {
        return switch (stage) {
            case CONNECT, GREETING -> "the server did not greet";
            case HELLO -> "EHLO failed";
            case TLS -> "TLS failed";
            case AUTH -> "logging in failed";
            case MAIL -> "MAIL failed";
            case RECIPIENT -> "RCPT failed";
            case DATA -> "sending the message failed";
            case MESSAGE -> "the server did not answer the end of the message";
        };
    }
}
