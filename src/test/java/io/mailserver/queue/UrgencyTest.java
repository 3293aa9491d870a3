package io.mailserver.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.simulation.ScriptedPeer;
import io.mailserver.smtp.DeliverBy;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Priorities (RFC 6710) and times by which messages are to be delivered (RFC 2852), with a clock moved by hand. */
class UrgencyTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String[] NOT_NOW = Collections.nCopies(200, "450 4.2.1 Not now").toArray(String[]::new);

    @Test
    void ofOneAccountWhatHasPriorityGoesFirstAndOfTheSameWhatCameFirst() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.connectionsPerDestination = 1;
            world.queue.admin().pause("example.net");
            world.send(wanting(Handling.USUAL.with(-3)), text("low"));
            world.send(wanting(Handling.USUAL), text("usual"));
            world.send(wanting(Handling.USUAL.with(5)), text("high"));
            world.send(wanting(Handling.USUAL.with(9)), text("highest"));
            world.queue.admin().resume("example.net");
            await().atMost(WAIT).until(() -> world.peer.messages().size() == 4);
            assertThat(world.peer.messages()).extracting(UrgencyTest::subject).containsExactly("highest", "high", "usual", "low");
        }
    }

    @Test
    void aLineGivesItsSlotsByPriorityAndThenInTheirOrder() {
        ReadyLine line = new ReadyLine();
        assertThat(line.poll()).isNull();
        for (int i = 0; i < 12; i++) {
            line.add(slot(i, List.of(0, 4, -9, 4).get(i % 4)));
        }
        StringBuilder order = new StringBuilder();
        while (!line.isEmpty()) {
            order.append(Objects.requireNonNull(line.poll()).entry.id).append(' ');
        }
        assertThat(order.toString()).isEqualTo("1 3 5 7 9 11 0 4 8 2 6 10 ");
    }

    @Test
    void theNextServerIsToldWhereItWantsToKnow() throws IOException {
        try (QueueWorld world = new QueueWorld(new ScriptedPeer(null, "MT-PRIORITY", "DELIVERBY 60"))) {
            world.peer.answer("RCPT", "450 4.2.1 Not now");
            world.send(wanting(Handling.USUAL.with(-4).with(by(world, 3_600, true))), text("urgent"));
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(mails(world)).containsExactly(
                    "MAIL FROM:<alice@example.com> MT-PRIORITY=-4 BY=3600;R", "MAIL FROM:<alice@example.com> MT-PRIORITY=-4 BY=3240;R");
        }
        try (QueueWorld world = new QueueWorld()) {
            world.send(wanting(Handling.USUAL.with(9).with(by(world, 3_600, false))), text("hi"));
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(mails(world)).singleElement().asString().doesNotContain("PRIORITY", "BY=");
        }
    }

    @Test
    void whatMustNotBeLateGoesBackOnTimeAndNotBefore() throws IOException {
        try (QueueWorld world = new QueueWorld(new ScriptedPeer(null, "DELIVERBY"))) {
            world.peer.answer("RCPT", NOT_NOW);
            QueueId id = world.send(wanting(Handling.USUAL.with(by(world, 3_600, true))), text("meeting"));
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofSeconds(3_599));
            await().atMost(WAIT).until(() -> world.queue.connections() == 0);
            assertThat(state(world, id).status()).isEqualTo(RecipientStatus.PENDING);
            world.time.advance(Duration.ofSeconds(1));
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Action: failed\r\nStatus: 5.4.7")
                    .contains("its sender wanted it delivered by 2026-11-22T06:00:00Z");
            assertThat(state(world, id).status()).isEqualTo(RecipientStatus.FAILED);
            int tries = mails(world).size();
            world.time.advance(Duration.ofHours(12));
            assertThat(mails(world)).as("never again").hasSize(tries);
            world.peer.answer("RCPT", NOT_NOW);
            world.queue.admin().requeue(QueueFilter.ALL.with(RecipientStatus.FAILED));
            await().atMost(WAIT).until(() -> mails(world).size() == tries + 1);
            assertThat(mails(world).getLast()).as("again without a time").doesNotContain("BY=");
        }
    }

    @Test
    void itGoesBackOnTimeAlsoFromADestinationThatIsPaused() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.queue.admin().pause("example.net");
            world.send(wanting(Handling.USUAL.with(by(world, 60, true))), text("meeting"));
            world.time.advance(Duration.ofSeconds(59));
            assertThat(world.local).isEmpty();
            world.time.advance(Duration.ofSeconds(1));
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Status: 5.4.7");
            assertThat(world.peer.connections()).isZero();
        }
    }

    @Test
    void whatIsReleasedTooLateIsNotSent() throws IOException {
        try (QueueWorld world = new QueueWorld(new ScriptedPeer(null, "DELIVERBY"))) {
            world.queue.admin().pause("example.net");
            world.send(wanting(Handling.USUAL.with(by(world, 60, true))), text("meeting"));
            world.queue.admin().hold(QueueFilter.ALL);
            world.queue.admin().resume("example.net");
            world.time.advance(Duration.ofHours(1));
            assertThat(world.local).as("held for the operator").isEmpty();
            world.queue.admin().release(QueueFilter.ALL);
            world.time.advance(Duration.ofSeconds(1));
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Status: 5.4.7");
            assertThat(world.peer.messages()).isEmpty();
        }
    }

    @Test
    void aServerThatPromisesNothingOrNeedsLongerDoesNotGetIt() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.send(wanting(Handling.USUAL.with(by(world, 3_600, true))), text("meeting"));
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Status: 5.3.3", "does not promise to deliver by a time");
            assertThat(mails(world)).isEmpty();
        }
        try (QueueWorld world = new QueueWorld(new ScriptedPeer(null, "DELIVERBY 3601"))) {
            world.send(wanting(Handling.USUAL.with(by(world, 3_600, true))), text("meeting"));
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Status: 5.4.7", "the server needs 3601");
        }
    }

    @Test
    void ofWhatIsLateOtherwiseTheSenderIsToldOnceAndItGoesOn() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.peer.answer("RCPT", "450 4.2.1 Not now", "450 4.2.1 Not now");
            QueueId id = world.send(wanting(Handling.USUAL.with(by(world, 60, false))), text("hi"));
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            RecipientState before = state(world, id);
            world.time.advance(Duration.ofSeconds(60));
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Subject: Delayed", "Action: delayed\r\nStatus: 4.4.7");
            assertThat(state(world, id).attempts()).as("this was none").isEqualTo(1);
            assertThat(state(world, id).due()).isEqualTo(before.due());
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 3 && world.queue.connections() == 0);
            world.time.advance(Duration.ofHours(5));
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).hasSize(1);
            assertThat(world.local).as("once, and no second word after 4 hours").hasSize(1);
        }
    }

    @Test
    void whoWantsNoWordOfDelaysGetsNone() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.peer.answer("RCPT", "450 4.2.1 Not now");
            QueueEnvelope usual = wanting(Handling.USUAL.with(by(world, 60, false)));
            QueueEnvelope envelope = new QueueEnvelope(usual.traceId(), usual.account(), usual.reversePath(), usual.parameters(),
                    List.of(new Recipient(Letters.address("bob@example.net"), Set.of(Notify.FAILURE), Optional.empty())));
            world.send(envelope, text("hi"));
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofSeconds(60));
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.peer.messages().size() == 1);
            assertThat(world.local).isEmpty();
        }
    }

    @Test
    void whoWantsATraceIsToldOfTheHandingOn() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.send(wanting(Handling.USUAL.with(DeliverBy.at(world.time.now().plusSeconds(60), false, true))), text("hi"));
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Action: relayed\r\nStatus: 2.0.0");
        }
    }

    private static DeliverBy by(QueueWorld world, long seconds, boolean returned) {
        return DeliverBy.at(world.time.now().plusSeconds(seconds), returned, false);
    }

    private static QueueEnvelope wanting(Handling handling) {
        QueueEnvelope usual = Letters.to("bob@example.net");
        return new QueueEnvelope(
                usual.traceId(), usual.account(), usual.reversePath(), usual.parameters().with(handling), usual.recipients());
    }

    private static String text(String subject) {
        return "Subject: " + subject + "\r\n\r\nhello\r\n";
    }

    private static String subject(String message) {
        return message.lines().filter(line -> line.startsWith("Subject: ")).map(line -> line.substring(9)).findFirst().orElse("");
    }

    private static List<String> mails(QueueWorld world) {
        Predicate<String> mail = line -> line.startsWith("MAIL ");
        return world.peer.commands().stream().filter(mail).toList();
    }

    private static RecipientState state(QueueWorld world, QueueId id) throws IOException {
        return Objects.requireNonNull(world.store.states(id).get(0));
    }

    private static Slot slot(int id, int priority) {
        Fact.Added added = new Fact.Added(
                id, 1, "alice", -1, 1, List.of("example.net"), Fact.Step.NONE, new Fact.Urgency(priority, 0, false));
        return new Slot(new Entry(added, "alice"), 0, new Destination("example.net"), 1);
    }
}
