package io.mailserver.config;

import io.mailserver.base.Domain;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How mail goes to other servers. */
public record SendingConfig(
        @Key(
                doc = "A server that takes all mail for the world, instead of each domain's own, as host or host:port: that of a provider "
                        + "who blocks port 25, for instance.",
                example = "smtp.provider.example:587")
        Optional<String> smartHost,
        @Key(doc = "The login there. The password goes over TLS only.", example = "customer-4711") Optional<String> smartHostUser,
        @Key(doc = "A file that holds its password, readable by the server only.", example = "/etc/mailserver/smart-host-password")
        Optional<Path> smartHostPasswordFile,
        @Key(
                doc = "TLS with the smart host. verified: its certificate must be good for its name. encrypted: any certificate. implicit: "
                        + "verified, from the first octet on (port 465). opportunistic: as with any other server.",
                value = "verified")
        SmartHostTls smartHostTls,
        @Key(
                doc = "Ways for single domains, before smart-host: to a host, to an LMTP server, or nowhere.",
                example = "[{domain: lists.example, to: \"lmtp:127.0.0.1:24\"}, {domain: example.org, to: mail.example.net}]")
        List<Route> routes,
        @Key(doc = "TLS with other servers. opportunistic: where they can. none: never, for tests.", value = "opportunistic") Tls tls,
        @Key(
                doc = "Whether mail goes over IPv6. confirmed: where the PTR record of the address it would come from leads back to that "
                        + "address, looked at once an hour; many receivers refuse mail without. always, never.",
                value = "confirmed")
        Ipv6 ipv6,
        @Key(doc = "The address of this machine that connections are made from.", example = "192.0.2.1") Optional<InetAddress> from,
        @Key(
                doc = "Addresses of this machine that mail of single sender domains is sent from, by the domain of MAIL FROM.",
                example = "[{domain: example.org, address: 192.0.2.2}]")
        List<Source> fromByDomain,
        @Key(
                doc = "The port of other servers. Anything but 25 is for tests.",
                value = "25",
                unit = "port",
                min = "1",
                max = "65535")
        int port,
        @Key(
                doc = "A PEM file of certificate authorities that vouch for other servers, besides those that this Java knows: for "
                        + "MTA-STS, the smart host, and REQUIRETLS.",
                example = "/etc/mailserver/authorities.pem",
                restart = true)
        Optional<Path> authorities,
        @Key(
                doc = "The port of web servers that MTA-STS policies are fetched from and TLS reports posted to. Anything but 443 is for "
                        + "tests.",
                value = "443",
                unit = "port",
                min = "1",
                max = "65535")
        int httpsPort,
        @Key(
                doc = "Whether these web servers may have addresses that are not of the public Internet. Their names come from the DNS of "
                        + "strangers, who should not lead this server into your network.",
                value = "false")
        boolean httpsToPrivate,
        @Key(
                doc = "Messages that one account may send to other servers within 24 hours; then it is told 452 and when it may go on.",
                value = "2000",
                unit = "messages",
                min = "1",
                max = "1000000000")
        int messagesPerDay,
        @Key(
                doc = "Recipients elsewhere of one account within 24 hours.",
                value = "5000",
                unit = "recipients",
                min = "1",
                max = "1000000000")
        int recipientsPerDay,
        @Key(
                doc = "Of these, recipients to whom the account had never written before: a stolen password is noticed by them first.",
                value = "1000",
                unit = "recipients",
                min = "1",
                max = "1000000000")
        int firstTimeRecipientsPerDay,
        @Key(
                doc = "For how long an account's mail to an address is refused at once after the address's server said that there is no "
                        + "such mailbox; 0 for never.",
                value = "30d",
                min = "0s",
                max = "3650d")
        Duration suppressionLifetime,
        @Key(
                doc = "Such addresses that are kept for one account; one more takes the place of the oldest.",
                value = "10000",
                unit = "addresses",
                min = "1",
                max = "1000000")
        int suppressionsPerAccount,
        @Key(
                doc = "How long it is remembered what other servers reported later of mail that they had taken; 0 for not at all.",
                value = "30d",
                min = "0s",
                max = "3650d")
        Duration reportsKept,
        @Key(
                doc = "Such reports that are kept for one account; one more takes the place of the oldest.",
                value = "10000",
                unit = "reports",
                min = "1",
                max = "1000000")
        int reportsPerAccount,
        @Key(
                doc = "How long notices for mail that an alias forwarded are taken back and sent on to the mail's sender (SRS), and "
                        + "reports on mail of accounts are believed.",
                value = "21d",
                min = "1d",
                max = "500d")
        Duration returnAddressLifetime,
        @Key(
                doc = "An address elsewhere that an alias forwards to is suspended after so many failures in a row.",
                value = "5",
                unit = "messages",
                min = "1",
                max = "10000")
        int forwardFailures,
        @Key(
                doc = "It is suspended only if the first of these failures is at least so long ago.",
                value = "1d",
                min = "0s",
                max = "90d")
        Duration forwardFailingFor,
        @Key(doc = "How long to wait for a connection.", value = "30s", min = "1s", max = "5m") Duration connectTimeout) {
    /** The largest limit of messages or recipients in a day. */
    public static final int MAX_PER_DAY = 1_000_000_000;

    private static final String HOST = "([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?";

    public SendingConfig {
        routes = List.copyOf(routes);
        fromByDomain = List.copyOf(fromByDomain);
        if (smartHostUser.isPresent() != smartHostPasswordFile.isPresent()) {
            throw new IllegalArgumentException("sending.smart-host-user and sending.smart-host-password-file go together");
        }
        if (smartHost.isPresent() && !smartHost.get().matches(HOST)) {
            throw new IllegalArgumentException("sending.smart-host is host or host:port");
        }
        for (Route route : routes) {
            if (!route.to().matches("discard|(lmtp:)?" + HOST)) {
                String ways = "host, host:port, lmtp:host:port or discard";
                throw new IllegalArgumentException("sending.routes: " + route.domain() + " goes to " + ways);
            }
        }
    }

    /** When mail goes over IPv6. */
    public enum Ipv6 {
        CONFIRMED,
        ALWAYS,
        NEVER
    }

    /** The address of one domain's mail. */
    public record Source(
            @Key(doc = "The domain of senders.") Domain domain,
            @Key(doc = "The address.") InetAddress address) {}

    /** TLS with servers in general. */
    public enum Tls {
        OPPORTUNISTIC,
        NONE
    }

    /** TLS with the smart host. */
    public enum SmartHostTls {
        VERIFIED,
        ENCRYPTED,
        IMPLICIT,
        OPPORTUNISTIC
    }

    /** The way of one domain. */
    public record Route(
            @Key(doc = "The domain of recipients.") Domain domain,
            @Key(doc = "host, host:port, lmtp:host:port, or discard.") String to) {}

    /** The values of an empty file. */
    public static SendingConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static SendingConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(SendingConfig.class, null, changes, Map.of());
    }
}
