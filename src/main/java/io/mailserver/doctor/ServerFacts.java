package io.mailserver.doctor;

import io.mailserver.base.Domain;
import io.mailserver.net.Network;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What must be known of a server to say what to publish for it.
 *
 * @param host its name
 * @param services what it listens for
 * @param addresses under which the world reaches it; none if that cannot be told
 * @param stsId of the MTA-STS policy of its domains; empty where it publishes none
 */
public record ServerFacts(Domain host, List<Service> services, List<InetAddress> addresses, Optional<String> stsId) {
    public ServerFacts {
        services = List.copyOf(services);
        addresses = List.copyOf(addresses);
    }

    /** A server that publishes no MTA-STS policy. */
    public ServerFacts(Domain host, List<Service> services, List<InetAddress> addresses) {
        this(host, services, addresses, Optional.empty());
    }

    /**
     * A listener.
     *
     * @param name as in the configuration, such as {@code submissions}
     * @param implicitTls whether TLS begins with the first octet
     */
    public record Service(String name, int port, boolean implicitTls) {}

    /** The addresses of this machine that are of the public Internet; none behind a NAT. */
    public static List<InetAddress> publicAddresses() {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                each.inetAddresses().filter(Network::isPublic).forEach(found::add);
            }
        } catch (SocketException e) {
            return List.of(); // The operator must fill them in.
        }
        return List.copyOf(found);
    }
}
