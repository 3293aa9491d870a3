package io.mailserver.queue;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.smtp.AddressLiteral;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtpclient.ClientTls;
import io.mailserver.smtpclient.DeliveryException;
import io.mailserver.smtpclient.Dialogue;
import io.mailserver.smtpclient.OutgoingMessage;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import io.mailserver.smtpclient.SmtpClient;
import io.mailserver.smtpclient.Timeouts;
import io.mailserver.smtpclient.TlsPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Opens the ways to other servers. Safe for use by any thread. */
public final class Courier {
    /** RFC 3463 §3.8: 4.7.5. */
    private static final EnhancedStatus NOT_SECURE = new EnhancedStatus(4, 7, 5);
    private static final Duration DNS_TIME = Duration.ofSeconds(20);

    private final Resolver resolver;
    private final ClientTls tls;
    private final Security security;
    private final Supplier<Settings> settings;
    private final RandomGenerator random;
    private final Time time;

    /**
     * @param hostname of this server, for EHLO
     * @param from the address to connect from, where it matters
     * @param port of other servers
     * @param tls with other servers in general
     */
    public record Settings(
            Domain hostname,
            Optional<InetAddress> from,
            boolean ipv6,
            int port,
            TlsPolicy tls,
            Timeouts timeouts,
            int messagesPerConnection) {}

    /** What to demand of a server. */
    public sealed interface Demand {
        /** A connection of this kind. */
        record Use(TlsPolicy policy) implements Demand {}

        /** It gets no mail now. */
        record Skip(String why) implements Demand {}
    }

    /** Says what to demand of the servers that the DNS names. */
    @FunctionalInterface
    public interface Security {
        /** No more than is usual. */
        Security USUAL = (domain, host, authentic, port, usual) -> new Demand.Use(usual);

        /**
         * @param authentic whether DNSSEC vouches for {@code host} being the domain's server and for its address
         * @param usual what is demanded without further knowledge
         */
        Demand of(Domain domain, String host, boolean authentic, int port, TlsPolicy usual);
    }

    /**
     * @param security what to demand of servers
     * @param settings asked for each connection, so that a reload takes effect at once
     */
    public Courier(
            Resolver resolver, ClientTls tls, Security security, Supplier<Settings> settings, RandomGenerator random, Time time) {
        this.resolver = resolver;
        this.tls = tls;
        this.security = security;
        this.settings = settings;
        this.random = random;
        this.time = time;
    }

    /** A way to one destination, with a connection as soon as one is needed. Belongs to one thread. */
    Trip begin(String destination, Route route, Dialogue dialogue) {
        return new Trip(destination, route, dialogue);
    }

    /** Servers to try, or why there are none. */
    private MailServers.Found servers(String destination, Route route, Settings now) {
        if (route instanceof Route.Host host) {
            return addressesOf(host.host());
        }
        if (destination.startsWith("[")) {
            Optional<InetAddress> literal = AddressLiteral.parse(destination.substring(1, destination.length() - 1));
            return literal.<MailServers.Found>map(address ->
                            new MailServers.Found.Servers(List.of(new MailServers.Server(destination, address, false))))
                    .orElse(new MailServers.Found.Nothing(new EnhancedStatus(5, 1, 2), "not an address: " + destination));
        }
        return new MailServers(resolver, now.hostname(), now.ipv6(), random).of(new Domain(destination));
    }

    private MailServers.Found addressesOf(String host) {
        Optional<InetAddress> literal = AddressLiteral.parse(host).or(() -> AddressLiteral.parse("IPv6:" + host));
        if (literal.isPresent()) {
            return new MailServers.Found.Servers(List.of(new MailServers.Server(host, literal.get(), false)));
        }
        List<MailServers.Server> servers = new ArrayList<>();
        DnsName name = DnsName.of(host);
        Answer<Rdata.A> four = resolver.resolve(name, RecordType.A, DNS_TIME);
        four.records().forEach(record -> servers.add(new MailServers.Server(host, record.address(), false)));
        resolver.resolve(name, RecordType.AAAA, DNS_TIME).records()
                .forEach(record -> servers.add(new MailServers.Server(host, record.address(), false)));
        return servers.isEmpty()
                ? new MailServers.Found.Nothing(new EnhancedStatus(4, 4, 3), "the address of " + host + ": " + four.summary())
                : new MailServers.Found.Servers(servers);
    }

    /** One worker's way. */
    final class Trip implements AutoCloseable {
        private final String destination;
        private final Route route;
        private final Dialogue dialogue;
        private volatile @Nullable SmtpClient client;
        private int sent;

