package io.mailserver.queue;

import java.util.Objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.simulation.PeerTls;
import io.mailserver.simulation.ScriptedPeer;
import io.mailserver.smtp.Handling;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
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

    @Test
    void whatIsReportedOfConnections() throws IOException {
        assertReported(peer(GOOD), GOOD, "", "no-policy-found mx.example.net ok");
        assertReported(ScriptedPeer.usual(), GOOD, "", "no-policy-found mx.example.net starttls-not-supported");
        assertReported(peer(GOOD), GOOD, ENFORCE, "sts mx.example.net ok");
        assertReported(peer(WRONG_NAME), WRONG_NAME, ENFORCE, "sts mx.example.net certificate-host-mismatch");
        assertReported(peer(GOOD), WRONG_NAME, ENFORCE, "sts mx.example.net certificate-not-trusted");
        assertReported(peer(WRONG_NAME), WRONG_NAME, ENFORCE.replace("enforce", "testing"),
                "sts mx.example.net certificate-host-mismatch");
        assertReported(ScriptedPeer.usual(), GOOD, ENFORCE.replace("enforce", "testing"), "sts mx.example.net starttls-not-supported");
        assertReported(peer(GOOD), GOOD, ENFORCE.replace("mx: mx.", "mx: other."), "sts mx.example.net validation-failure");
        assertReported(peer(GOOD), GOOD, ENFORCE.replace("mx: mx.", "mx: other.").replace("enforce", "testing"),
                "sts mx.example.net validation-failure");
        assertReported(peer(GOOD), GOOD, ENFORCE.replace("enforce", "strict"), "sts mx.example.net sts-policy-invalid");
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            policy(world, ENFORCE);
            world.policies.clear();
            assertDelivered(world);
            assertThat(world.tlsResults).containsExactly("example.net sts mx.example.net sts-policy-fetch-error");
        }
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            dane(world, peer, "3 1 9 " + GOOD.tlsa311());
            assertDelivered(world);
            assertThat(world.tlsResults).containsExactly("example.net tlsa mx.example.net tlsa-invalid");
        }
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            world.zone.add("$AUTHENTIC example.net\n$SERVFAIL _tcp.mx.example.net");
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.tlsResults.contains("example.net tlsa mx.example.net dnssec-invalid"));
        }
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            dane(world, peer, "3 1 1 " + WRONG_NAME.tlsa311());
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.tlsResults.contains("example.net tlsa mx.example.net validation-failure"));
        }
    }

    private static void assertReported(ScriptedPeer server, PeerTls trusted, String policy, String result) throws IOException {
        try (ScriptedPeer peer = server;
                QueueWorld world = new QueueWorld(peer, trusted.trust())) {
            if (!policy.isEmpty()) {
                policy(world, policy);
            }
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> !world.tlsResults.isEmpty());
            assertThat(world.tlsResults.getFirst()).isEqualTo("example.net " + result);
        }
    }

    @Test
    void requireTlsGoesToAVerifiedServerThatPromisesTheSame() throws IOException {
        try (ScriptedPeer peer = requiring(GOOD);
                QueueWorld world = new QueueWorld(peer, GOOD.trust())) {
            policy(world, ENFORCE.replace("enforce", "testing"));
            world.send(wishing(Handling.Tls.REQUIRED), TEXT);
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(peer.commands()).contains("MAIL FROM:<alice@example.com> REQUIRETLS");
        }
        try (ScriptedPeer peer = requiring(GOOD);
                QueueWorld world = new QueueWorld(peer)) {
            dane(world, peer, "3 1 1 " + GOOD.tlsa311());
            world.send(wishing(Handling.Tls.REQUIRED), TEXT);
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(peer.messages()).hasSize(1);
        }
    }

    @Test
    void requireTlsIsReturnedWhereAnythingIsMissing() throws IOException {
        assertReturned(requiring(GOOD), GOOD, "", "5.7.10", "neither DNSSEC nor MTA-STS says that mx.example.net is a server");
        assertReturned(requiring(WRONG_NAME), WRONG_NAME, ENFORCE, "5.7.10", "the certificate is for [mx.example.org]");
        assertReturned(peer(GOOD), GOOD, ENFORCE, "5.7.30", "the server does not promise it");
        assertReturned(ScriptedPeer.usual(), GOOD, ENFORCE, "5.7.10", "the server offers no TLS, which is required");
        String elsewhere = ENFORCE.replace("mx.example.net", "mx.other.example");
        assertReturned(requiring(GOOD), GOOD, elsewhere, "5.7.10", "does not name mx.example.net");
    }

    @Test
    void noticesOfRequireTlsReturnTheHeaderOnlyAndAreNotLost() throws IOException {
        try (ScriptedPeer peer = peer(GOOD);
                QueueWorld world = new QueueWorld(peer, GOOD.trust())) {
            QueueEnvelope wishing = wishing(Handling.Tls.REQUIRED);
            world.send(new QueueEnvelope("T", "", Optional.empty(), wishing.parameters(), wishing.recipients()), TEXT);
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(peer.messages()).as("the server knows no REQUIRETLS").hasSize(1);
            assertThat(peer.commands()).contains("MAIL FROM:<>");
        }
    }

    @Test
    void aTransientFailureOfRequireTlsIsTriedAgain() throws IOException {
        try (ScriptedPeer peer = requiring(GOOD);
                QueueWorld world = new QueueWorld(peer, GOOD.trust())) {
            policy(world, ENFORCE);
            peer.answer("GREETING", "421 4.3.2 later");
            world.send(wishing(Handling.Tls.REQUIRED), TEXT);
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
        }
    }

    @Test
    void tlsOptionalIgnoresWhatTheDomainDemandsForThatMessageOnly() throws IOException {
        try (ScriptedPeer peer = peer(WRONG_NAME);
                QueueWorld world = new QueueWorld(peer)) {
            policy(world, ENFORCE);
            world.connectionsPerDestination = 1;
            world.send(wishing(Handling.Tls.OPTIONAL), TEXT);
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            assertThat(peer.messages()).as("the other one does not share its connection").hasSize(1);
        }
    }

    private static ScriptedPeer requiring(PeerTls tls) throws IOException {
        return new ScriptedPeer(tls.server(), "PIPELINING", "STARTTLS", "REQUIRETLS");
    }

    private static QueueEnvelope wishing(Handling.Tls tls) {
        QueueEnvelope usual = Letters.to("bob@example.net");
        return new QueueEnvelope(usual.traceId(), usual.account(), usual.reversePath(),
                usual.parameters().with(Handling.USUAL.with(tls)), usual.recipients());
    }

    private static void assertReturned(ScriptedPeer server, PeerTls trusted, String policy, String status, String why) throws IOException {
        try (ScriptedPeer peer = server;
                QueueWorld world = new QueueWorld(peer, trusted.trust())) {
            if (!policy.isEmpty()) {
                policy(world, policy);
            }
            world.send(wishing(Handling.Tls.REQUIRED), TEXT + "secret\r\n");
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            String notice = world.local.getFirst();
            assertThat(notice).contains("Status: " + status).contains("You asked for the message to go over verified encryption");
            assertThat(notice.replace("\r\n", " ")).contains(why).doesNotContain("secret");
            assertThat(peer.commands()).noneMatch(line -> line.startsWith("MAIL"));
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
