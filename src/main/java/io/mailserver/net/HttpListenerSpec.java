package io.mailserver.net;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What an HTTP listener is to listen on.
 *
 * @param name for people, such as {@code Webmail}
 * @param address the address to bind; empty for all of IPv4 and IPv6
 * @param port 1 to 65535, or 0 for any free one
 * @param tls where present: HTTPS, with HTTP/2 for those who offer it (ALPN); else HTTP/1.1 in plain
 * @param proxies networks whose connections must begin with a PROXY protocol header; nobody else is let in where there are any
 * @param forwarders networks of HTTP proxies whose {@code X-Forwarded-For} and {@code X-Forwarded-Proto} are believed; nobody else's are
 */
public record HttpListenerSpec(
        String name,
        Optional<InetAddress> address,
        int port,
        Optional<ServerTls> tls,
        List<Network> proxies,
        List<Network> forwarders) {
    public HttpListenerSpec {
        proxies = List.copyOf(proxies);
        forwarders = List.copyOf(forwarders);
    }

    /** In plain on the IPv4 loopback address, no proxies. */
    public static HttpListenerSpec onLoopback(String name, int port) {
        return new HttpListenerSpec(name, Optional.of(InetAddress.ofLiteral("127.0.0.1")), port, Optional.empty(), List.of(), List.of());
    }

    /** The same with TLS. */
    public HttpListenerSpec withTls(ServerTls serverTls) {
        return new HttpListenerSpec(name, address, port, Optional.of(serverTls), proxies, forwarders);
    }

    /** The same behind load balancers that speak the PROXY protocol, in these networks and nowhere else. */
    public HttpListenerSpec behindProxies(List<Network> networks) {
        return new HttpListenerSpec(name, address, port, tls, networks, forwarders);
    }

    /** The same, believing the HTTP proxies in these networks. */
    public HttpListenerSpec behindForwarders(List<Network> networks) {
        return new HttpListenerSpec(name, address, port, tls, proxies, networks);
    }
}
