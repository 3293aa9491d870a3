package io.mailserver.smtpclient;

import io.mailserver.base.Time;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A connection to one server, over which any number of messages are handed on in turn. Closed by whoever made it.
 *
 * <p>Belongs to one thread at a time; {@link #abort} may be called by any.
 */
public final class SmtpClient implements AutoCloseable {
    static final int BLOCK_OCTETS = 64 << 10;

    private final Wire wire;
    private final Peer peer;
    private final Settings settings;
    private Extensions extensions = Extensions.NONE;
    private String greeting = "";
    private boolean usable = true;
    private boolean needsReset;
    private Optional<TlsFailure.Found> tlsTrouble = Optional.empty();

    /**
     * Whom to connect to.
     *
     * @param address resolved
     * @param host the server's name, for SNI, messages and certificates
     * @param lmtp whether it speaks LMTP (RFC 2033)
     * @param implicitTls whether TLS begins with the connection (RFC 8314 §3.3)
     */
    public record Peer(InetSocketAddress address, String host, boolean lmtp, boolean implicitTls) {
        @Override
        public String toString() {
            return host + "[" + address.getAddress().getHostAddress() + "]:" + address.getPort();
        }
    }

    /**
     * How to speak to servers.
     *
     * @param hostname what we call ourselves
     * @param from the address to connect from, where it matters
     * @param credentials for a server that wants us to log in
     */
    public record Settings(String hostname, Optional<InetAddress> from, Timeouts timeouts, Optional<Credentials> credentials) {}

    /** A login; never sent in the clear. */
    public record Credentials(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    private SmtpClient(Wire wire, Peer peer, Settings settings) {
        this.wire = wire;
        this.peer = peer;
        this.settings = settings;
    }

    /**
     * Connects, greets, and secures the connection as {@code policy} wants it. Where TLS fails and the policy does not insist, connects
     * again without it.
     *
     * @throws DeliveryException no mail can go this way now, or ever
     */
    public static SmtpClient connect(Peer peer, Settings settings, TlsPolicy policy, ClientTls tls, Time time, Dialogue dialogue)
            throws DeliveryException {
        try {
            return connectOnce(peer, settings, policy, tls, time, dialogue);
        } catch (DeliveryException e) {
            if (e.result().stage() == Stage.TLS && policy instanceof TlsPolicy.Opportunistic && !peer.implicitTls()) {
                dialogue.note(e.getMessage() + "; again without TLS");
                SmtpClient client = connectOnce(peer, settings, new TlsPolicy.None(), tls, time, dialogue);
                client.tlsTrouble = Optional.of(new TlsFailure.Found(e.tlsFailure(), e.result().text()));
                return client;
            }
            throw e;
        }
    }

    private static SmtpClient connectOnce(
            Peer peer, Settings settings, TlsPolicy policy, ClientTls tls, Time time, Dialogue dialogue) throws DeliveryException {
        Wire wire = Wire.connect(peer.address(), settings.from(), settings.timeouts().connect(), time, dialogue);
        SmtpClient client = new SmtpClient(wire, peer, settings);
        boolean done = false;
        try {
            client.open(policy, tls);
            done = true;
            return client;
        } finally {
            if (!done) {
                wire.close();
            }
        }
    }

    private void open(TlsPolicy policy, ClientTls tls) throws DeliveryException {
        Timeouts times = settings.timeouts();
        if (peer.implicitTls()) {
            wire.secure(tls, policy, peer.host(), times.command());
        }
        ServerReply hello = wire.reply(Stage.GREETING, times.greeting());
        if (hello.code() != 220) {
            throw new DeliveryException(Stage.GREETING, hello);
        }
        greeting = hello.toString();
        hello();
        if (!peer.implicitTls() && !(policy instanceof TlsPolicy.None)) {
            startTls(policy, tls);
        }
        if (settings.credentials().isPresent()) {
            logIn(settings.credentials().get());
        }
    }

    private void hello() throws DeliveryException {
        String verb = peer.lmtp() ? "LHLO" : "EHLO";
        ServerReply reply = command(Stage.HELLO, verb + " " + settings.hostname());
        if (!peer.lmtp() && reply.isPermanent()) {
            reply = command(Stage.HELLO, "HELO " + settings.hostname()); // RFC 5321 §3.2
            extensions = Extensions.NONE;
        } else {
            extensions = Extensions.of(reply);
        }
        if (!reply.isPositive()) {
            throw new DeliveryException(Stage.HELLO, reply);
        }
    }

    private void startTls(TlsPolicy policy, ClientTls tls) throws DeliveryException {
        if (!extensions.has("STARTTLS")) {
            if (policy.mayBeClear()) {
                return;
            }
            throw new DeliveryException(
                    new TlsFailure.Found(TlsFailure.STARTTLS_NOT_SUPPORTED, "the server offers no TLS, which is required"));
        }
        ServerReply reply = command(Stage.TLS, "STARTTLS");
        if (!reply.isPositive()) {
            throw new DeliveryException(new TlsFailure.Found(TlsFailure.STARTTLS_NOT_SUPPORTED, "STARTTLS was refused: " + reply));
        }
        if (wire.hasReadAhead()) {
            // RFC 3207 §6: somebody between us and the server may have written it.
            throw new DeliveryException(Kind.TEMPORARY, Stage.TLS, "the server sent more than its answer to STARTTLS", null);
        }
        wire.secure(tls, policy, peer.host(), settings.timeouts().command());
        hello();
    }

    private void logIn(Credentials credentials) throws DeliveryException {
        if (wire.tlsProtocol().isEmpty()) {
            String why = "no password is sent without TLS, which this server does not offer";
            throw new DeliveryException(Kind.TEMPORARY, Stage.AUTH, why, null);
        }
        Set<String> mechanisms = extensions.mechanisms();
        ServerReply reply;
        if (mechanisms.contains("PLAIN") || !mechanisms.contains("LOGIN")) {
            String plain = "\0" + credentials.user() + "\0" + credentials.password();
            reply = secret(base64(plain), "AUTH PLAIN ", "AUTH PLAIN ***");
        } else {
            reply = command(Stage.AUTH, "AUTH LOGIN");
            for (String word : List.of(credentials.user(), credentials.password())) {
                if (reply.code() == 334) {
                    reply = secret(base64(word), "", "***");
                }
            }
        }
        if (!reply.isPositive()) {
            // A wrong password is for the operator to mend, and the mail waits for that.
            throw new DeliveryException(Kind.TEMPORARY, Stage.AUTH, "the login was refused: " + reply, null);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private ServerReply secret(String secret, String before, String shown) throws DeliveryException {
        return wire.within(Stage.AUTH, settings.timeouts().command(), () -> {
            wire.line(before + secret, shown);
            return wire.reply(Stage.AUTH, settings.timeouts().command());
        });
    }

    private ServerReply command(Stage stage, String line) throws DeliveryException {
        return wire.within(stage, settings.timeouts().command(), () -> {
            wire.line(line, line);
            return wire.reply(stage, settings.timeouts().command());
        });
    }

    /**
     * Hands a message on.
     *
     * @return what became of each recipient, in their order; where the connection broke, that is the result of those without another
     */
    public List<RecipientResult> send(OutgoingMessage message) {
        if (!usable) {
            throw new IllegalStateException("the connection is no good any more");
        }
        Transaction transaction = new Transaction(wire, extensions, settings.timeouts(), peer.lmtp(), message);
        List<RecipientResult> results = transaction.run(needsReset);
        needsReset = !transaction.finishedInGoodOrder();
        usable = !transaction.connectionIsLost();
        return results;
    }

    /** Whether another message may be sent. */
    public boolean isUsable() {
        return usable;
    }

    public Extensions extensions() {
        return extensions;
    }

    public Peer peer() {
        return peer;
    }

    /** What the server said first. */
    public String greeting() {
        return greeting;
    }

    /** Such as {@code TLSv1.3}; empty in the clear. */
    public Optional<String> tlsProtocol() {
        return wire.tlsProtocol();
    }

    /** Why there is no TLS although the server offers it; empty where there is, or where it does not. */
    public Optional<TlsFailure.Found> tlsTrouble() {
        return tlsTrouble;
    }

    /** The server's certificates, its own first; none in the clear. */
    public List<X509Certificate> certificates() throws IOException {
        return wire.certificates();
    }

    /** Closes the connection under whatever waits on it. */
    public void abort() {
        wire.close();
    }

    /** Says goodbye, as long as the server can be bothered, and closes. */
    @Override
    public void close() {
        if (usable) {
            usable = false;
            try {
                wire.within(Stage.HELLO, Timeouts.QUIT, () -> {
                    wire.line("QUIT", "QUIT");
                    return wire.reply(Stage.HELLO, Timeouts.QUIT);
                });
            } catch (DeliveryException e) {
                // All mail is where it belongs; a server that is gone before our goodbye harms nobody.
                needsReset = true;
            }
        }
        wire.close();
    }
}
