package io.mailserver.smtp;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What is known of the client of a session; immutable, replaced as more is learned.
 *
 * @param sessionId short, unique within the process, for log lines and failure texts
 * @param service through which door it came
 * @param address its address, that of PROXY or XCLIENT where a trusted peer gave one
 * @param port its port
 * @param localPort the port of ours it came to
 * @param helo the argument of EHLO or HELO; empty before it
 * @param esmtp whether it said EHLO (or LHLO)
 * @param tls the session's TLS, if any
 * @param authenticated the account that logged in, as its canonical address, if any
 */
public record Client(
        String sessionId,
        Service service,
        InetAddress address,
        int port,
        int localPort,
        String helo,
        boolean esmtp,
        Optional<Tls> tls,
        Optional<String> authenticated) {
    /** The doors of an SMTP server. */
    public enum Service {
        /** Port 25: mail from other servers (RFC 5321). */
        INBOUND,
        /** Ports 587 and 465: mail from our own users (RFC 6409, RFC 8314). */
        SUBMISSION,
        /** RFC 2033. */
        LMTP
    }

    /**
     * @param protocol such as {@code TLSv1.3}
     * @param cipher the JDK's (IANA's) name of the suite
     */
    public record Tls(String protocol, String cipher) {}

    /** A client that has connected and said nothing yet. */
    public static Client connected(String sessionId, Service service, InetAddress address, int port, int localPort) {
        return new Client(sessionId, service, address, port, localPort, "", false, Optional.empty(), Optional.empty());
    }

    /** This client after EHLO or LHLO ({@code esmtp}) or HELO. */
    public Client greeted(String newHelo, boolean newEsmtp) {
        return new Client(sessionId, service, address, port, localPort, newHelo, newEsmtp, tls, authenticated);
    }

    /** This client after a TLS handshake: what it said before counts no more (RFC 3207 §4.2). */
    public Client secured(Tls newTls) {
        return new Client(sessionId, service, address, port, localPort, "", false, Optional.of(newTls), Optional.empty());
    }

    /** This client after it logged in as {@code account}. */
    public Client loggedIn(String account) {
        return new Client(sessionId, service, address, port, localPort, helo, esmtp, tls, Optional.of(account));
    }

    /** The client behind this one, as a trusted proxy named it; it has said nothing yet. */
    public Client speakingFor(InetAddress newAddress, int newPort, int newLocalPort, Optional<String> account) {
        return new Client(sessionId, service, newAddress, newPort, newLocalPort, "", false, tls, account);
    }
}
