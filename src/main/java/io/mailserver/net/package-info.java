/**
 * Sockets: connections under deadlines, listeners and their limits, TLS, the PROXY protocol, and HTTP on Jetty.
 *
 * <p>RFC 5246, RFC 8446 (TLS), RFC 6066 §3 (server names), RFC 9325 (how to use TLS), RFC 7468 (PEM), RFC 7301 (ALPN),
 * RFC 9110, RFC 9112 and RFC 9113 (HTTP).
 *
 * <p>Invariants: no drip of octets stretches a deadline; every wait for a peer ends; a client's address is never what the client says;
 * TLS sees the raw socket only through {@code SocketBelowTls}, so that a session whose input we ended can still say goodbye.
 *
 * <p>Threads: one virtual thread per connection owns it; the reaper, a drain and {@code abort} act on the raw socket from outside and
 * never wait for a peer.
 *
 * <p>Start with {@link io.mailserver.net.Connection} and {@link io.mailserver.net.Listener}; for HTTP with
 * {@link io.mailserver.net.HttpServer} and {@link io.mailserver.net.HttpMount}, which is all that a front door needs to know of it.
 */
@NullMarked
package io.mailserver.net;

import org.jspecify.annotations.NullMarked;
