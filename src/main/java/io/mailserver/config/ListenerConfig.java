package io.mailserver.config;

import io.mailserver.net.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One socket that accepts connections.
 *
 * @param tls never {@link Tls#BY_SERVICE}
 * @param port 0 for one that the system chooses
 */
public record ListenerConfig(
        @Key(
                doc = "What is spoken there. smtp: mail from other servers. submission and submissions: mail from our own users. "
                        + "imap and imaps: our users read their mail. pop3 and pop3s: they fetch it. lmtp: mail from another mail server "
                        + "on this machine. "
                        + "https: webmail, JMAP and what mail programs set themselves up by. http: the same and metrics at a loopback "
                        + "address, else the way to https.")
        Service service,
        @Key(doc = "The port; 0 lets the system choose a free one.", min = "0", max = "65535") int port,
        @Key(doc = "The address of this machine to listen at; \"*\" for all, IPv4 and IPv6.", value = "*") InetAddress address,
        @Key(
                doc = "implicit: TLS from the first octet. starttls: offered. none: not offered. by-service: implicit for "
                        + "submissions, imaps, pop3s and https, starttls for smtp, submission, imap and pop3, none for lmtp and http.",
                value = "by-service")
        Tls tls,
        @Key(doc = "Whether mail, or a login, is refused on connections without TLS.", value = "false") boolean requireTls,
        @Key(
                doc = "Networks of load balancers whose connections begin with a PROXY protocol header (version 1 or 2). Connections "
                        + "without one, and connections from elsewhere, are closed.",
                example = "[192.0.2.10, 2001:db8::/64]")
        List<Network> proxyFrom,
        @Key(
                doc = "For http and https: networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. A "
                        + "listener in plain that names them serves what they forward, and logins where the client spoke TLS.",
                example = "[127.0.0.1, 192.0.2.10]")
        List<Network> forwardedFrom,
        @Key(doc = "A name for logs and metrics. Without it: the service and its port.", example = "smtp-behind-proxy")
        Optional<String> label) {
    /** What is spoken at a listener. */
    public enum Service {
        SMTP(Tls.STARTTLS),
        SUBMISSION(Tls.STARTTLS),
        SUBMISSIONS(Tls.IMPLICIT),
        IMAP(Tls.STARTTLS),
        IMAPS(Tls.IMPLICIT),
        POP3(Tls.STARTTLS),
        POP3S(Tls.IMPLICIT),
        LMTP(Tls.NONE),
        HTTP(Tls.NONE),
        HTTPS(Tls.IMPLICIT);

        private final Tls usual;

        Service(Tls usual) {
            this.usual = usual;
        }

        /** Whether HTTP is spoken, with TLS or without. */
        public boolean isHttp() {
            return this == HTTP || this == HTTPS;
        }
    }

    /** How TLS begins. */
    public enum Tls {
        BY_SERVICE,
        NONE,
        STARTTLS,
        IMPLICIT
    }

    public ListenerConfig {
        tls = tls == Tls.BY_SERVICE ? service.usual : tls;
        if (requireTls && tls == Tls.NONE) {
            throw new IllegalArgumentException("this listener requires TLS and offers none; set tls to starttls or implicit");
        }
        if (service.isHttp() && tls != service.usual) {
            throw new IllegalArgumentException(service == Service.HTTP
                    ? "http is in plain; for TLS set service to https, and leave tls out"
                    : "https has TLS from the first octet; leave tls out, or set service to http");
        }
        if (!service.isHttp() && !forwardedFrom.isEmpty()) {
            throw new IllegalArgumentException("forwarded-from is for http and https; for mail there is proxy-from");
        }
    }

    /** A listener with these keys, by their names, the rest defaults. */
    public static ListenerConfig of(Map<String, String> keys) {
        return ConfigLoader.bind(ListenerConfig.class, null, keys, Map.of());
    }

    /** The same listener at another port: the one that the system chose for 0. */
    public ListenerConfig at(int realPort) {
        return new ListenerConfig(service, realPort, address, tls, requireTls, proxyFrom, forwardedFrom, label);
    }

    /** Its name in logs and metrics. */
    public String name() {
        return label.orElse(Words.kebab(service.name()) + ":" + port);
    }
}
