package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.dsn.RecipientNotice;
import io.mailserver.mtasts.MtaSts;
import io.mailserver.mtasts.PolicyException;
import io.mailserver.mtasts.PolicyFolder;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.ScriptedPeer;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.smtpclient.ClientTls;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.Timeouts;
import io.mailserver.smtpclient.TlsFailure;
import io.mailserver.smtpclient.TlsPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A queue that sends from mx.example.com, the zone it asks, one peer that all names lead to, and the mailboxes of example.com. */
final class QueueWorld implements AutoCloseable {
    final ManualTime time = new ManualTime(SimulatedDisk.START);
    final RecordingLog log = new RecordingLog();
    final SimulatedDisk disk = new SimulatedDisk(1);
    final ZoneText zone = new ZoneText("""
            example.net.     MX 10 mx.example.net.
            mx.example.net.  A 127.0.0.1
            example.org.     MX 10 mx.example.org.
            mx.example.org.  A 127.0.0.1
            plain.example.   A 127.0.0.1
            null.example.    MX 0 .
            loop.example.    MX 10 mx.example.com.
            """);
    final ScriptedPeer peer;
    final Map<String, Route> routes = new ConcurrentHashMap<>(Map.of("example.com", new Route.Local()));
    /** What was delivered to local mailboxes, with the recipient in front. */
    final List<String> local = new CopyOnWriteArrayList<>();
    /** What those are told who asked for word of success there. */
    volatile Optional<RecipientNotice.Action> receipt = Optional.of(RecipientNotice.Action.DELIVERED);
    /** What would be reported of connections. */
    final List<String> tlsResults = new CopyOnWriteArrayList<>();
    final Set<String> suspended = ConcurrentHashMap.newKeySet();
    /** Texts of MTA-STS policies by domain. */
    final Map<String, String> policies = new ConcurrentHashMap<>();
    volatile Outcomes outcomes = Outcomes.NONE;
    RetrySchedule schedule = new RetrySchedule(
            List.of(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofHours(4)),
            Duration.ofDays(5), Duration.ofDays(1), 1000, Duration.ofHours(4), Duration.ofDays(14));
    int connections = 20;
    int connectionsPerDestination = 5;
    /** Where connections come from. */
    Optional<InetAddress> source = Optional.empty();

    final Map<Domain, InetAddress> sources = new ConcurrentHashMap<>();
    /** What a signer puts on top of messages. */
    String signature = "";
    final Map<String, DestinationRule> rules = new ConcurrentHashMap<>();
    Ipv6Source.Use ipv6Use = Ipv6Source.Use.NEVER;
    final Ipv6Source ipv6 = new Ipv6Source(zone, () -> ipv6Use, target -> Optional.of(target), time);
    private final PlatformPool pool = new PlatformPool("files", 2, 1000);
    final QueueStore store;
    final MailQueue queue;

    QueueWorld() throws IOException {
        this(ScriptedPeer.usual());
    }

    QueueWorld(ScriptedPeer peer) throws IOException {
        this(peer, null);
    }

    /** @param trust authorities; null for those of the JDK */
    QueueWorld(ScriptedPeer peer, @Nullable KeyStore trust) throws IOException {
        this.peer = peer;
        store = QueueStore.open(disk.root().resolve("queue"), pool, QueueStore.Settings.DEFAULT, () -> 7, log);
        Courier courier = new Courier(
                zone,
                new ClientTls(trust),
                new TransportSecurity(
                        zone, new MtaSts(
                                zone, this::policy, new PolicyFolder(disk.root().resolve("mta-sts"), pool, log), time, log), time, log),
                (domain, policy, host, failure) -> tlsResults.add(domain + " " + policy.type() + " " + host + " "
                        + failure.map(found -> found.failure().word()).orElse("ok")),
                () -> new Courier.Settings(
                        new Domain("mx.example.com"), new Courier.Sources(source, sources, ipv6),
                        this.peer.address().getPort(), new TlsPolicy.Opportunistic(),
                        Timeouts.RFC_5321, 100),
                new Random(1),
                time);
        queue = MailQueue.start(new MailQueue.Parts(
                store, courier, destination -> routes.getOrDefault(destination, new Route.Mx()), this::deliverLocally,
                suspended::contains, this::sign, followed(),
                "mx.example.com",
                () -> new MailQueue.Settings(schedule, connections, connectionsPerDestination, rules), new Random(2), time, log));
    }

    private String policy(Domain domain) throws PolicyException {
        String text = policies.get(domain.ascii());
        if (text == null) {
            throw new PolicyException(TlsFailure.STS_POLICY_FETCH_ERROR, "no policy");
        }
        return text;
    }

    private byte[] sign(byte[] message) {
        byte[] field = signature.getBytes(StandardCharsets.US_ASCII);
        byte[] signed = Arrays.copyOf(field, field.length + message.length);
        System.arraycopy(message, 0, signed, field.length, message.length);
        return signed;
    }

    /** Whatever {@link #outcomes} is at the time. */
    private Outcomes followed() {
        return new Outcomes() {
            @Override
            public Optional<String> envelopeId(QueuedMessage message, List<Recipient> recipients) {
                return outcomes.envelopeId(message, recipients);
            }

            @Override
            public void delivered(QueuedMessage message, Recipient recipient) {
                outcomes.delivered(message, recipient);
            }

            @Override
            public void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, RecipientResult result) {
                outcomes.failed(message, recipient, status, result);
            }
        };
    }

    private LocalDelivery.Result deliverLocally(QueuedMessage message, int recipient, Content content) {
        try (InputStream in = content.open()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            local.add(message.envelope().recipients().get(recipient).address() + "\n" + text);
            return new LocalDelivery.Result(Reply.of(250, "2.0.0", "Delivered"), receipt);
        } catch (IOException e) {
            return LocalDelivery.Result.failed(Reply.of(451, "4.3.0", "Trouble"));
        }
    }

    QueueId send(String text, String... recipients) throws IOException {
        return send(Letters.to(recipients), text);
    }

    QueueId send(QueueEnvelope envelope, String text) throws IOException {
        MailQueue.Accepted accepted = queue.accept(envelope, Letters.HEAD, Letters.content(text), envelope.due(time.now()));
        accepted.release();
        return accepted.id();
    }

    @Override
    public void close() throws IOException {
        queue.close();
        store.close();
        pool.close();
        peer.close();
    }
}
