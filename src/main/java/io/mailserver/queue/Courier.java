package io.mailserver.queue;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.AddressLiteral;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Handling;
import io.mailserver.smtpclient.ClientTls;
import io.mailserver.smtpclient.DeliveryException;
import io.mailserver.smtpclient.Dialogue;
import io.mailserver.smtpclient.OutgoingMessage;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import io.mailserver.smtpclient.SmtpClient;
import io.mailserver.smtpclient.Timeouts;
import io.mailserver.smtpclient.TlsFailure;
import io.mailserver.smtpclient.TlsPolicy;
import io.mailserver.tlsrpt.AppliedPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Opens the ways to other servers. Safe for use by any thread. */
public final class Courier {
    /** RFC 3463 §3.8: 4.7.5. */
    private static final EnhancedStatus NOT_SECURE = new EnhancedStatus(4, 7, 5);
    /** RFC 8689 §4.2.1: 5.7.10 and 5.7.30. */
    private static final EnhancedStatus ENCRYPTION_NEEDED = new EnhancedStatus(5, 7, 10);

    private static final EnhancedStatus NEEDS_REQUIRETLS = new EnhancedStatus(5, 7, 30);
    private static final Duration DNS_TIME = Duration.ofSeconds(20);

    private final Resolver resolver;
    private final ClientTls tls;
    private final Security security;
    private final TlsResults results;
    private final Supplier<Settings> settings;
    private final RandomGenerator random;
    private final Time time;

    /**
     * @param hostname of this server, for EHLO
     * @param sources addresses to connect from
     * @param port of other servers
     * @param tls with other servers in general
     */
    public record Settings(
            Domain hostname,
            Sources sources,
            int port,
            TlsPolicy tls,
            Timeouts timeouts,
            int messagesPerConnection) {}

    /**
     * Where connections come from.
     *
     * @param general for all, where it matters
     * @param byDomain of senders who have an address of their own
     * @param ipv6 whether mail goes that way
     */
    public record Sources(Optional<InetAddress> general, Map<Domain, InetAddress> byDomain, Ipv6Source ipv6) {
        public Sources {
            byDomain = Map.copyOf(byDomain);
        }

        /** From wherever the operating system thinks. */
        public static Sources any(Resolver resolver, Time time) {
            return new Sources(
                    Optional.empty(), Map.of(), new Ipv6Source(resolver, () -> Ipv6Source.Use.ALWAYS, target -> Optional.empty(), time));
        }

        Optional<InetAddress> of(Optional<Address> reversePath) {
            return byDomain.isEmpty()
                    ? general
                    : reversePath.flatMap(Address::domain).map(byDomain::get).or(() -> general);
        }
    }

    /** What to demand of a server. */
    public sealed interface Demand {
        /**
         * A connection of this kind.
         *
         * @param vouched whether DNSSEC or MTA-STS says that this is a server of the domain
         * @param applied the domain's policy behind it
         * @param tested whether the policy is only tested: what it would have refused is reported
         * @param trouble what is wrong already, and reported whatever the server is like (RFC 8460 §4.3.2)
         */
        record Use(TlsPolicy policy, boolean vouched, AppliedPolicy applied, boolean tested, Optional<TlsFailure.Found> trouble)
                implements Demand {
            /** Nothing more than is usual. */
            static Use usual(TlsPolicy policy, boolean vouched) {
                return new Use(policy, vouched, AppliedPolicy.NONE, false, Optional.empty());
            }
        }

        /**
         * It gets no mail now.
         *
         * @param passing whether that may be another in a minute
         * @param applied the domain's policy behind it
         */
        record Skip(String why, boolean passing, AppliedPolicy applied) implements Demand {}
    }

    /** Says what to demand of the servers that the DNS names. */
    @FunctionalInterface
    public interface Security {
        /** No more than is usual. */
        Security USUAL = (domain, host, authentic, port, usual) -> Demand.Use.usual(usual, authentic);

