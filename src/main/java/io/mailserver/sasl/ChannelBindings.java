package io.mailserver.sasl;

import java.util.Optional;

/** What ties a login to the TLS it goes through (RFC 5056). */
@FunctionalInterface
public interface ChannelBindings {
    /**
     * The binding's octets, the same at both ends of one TLS connection.
     *
     * @param type such as {@code tls-exporter} (RFC 9266) or {@code tls-server-end-point} (RFC 5929 §4)
     * @return empty where this connection has no such binding
     */
    Optional<byte[]> of(String type);
}
