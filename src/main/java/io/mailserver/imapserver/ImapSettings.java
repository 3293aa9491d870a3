package io.mailserver.imapserver;

import io.mailserver.config.AuthConfig;
import io.mailserver.config.ImapConfig;
import io.mailserver.net.ServerTls;
import java.net.InetAddress;
import java.util.Optional;

/**
 * How one listener's sessions behave; a session keeps those it began with, a reload gives new ones to the next.
 *
 * @param hostname the name of this host
 * @param limits sizes, counts, times
 * @param auth when passwords are taken
 * @param startTls where present, STARTTLS is offered in plaintext
 * @param requireTls whether nobody logs in without TLS here, from wherever
 */
public record ImapSettings(
        String hostname, ImapConfig limits, AuthConfig auth, Optional<ServerTls> startTls, boolean requireTls) {
    /** Whether a client at this address may log in without TLS. */
    boolean plaintextLoginFrom(InetAddress client) {
        return !requireTls
                && (!auth.requireTls() || limits.plaintextLoginFrom().stream().anyMatch(network -> network.contains(client)));
    }
}
