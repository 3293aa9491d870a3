package io.mailserver.config;

import io.mailserver.base.Domain;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the process needs to know: listeners, TLS, limits, storage. Domains, accounts and aliases are not here: they live in the system
 * database and are managed by commands. Immutable; a reload makes a new one and swaps it.
 *
 * @param listeners never empty: those of {@code ports} where the file names none
 */
public record Config(
        @Key(
                doc = "The name this server calls itself in greetings, in Received fields and as MX. Should resolve to this machine, "
                        + "and the machine's address back to it. Without it: mail. and the first domain of start --domain.",
                example = "mail.example.com",
                restart = true)
        Optional<Domain> hostname,
        @Key(
                doc = "The folder that holds everything the server stores. Without it: /var/lib/mailserver for root, else ./data.",
                example = "/var/lib/mailserver",
                restart = true)
        Optional<Path> data,
        @Key(
                doc = "The user of this system that the server becomes after binding its ports when root starts it. Without it: "
                        + "mailserver, where there is such a user. root: it stays root.",
                example = "mailserver",
                restart = true)
        Optional<String> user,
        @Key(
                doc = "Which ports are used where listeners names none. standard: 25, 587, 465, 143, 993, 110, 995, 443, 80, and "
                        + "9025 on loopback. high: 2525, 2587, 2465, 2143, 2993, 2110, 2995, 8443, and 8080 on loopback, for which one "
                        + "need not be root.",
                value = "standard",
                restart = true)
        Ports ports,
        @Key(
                doc = "Where connections are accepted. Without it: the listeners of ports. With it: exactly these.",
                example = "[{service: smtp, port: 25}, {service: submissions, port: 465}, {service: http, port: 9025, "
                        + "address: 127.0.0.1}]",
                restart = true)
        List<ListenerConfig> listeners,
        @Key(doc = "Certificates and when TLS is required.") TlsConfig tls,
        @Key(doc = "Certificates that the server gets itself.") AcmeConfig acme,
        @Key(doc = "Limits and times of an SMTP session.") SmtpConfig smtp,
        @Key(doc = "Limits and times of an IMAP session.") ImapConfig imap,
        @Key(doc = "Limits and times of a POP3 session.") Pop3Config pop3,
        @Key(doc = "Limits of JMAP.") JmapConfig jmap,
        @Key(doc = "Where DNS records are asked for.") DnsConfig dns,
        @Key(doc = "How mail of strangers is judged.") ChecksConfig checks,
        @Key(doc = "The spam filter.") SpamConfig spam,
        @Key(doc = "Limits on connections, for all protocols.") LimitsConfig limits,
        @Key(doc = "Logging in.") AuthConfig auth,
        @Key(doc = "Messages on disk.") StorageConfig storage,
        @Key(doc = "Mail for other servers: when it is tried again, and when it is given up.") QueueConfig queue,
        @Key(doc = "How mail goes to other servers.") SendingConfig sending,
        @Key(doc = "What the server says on standard output.") LogConfig log) {
    public Config {
        listeners = listeners.isEmpty() ? ports.listeners() : List.copyOf(listeners);
        checkDistinct(listeners);
    }

    /** The configuration of an empty file. */
    public static Config defaults() {
        return ConfigLoader.of(Map.of());
    }

    /** The keys whose values differ, by their paths, in the order of the file. */
    public static List<String> changes(Config before, Config after) {
        return Schema.changes(before, after, entry -> true);
    }

    /** Those of {@link #changes} that take effect only at the next start. */
    public static List<String> diffNeedingRestart(Config before, Config after) {
        return Schema.changes(before, after, entry -> entry.key().restart());
    }

    private static void checkDistinct(List<ListenerConfig> listeners) {
        Set<String> names = new HashSet<>();
        Set<String> sockets = new HashSet<>();
        for (ListenerConfig listener : listeners) {
            if (!names.add(listener.name())) {
                throw new IllegalArgumentException("two listeners are named " + listener.name() + "; give each its own name");
            }
            if (listener.port() != 0 && !sockets.add(listener.address() + " " + listener.port())) {
                throw new IllegalArgumentException(
                        "two listeners use port " + listener.port() + " of the same address; change the port of one");
            }
        }
    }
}
