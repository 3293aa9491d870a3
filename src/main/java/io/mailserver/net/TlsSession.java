package io.mailserver.net;

/**
 * The TLS of a connection after its handshake.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipher the IANA name of the suite
 */
public record TlsSession(String protocol, String cipher) {}
