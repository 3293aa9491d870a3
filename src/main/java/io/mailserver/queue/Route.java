package io.mailserver.queue;

import io.mailserver.smtpclient.SmtpClient;
import io.mailserver.smtpclient.TlsPolicy;
import java.util.Optional;

/** Which way mail for a destination goes. */
public sealed interface Route {
    /** To the servers that the DNS names. */
    record Mx() implements Route {}

    /**
     * To one host.
     *
     * @param host a name, or an address
     * @param tls what the connection must be
     * @param credentials for a host that wants us to log in
     */
    record Host(String host, int port, boolean lmtp, boolean implicitTls, TlsPolicy tls, Optional<SmtpClient.Credentials> credentials)
            implements Route {}

    /** Into a mailbox of this server. */
    record Local() implements Route {}

    /** Nowhere: taken, and thrown away. */
    record Discard() implements Route {}

    /** The name under which all mail of this route waits; empty where each destination waits alone. */
    default String laneKey() {
        return switch (this) {
            case Mx mx -> "";
            case Host host -> (host.lmtp() ? "lmtp:" : "") + host.host() + ":" + host.port();
            case Local local -> "local:";
            case Discard discard -> "discard:";
        };
    }
}
