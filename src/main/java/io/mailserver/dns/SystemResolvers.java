package io.mailserver.dns;

import io.mailserver.base.OperatorException;
import io.mailserver.dns.ResolverSettings.NameServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The resolvers of this machine, and those written by people as {@code host:port}. */
public final class SystemResolvers {
    /** Where glibc keeps them (resolv.conf(5)). */
    public static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private static final int MAX_SERVERS = 4;
    private static final long MAX_FILE_OCTETS = 64 << 10;

    private SystemResolvers() {}

    /**
     * The {@code nameserver} lines of a resolv.conf, at most four. The AD bit of a server on this machine is believed, that of others
     * only with {@code options trust-ad}, as glibc does.
     *
     * @throws OperatorException when the file cannot be read or names no server
     */
    public static List<NameServer> read(Path resolvConf) {
        String text;
        try {
            if (Files.size(resolvConf) > MAX_FILE_OCTETS) {
                throw new OperatorException(resolvConf + " is too large", "configure DNS servers");
            }
            text = Files.readString(resolvConf, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new OperatorException("cannot read " + resolvConf, "configure DNS servers", e);
        }
        List<NameServer> servers = parse(text);
        if (servers.isEmpty()) {
            throw new OperatorException(resolvConf + " names no DNS server", "add a nameserver line or configure DNS servers");
        }
        return servers;
    }

    /** As above from text; lines that are not understood are passed over, as glibc does. */
    static List<NameServer> parse(String text) {
        boolean trustAd = false;
        List<InetAddress> addresses = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 2 && words[0].equals("nameserver") && addresses.size() < MAX_SERVERS) {
                address(words[1]).ifPresent(addresses::add);
            } else if (words[0].equals("options")) {
                trustAd |= List.of(words).contains("trust-ad");
            }
        }
        List<NameServer> servers = new ArrayList<>();
        for (InetAddress address : addresses) {
            NameServer server = NameServer.at(address, NameServer.PORT);
            servers.add(new NameServer(server.address(), server.trusted() || trustAd));
        }
        return List.copyOf(servers);
    }

    /**
     * Reads {@code 127.0.0.1:5353}, {@code [::1]:5353}, or an address alone, meaning port 53; {@code localhost} is
     * 127.0.0.1 (RFC 6761 §6.3). Other host names are not taken: who would resolve them? Empty if it is neither.
     */
    public static Optional<NameServer> parseServer(String hostAndPort) {
        String host = hostAndPort;
        int port = NameServer.PORT;
        int colon = hostAndPort.lastIndexOf(':');
        boolean bareIpv6 = colon >= 0 && hostAndPort.indexOf(':') != colon && !hostAndPort.startsWith("[");
        if (colon >= 0 && !bareIpv6 && !hostAndPort.endsWith("]")) {
            host = hostAndPort.substring(0, colon);
            String digits = hostAndPort.substring(colon + 1);
            if (!digits.matches("[0-9]{1,5}")) {
                return Optional.empty();
            }
            port = Integer.parseInt(digits);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (port < 1 || port > 0xffff) {
            return Optional.empty();
        }
        int checkedPort = port;
        host = host.equals("localhost") ? "127.0.0.1" : host;
        return address(host).map(address -> NameServer.at(address, checkedPort));
    }

    private static Optional<InetAddress> address(String literal) {
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
