package io.mailserver.net;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a listener is to listen on.
 *
 * @param name for people, such as {@code SMTP inbound}
 * @param address the address to bind; empty for all of IPv4 and IPv6
 * @param port 1 to 65535, or 0 for any free one
 * @param implicitTls where present, TLS begins with the first octet (RFC 8314 §3)
 * @param proxies networks whose connections must begin with a PROXY protocol header; empty where the protocol is not used
 * @param handshakeTimeout for the PROXY header and an implicit TLS handshake together
 */
public record ListenerSpec(
        String name,
        Optional<InetAddress> address,
        int port,
        Optional<ServerTls> implicitTls,
        List<Network> proxies,
        Duration handshakeTimeout) {
    /** Ample for any client; short enough that silent connections do not pile up. */
    public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

    public ListenerSpec {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        proxies = List.copyOf(proxies);
    }

    /** All addresses, in plain, no proxies. */
    public static ListenerSpec onAllAddresses(String name, int port) {
        return new ListenerSpec(name, Optional.empty(), port, Optional.empty(), List.of(), DEFAULT_HANDSHAKE_TIMEOUT);
    }

    /** The IPv4 loopback address, in plain, no proxies. */
    public static ListenerSpec onLoopback(String name, int port) {
        return onAllAddresses(name, port).on(InetAddress.ofLiteral("127.0.0.1"));
    }

    /** The same on one address only. */
    public ListenerSpec on(InetAddress only) {
        return new ListenerSpec(name, Optional.of(only), port, implicitTls, proxies, handshakeTimeout);
    }

    /** The same with TLS from the first octet. */
    public ListenerSpec withImplicitTls(ServerTls tls) {
        return new ListenerSpec(name, address, port, Optional.of(tls), proxies, handshakeTimeout);
    }

    /** The same behind proxies in these networks and nowhere else. */
    public ListenerSpec behindProxies(List<Network> networks) {
        return new ListenerSpec(name, address, port, implicitTls, networks, handshakeTimeout);
    }
}