        private Trip(String destination, Route route, Dialogue dialogue) {
            this.destination = destination;
            this.route = route;
            this.dialogue = dialogue;
        }

        /** Hands the message on; connects first where there is no connection that is any good. */
        Attempt deliver(OutgoingMessage message) {
            int count = message.recipients().size();
            Settings now = settings.get();
            boolean reused = client != null && sent > 0;
            Attempt attempt = tryOnce(message, now, count);
            // A connection kept open may have been closed by the server meanwhile: then it never saw this message.
            boolean stale = reused && attempt.results().stream().allMatch(result ->
                    result.kind() == Kind.TEMPORARY && result.stage() == Stage.MAIL && result.reply().isEmpty());
            return stale ? tryOnce(message, now, count) : attempt;
        }

        private Attempt tryOnce(OutgoingMessage message, Settings now, int count) {
            SmtpClient connected = client;
            if (connected != null && (!connected.isUsable() || sent >= now.messagesPerConnection())) {
                close();
                connected = null;
            }
            if (connected == null) {
                MailServers.Found found = servers(destination, route, now);
                if (found instanceof MailServers.Found.Nothing nothing) {
                    Kind kind = nothing.status().statusClass() == 5 ? Kind.PERMANENT : Kind.TEMPORARY;
                    RecipientResult result = RecipientResult.local(kind, Stage.CONNECT, nothing.status(), nothing.text());
                    return Attempt.same(result, count, Optional.empty(), kind == Kind.TEMPORARY);
                }
                Connected outcome = connect(((MailServers.Found.Servers) found).servers(), now);
                connected = outcome.client();
                if (connected == null) {
                    return Attempt.same(outcome.failure(), count, Optional.of(outcome.host()), outcome.failure().kind() == Kind.TEMPORARY);
                }
            }
            client = connected;
            sent++;
            List<RecipientResult> results = connected.send(message);
            return new Attempt(
                    results, Optional.of(connected.peer().host()), connected.extensions().has("DSN"), false);
        }

        private record Connected(@Nullable SmtpClient client, RecipientResult failure, String host) {}

        private Connected connect(List<MailServers.Server> servers, Settings now) {
            RecipientResult failure = RecipientResult.local(Kind.TEMPORARY, Stage.CONNECT, "no server");
            String host = "";
            for (MailServers.Server server : servers) {
                try {
                    sent = 0;
                    return new Connected(connect(server, now), failure, server.host());
                } catch (DeliveryException e) {
                    // The next server may be better; a refusal by one of several does not speak for all.
                    failure = host.isEmpty() || e.result().kind() == Kind.TEMPORARY ? e.result() : failure;
                    host = server.host();
                }
            }
            return new Connected(null, failure, host);
        }

        private SmtpClient connect(MailServers.Server server, Settings now) throws DeliveryException {
            Optional<SmtpClient.Credentials> credentials = Optional.empty();
            TlsPolicy policy = now.tls();
            int port = now.port();
            boolean lmtp = false;
            boolean implicit = false;
            if (route instanceof Route.Mx && !destination.startsWith("[")) {
                Demand demand = security.of(new Domain(destination), server.host(), server.authentic(), port, policy);
                policy = switch (demand) {
                    case Demand.Use use -> use.policy();
                    case Demand.Skip skip -> throw DeliveryException.of(Stage.TLS, NOT_SECURE, skip.why());
                };
            }
            if (route instanceof Route.Host host) {
                credentials = host.credentials();
                policy = host.tls();
                port = host.port();
                lmtp = host.lmtp();
                implicit = host.implicitTls();
            }
            SmtpClient.Settings how = new SmtpClient.Settings(now.hostname().ascii(), now.from(), now.timeouts(), credentials);
            SmtpClient.Peer peer = new SmtpClient.Peer(new InetSocketAddress(server.address(), port), server.host(), lmtp, implicit);
            return SmtpClient.connect(peer, how, policy, tls, time, dialogue);
        }

        /** Closes the connection under what waits on it; any thread. */
        void abort() {
            SmtpClient connected = client;
            if (connected != null) {
                connected.abort();
            }
        }

        /** The connection, if there is one. */
        Optional<SmtpClient> connection() {
            return Optional.ofNullable(client);
        }

        @Override
        public void close() {
            SmtpClient connected = client;
            client = null;
            if (connected != null) {
                connected.close();
            }
        }
    }
}
