package io.mailserver.pop3server;

import io.mailserver.config.AuthConfig;
import io.mailserver.config.Pop3Config;
import io.mailserver.net.ServerTls;
import java.net.InetAddress;
import java.util.Optional;

/**
 * How one listener's sessions behave; a session keeps those it began with.
 *
 * @param hostname the name of this host
 * @param limits counts and times
 * @param auth when passwords are taken
 * @param startTls where present, STLS is offered in plaintext
 * @param requireTls whether nobody logs in without TLS here, from wherever
 */
public record Pop3Settings(
        String hostname, Pop3Config limits, AuthConfig auth, Optional<ServerTls> startTls, boolean requireTls) {
    /** Whether a client at this address may log in without TLS. */
    boolean plaintextLoginFrom(InetAddress client) {
        return !requireTls
                && (!auth.requireTls() || limits.plaintextLoginFrom().stream().anyMatch(network -> network.contains(client)));
    }
}