        /**
         * @param authentic whether DNSSEC vouches for {@code host} being the domain's server and for its address
         * @param usual what is demanded without further knowledge
         */
        Demand of(Domain domain, String host, boolean authentic, int port, TlsPolicy usual);
    }

    /**
     * @param security what to demand of servers
     * @param results told how they fared
     * @param settings asked for each connection, so that a reload takes effect at once
     */
    public Courier(
            Resolver resolver, ClientTls tls, Security security, TlsResults results, Supplier<Settings> settings, RandomGenerator random,
            Time time) {
        this.resolver = resolver;
        this.tls = tls;
        this.security = security;
        this.results = results;
        this.settings = settings;
        this.random = random;
        this.time = time;
    }

    /** What is known of the ways out, for the operator. */
    List<String> findings() {
        return settings.get().sources().ipv6().findings();
    }

    /** A way to one destination, with a connection as soon as one is needed. Belongs to one thread. */
    Trip begin(String destination, Route route, Dialogue dialogue) {
        return begin(destination, route, dialogue, () -> { });
    }

    /** @param answered told when a server has greeted and agreed to go on, before it gets a message */
    Trip begin(String destination, Route route, Dialogue dialogue, Runnable answered) {
        return new Trip(destination, route, dialogue, answered);
    }

    /** Servers to try, or why there are none. */
    private MailServers.Found servers(String destination, Route route, Optional<InetAddress> from, Settings now) {
        if (route instanceof Route.Host host) {
            return addressesOf(host.host());
        }
        if (destination.startsWith("[")) {
            Optional<InetAddress> literal = AddressLiteral.parse(destination.substring(1, destination.length() - 1));
            return literal.<MailServers.Found>map(address ->
                            new MailServers.Found.Servers(List.of(new MailServers.Server(destination, address, false))))
                    .orElse(new MailServers.Found.Nothing(new EnhancedStatus(5, 1, 2), "not an address: " + destination));
        }
        return new MailServers(resolver, now.hostname(), now.sources().ipv6(), from, random).of(new Domain(destination));
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

    /** Makes a message one that any server takes; empty where that cannot be. */
    interface Converter {
        Optional<OutgoingMessage> convert(OutgoingMessage message) throws IOException;
    }

    /** One worker's way. */
    final class Trip implements AutoCloseable {
        private final String destination;
        private final Route route;
        private final Dialogue dialogue;
        private final Runnable answered;
        private volatile @Nullable SmtpClient client;
        private int sent;
        /** What the connection is good enough for. */
        private Handling.Tls goodFor = Handling.Tls.OPTIONAL;
        private Optional<InetAddress> from = Optional.empty();
        private Converter converter = each -> Optional.empty();

        private Trip(String destination, Route route, Dialogue dialogue, Runnable answered) {
            this.answered = answered;
            this.destination = destination;
            this.route = route;
            this.dialogue = dialogue;
        }

        /** Hands the message on; connects first where there is no connection that is any good. */
        Attempt deliver(OutgoingMessage message) throws IOException {
            return deliver(message, each -> Optional.empty());
        }

        /**
         * The same for a message that is converted where the server cannot take it as it is.
         *
         * @throws IOException its octets cannot be read
         */
        Attempt deliver(OutgoingMessage message, Converter newConverter) throws IOException {
            converter = newConverter;
            Attempt attempt = attempt(message);
            boolean bounce = message.reversePath().isEmpty() && message.tls() == Handling.Tls.REQUIRED;
            // RFC 8689 §5: a notice is not to be lost because a server does not know REQUIRETLS.
            return bounce && attempt.results().stream().allMatch(Trip::isTlsRefusal) ? attempt(message.with(Handling.Tls.USUAL)) : attempt;
        }

        private static boolean isTlsRefusal(RecipientResult result) {
            return result.kind() == Kind.PERMANENT && result.stage() == Stage.TLS;
        }

        private Attempt attempt(OutgoingMessage message) throws IOException {
            int count = message.recipients().size();
            Settings now = settings.get();
            boolean reused = client != null && sent > 0;
            Attempt attempt = tryOnce(message, now, count);
            // A connection kept open may have been closed by the server meanwhile: then it never saw this message.
            boolean stale = reused && attempt.results().stream().allMatch(result ->
                    result.kind() == Kind.TEMPORARY && result.stage() == Stage.MAIL && result.reply().isEmpty());
            return stale ? tryOnce(message, now, count) : attempt;
        }

        private Attempt tryOnce(OutgoingMessage message, Settings now, int count) throws IOException {
            SmtpClient connected = client;
            boolean good = connected != null && connected.isUsable() && sent < now.messagesPerConnection()
                    && goodFor.covers(message.tls()) && from.equals(now.sources().of(message.reversePath()));
            if (!good) {
                close();
                connected = null;
            }
            if (connected == null) {
                from = now.sources().of(message.reversePath());
                MailServers.Found found = servers(destination, route, from, now);
                if (found instanceof MailServers.Found.Nothing nothing) {
                    Kind kind = nothing.status().statusClass() == 5 ? Kind.PERMANENT : Kind.TEMPORARY;
                    RecipientResult result = RecipientResult.local(kind, Stage.CONNECT, nothing.status(), nothing.text());
                    return Attempt.same(result, count, Optional.empty(), kind == Kind.TEMPORARY);
                }
                Connected outcome = connect(((MailServers.Found.Servers) found).servers(), message.tls(), now);
                connected = outcome.client();
                if (connected == null) {
                    return Attempt.same(outcome.failure(), count, Optional.of(outcome.host()), outcome.failure().kind() == Kind.TEMPORARY);
                }
                answered.run();
            }
            client = connected;
            sent++;
            boolean asItIs = !message.needsSevenBit(connected.extensions(), connected.peer().lmtp());
            List<RecipientResult> results = connected.send(asItIs ? message : converter.convert(message).orElse(message));
            return Attempt.at(connected.peer().host(), results, connected.extensions().has("DSN"));
        }

        private record Connected(@Nullable SmtpClient client, RecipientResult failure, String host) {}

        private Connected connect(List<MailServers.Server> servers, Handling.Tls wish, Settings now) {
            RecipientResult failure = RecipientResult.local(Kind.TEMPORARY, Stage.CONNECT, "no server");
            String host = "";
            for (MailServers.Server server : servers) {
                try {
                    sent = 0;
                    SmtpClient connected = wish == Handling.Tls.REQUIRED ? connectAsRequired(server, now) : connect(server, wish, now);
                    goodFor = wish;
                    return new Connected(connected, failure, server.host());
                } catch (DeliveryException e) {
                    // The next server may be better; a refusal by one of several does not speak for all.
                    failure = host.isEmpty() || e.result().kind() == Kind.TEMPORARY ? e.result() : failure;
                    host = server.host();
                }
            }
            return new Connected(null, failure, host);
        }

        /** RFC 8689 §4.2.1: whatever is wrong with the server's TLS, now is the time to say so. */
        private SmtpClient connectAsRequired(MailServers.Server server, Settings now) throws DeliveryException {
            SmtpClient connected;
            try {
                connected = connect(server, Handling.Tls.REQUIRED, now);
            } catch (DeliveryException e) {
                boolean passing = e.result().stage() != Stage.TLS || e.result().status().filter(NOT_SECURE::equals).isPresent();
                throw passing ? e : DeliveryException.permanent(Stage.TLS, ENCRYPTION_NEEDED, "REQUIRETLS: " + e.result().text());
            }
            if (!connected.extensions().has("REQUIRETLS")) {
                connected.close();
                throw DeliveryException.permanent(
                        Stage.TLS, NEEDS_REQUIRETLS, "REQUIRETLS: the server does not promise it, so the message was not given to it");
            }
            return connected;
        }

        private SmtpClient connect(MailServers.Server server, Handling.Tls wish, Settings now) throws DeliveryException {
            Optional<SmtpClient.Credentials> credentials = Optional.empty();
            TlsPolicy policy = now.tls();
            int port = now.port();
            boolean lmtp = false;
            boolean implicit = false;
            Optional<Demand> demand = route instanceof Route.Mx && !destination.startsWith("[") && wish != Handling.Tls.OPTIONAL
                    ? Optional.of(security.of(new Domain(destination), server.host(), server.authentic(), port, policy))
                    : Optional.empty();
            if (demand.isPresent()) {
                policy = demanded(demand.get(), server, wish);
            }
            if (route instanceof Route.Host host) {
                credentials = host.credentials();
                policy = host.tls();
                port = host.port();
                lmtp = host.lmtp();
                implicit = host.implicitTls();
            }
            if (wish == Handling.Tls.REQUIRED && !(policy instanceof TlsPolicy.Checked)) {
                policy = new TlsPolicy.Verified(List.of(server.host()));
            }
            SmtpClient.Settings how = new SmtpClient.Settings(
                    now.hostname().ascii(), from.filter(own -> own.getClass() == server.address().getClass()), now.timeouts(), credentials);
            SmtpClient.Peer peer = new SmtpClient.Peer(new InetSocketAddress(server.address(), port), server.host(), lmtp, implicit);
            try {
                SmtpClient connected = SmtpClient.connect(peer, how, policy, tls, time, dialogue);
                demand.ifPresent(one -> report(one, server.host(), trouble(one, connected, server.host())));
                return connected;
            } catch (DeliveryException e) {
                if (e.result().stage() == Stage.TLS) {
                    demand.ifPresent(one ->
                            report(one, server.host(), Optional.of(new TlsFailure.Found(e.tlsFailure(), e.result().text()))));
                }
                throw e;
            }
        }

        /** What a report says against a connection that was made (RFC 8460 §4.3). */
        private Optional<TlsFailure.Found> trouble(Demand demand, SmtpClient connected, String host) {
            if (connected.tlsProtocol().isEmpty()) {
                return connected.tlsTrouble().or(() -> Optional.of(
                        new TlsFailure.Found(TlsFailure.STARTTLS_NOT_SUPPORTED, "the server offers no TLS")));
            }
            Optional<TlsFailure.Found> known = demand instanceof Demand.Use use ? use.trouble() : Optional.empty();
            boolean tested = demand instanceof Demand.Use use && use.tested() && known.isEmpty();
            try {
                return tested ? tls.notVerified(connected.certificates(), List.of(host)) : known;
            } catch (IOException e) {
                return Optional.of(new TlsFailure.Found(TlsFailure.VALIDATION_FAILURE, "it has no certificate"));
            }
        }

        private void report(Demand demand, String host, Optional<TlsFailure.Found> failure) {
            AppliedPolicy applied = switch (demand) {
                case Demand.Use use -> use.applied();
                case Demand.Skip skip -> skip.applied();
            };
            results.seen(new Domain(destination), applied, host, failure);
        }

        private TlsPolicy demanded(Demand demand, MailServers.Server server, Handling.Tls wish) throws DeliveryException {
            if (demand instanceof Demand.Skip skip) {
                TlsFailure failure = skip.passing() ? TlsFailure.DNSSEC_INVALID : TlsFailure.VALIDATION_FAILURE;
                report(demand, server.host(), Optional.of(new TlsFailure.Found(failure, skip.why())));
            }
            return switch (demand) {
                case Demand.Use use -> {
                    if (wish == Handling.Tls.REQUIRED && !use.vouched()) {
                        String why = "neither DNSSEC nor MTA-STS says that " + server.host() + " is a server of " + destination;
                        throw DeliveryException.permanent(Stage.TLS, ENCRYPTION_NEEDED, why);
                    }
                    yield use.policy();
                }
                case Demand.Skip skip when wish == Handling.Tls.REQUIRED && !skip.passing() ->
                        throw DeliveryException.permanent(Stage.TLS, ENCRYPTION_NEEDED, skip.why());
                case Demand.Skip skip -> throw DeliveryException.of(Stage.TLS, NOT_SECURE, skip.why());
            };
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
