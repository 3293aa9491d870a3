package io.mailserver.queue;

import java.util.Objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.simulation.PeerTls;
import io.mailserver.simulation.ScriptedPeer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransportSecurityTest {
    private static final String TEXT = "Subject: hi\r\n\r\nhello\r\n";
    private static final String ENFORCE = "version: STSv1\r\nmode: enforce\r\nmx: mx.example.net\r\nmax_age: 86400\r\n";
    private static final PeerTls GOOD = PeerTls.of("mx.example.net");
    private static final PeerTls WRONG_NAME = PeerTls.of("mx.example.org");
    private static final Duration WAIT = Duration.ofSeconds(60);

    @Test
    void tlsIsUsedWhereTheServerCanWhateverItsCertificate() throws IOException {
        try (ScriptedPeer peer = peer(WRONG_NAME);
                QueueWorld world = new QueueWorld(peer)) {
            assertDelivered(world);
            assertThat(peer.commands()).contains("STARTTLS");
        }
    }

    @Test
    void mtaStsWantsATrustedCertificateForTheServersName() throws IOException {
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer, GOOD.trust())) {
            policy(world, ENFORCE);
            assertDelivered(world);
        }
        try (ScriptedPeer peer = peer(WRONG_NAME);
                QueueWorld world = new QueueWorld(peer, WRONG_NAME.trust())) {
            policy(world, ENFORCE);
            assertDeferred(world, "the certificate is for [mx.example.org] and not for [mx.example.net]");
        }
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            policy(world, ENFORCE);
            assertDeferred(world, "the certificate is not trusted");
        }
    }

    @Test
    void mtaStsWantsAServerThatItNames() throws IOException {
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer, GOOD.trust())) {
            policy(world, ENFORCE.replace("mx.example.net", "*.mail.example.net"));
            assertDeferred(world, "the MTA-STS policy of example.net does not name mx.example.net");
            assertThat(peer.connections()).isZero();
        }
    }

    @Test
    void mtaStsEndsNoDeliveryWhileItIsTested() throws IOException {
        try (ScriptedPeer peer = peer(WRONG_NAME);
                QueueWorld world = new QueueWorld(peer)) {
            policy(world, ENFORCE.replace("enforce", "testing"));
            assertDelivered(world);
        }
    }

    @Test
    void aServerWithoutTlsGetsNothingWhereAPolicyDemandsIt() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual();
                QueueWorld world = new QueueWorld(peer)) {
            policy(world, ENFORCE);
            assertDeferred(world, "the server offers no TLS, which is required");
            assertThat(peer.commands()).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    @Test
    void aPolicyIsKeptWhenItsRecordIsGone() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual();
                QueueWorld world = new QueueWorld(peer)) {
            policy(world, ENFORCE);
            assertDeferred(world, "required");
            world.policies.clear();
            world.time.advance(Duration.ofMinutes(31));
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 2);
            assertThat(peer.messages()).isEmpty();
        }
    }

    @Test
    void daneTakesTheKeyThatDnssecNamesAndNoOther() throws IOException {
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            dane(world, peer, "3 1 1 " + GOOD.tlsa311());
            assertDelivered(world);
        }
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer, GOOD.trust())) {
            dane(world, peer, "3 1 1 " + WRONG_NAME.tlsa311());
            assertDeferred(world, "the certificate is not the one that DANE demands");
        }
    }

    @Test
    void recordsWithoutDnssecAreNotDane() throws IOException {
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            world.zone.add("_" + peer.address().getPort() + "._tcp.mx.example.net. TLSA 3 1 1 " + WRONG_NAME.tlsa311());
            assertDelivered(world);
        }
    }

    @Test
    void whoeverKeepsTheRecordsFromUsGainsNothing() throws IOException {
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            world.zone.add("$AUTHENTIC example.net\n$SERVFAIL _tcp.mx.example.net");
            assertDeferred(world, "the TLSA records of mx.example.net cannot be looked up");
            assertThat(peer.connections()).isZero();
        }
    }

    private static ScriptedPeer peer(PeerTls tls) throws IOException {
        return new ScriptedPeer(tls.server(), "PIPELINING", "STARTTLS");
    }

    private static void policy(QueueWorld world, String text) {
        world.zone.add("_mta-sts.example.net. TXT \"v=STSv1; id=20261122T1;\"");
        world.policies.put("example.net", text);
    }

    private static void dane(QueueWorld world, ScriptedPeer peer, String record) {
        world.zone.add("_" + peer.address().getPort() + "._tcp.mx.example.net. TLSA " + record + "\n$AUTHENTIC example.net");
    }

    private static void assertDelivered(QueueWorld world) throws IOException {
        world.send(TEXT, "bob@example.net");
        await().atMost(WAIT).until(() -> world.store.messages() == 0);
        assertThat(world.peer.messages()).hasSize(1);
    }

    private static void assertDeferred(QueueWorld world, String why) throws IOException {
        QueueId id = world.send(TEXT, "bob@example.net");
        await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
        assertThat(Objects.requireNonNull(world.store.states(id).get(0)).lastReply()).contains(why);
        assertThat(world.peer.messages()).isEmpty();
    }
}
