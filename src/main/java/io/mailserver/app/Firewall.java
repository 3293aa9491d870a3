package io.mailserver.app;

import io.mailserver.config.ListenerConfig;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Rules that open exactly the configured listeners: for nftables and for ufw. Only text; nothing is changed. */
final class Firewall {
    private Firewall() {}

    /** The lines to print. Listeners on loopback need no rule and get none; a port that the system chooses cannot get one. */
    static List<String> rules(List<ListenerConfig> listeners) {
        List<ListenerConfig> open = listeners.stream()
                .filter(listener -> !listener.address().isLoopbackAddress() && listener.port() != 0)
                .toList();
        List<String> lines = new ArrayList<>();
        if (open.isEmpty()) {
            lines.add("# every listener is on loopback: nothing to open");
            return lines;
        }
        lines.add("# nftables: add these to the chain that filters input (here: table inet filter, chain input),");
        lines.add("# and to /etc/nftables.conf to keep them");
        open.forEach(listener -> lines.add("nft add rule inet filter input " + destination(listener.address()) + "tcp dport "
                + listener.port() + " accept comment '\"" + ListenerNames.of(listener) + "\"'"));
        lines.add("");
        lines.add("# ufw");
        open.forEach(listener -> lines.add("ufw allow proto tcp from any to " + ufwAddress(listener.address()) + " port "
                + listener.port() + " comment '" + ListenerNames.of(listener) + "'"));
        return lines;
    }

    private static String destination(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return "";
        }
        return (address instanceof Inet6Address ? "ip6" : "ip") + " daddr " + literal(address) + " ";
    }

    private static String ufwAddress(InetAddress address) {
        return address.isAnyLocalAddress() ? "any" : literal(address);
    }

    /** Without the interface that Java appends to link-local addresses. */
    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
