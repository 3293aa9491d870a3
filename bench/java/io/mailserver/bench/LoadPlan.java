package io.mailserver.bench;

import java.time.Duration;

/**
 * What the client does.
 *
 * @param sessions connections at a time
 * @param octets size of each message
 * @param startTls whether each connection begins with STARTTLS and a full handshake
 * @param keepConnections many messages a connection; else one, and QUIT
 * @param pipelining whether MAIL, RCPT and DATA go out as one group (RFC 2920), as every large sender does
 * @param duration how long new messages are begun
 */
public record LoadPlan(
        int sessions, int octets, boolean startTls, boolean keepConnections, boolean pipelining, Duration duration) {
    /** Plain, kept, pipelined connections. */
    public static LoadPlan kept(int sessions, int octets, Duration duration) {
        return new LoadPlan(sessions, octets, false, true, true, duration);
    }

    /** The same for another length of time. */
    public LoadPlan lasting(Duration other) {
        return new LoadPlan(sessions, octets, startTls, keepConnections, pipelining, other);
    }

    /** The message size as people write it: {@code 4 KB}, {@code 1 MB}. */
    public String size() {
        return octets >= 1 << 20 ? (octets >> 20) + " MB" : (octets >> 10) + " KB";
    }

    @Override
    public String toString() {
        return "%d session%s, %s, %s, %s".formatted(sessions, sessions == 1 ? "" : "s", size(), startTls ? "STARTTLS" : "plain",
                keepConnections ? "kept" : "one a connection");
    }
}
