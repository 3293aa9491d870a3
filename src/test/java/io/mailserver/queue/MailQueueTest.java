package io.mailserver.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.base.Domain;
import io.mailserver.dsn.RecipientNotice;
import io.mailserver.metrics.Metrics;
import io.mailserver.simulation.ScriptedPeer;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.TlsPolicy;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MailQueueTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final String TEXT = "Subject: hi\r\n\r\nhello\r\n";

    @Test
    void aMessageGoesToTheServerOfItsDomain() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).containsExactly("Received: by mx.example.com\r\n" + TEXT);
            assertThat(world.log.events("queue.delivered")).hasSize(1);
        }
    }

    @Test
    void aDomainWithoutMxIsItsOwnServer() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.send(TEXT, "bob@plain.example");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).hasSize(1);
        }
    }

    @Test
    void recipientsOfOneDomainShareATransaction() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.send(TEXT, "bob@example.net", "carol@example.net", "dave@example.org");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).hasSize(2);
        }
    }

    @Test
    void aTemporaryRefusalIsTriedAgainLater() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.peer.answer("RCPT", "450 4.2.1 Greylisted");
            QueueId id = world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            RecipientState state = Objects.requireNonNull(world.store.states(id).get(0));
            assertThat(state.lastReply()).isEqualTo("450 4.2.1 Greylisted");
            assertThat(Duration.between(world.time.now(), state.due())).isBetween(Duration.ofSeconds(269), Duration.ofSeconds(331));
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).hasSize(1);
        }
    }

    @Test
    void anIdOfTheSendersGoesOnAndComesBackToItAndOursIsForMessagesWithout() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.outcomes = new Outcomes() {
                @Override
                public Optional<String> envelopeId(QueuedMessage message, List<Recipient> recipients) {
                    return Optional.of("ours-" + recipients.size());
                }

                @Override
                public void delivered(QueuedMessage message, Recipient recipient) {}

                @Override
                public void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, RecipientResult result) {}
            };
            world.peer.answer("RCPT", "550 5.1.1 No", "550 5.1.1 No");
            QueueEnvelope usual = Letters.to("bob@example.net");
            world.send(new QueueEnvelope(usual.traceId(), usual.account(), usual.reversePath(),
                    usual.parameters().withEnvid("theirs"), usual.recipients()), TEXT);
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Original-Envelope-Id: theirs\r\n");
            world.send(usual, TEXT);
            await().atMost(WAIT).until(() -> world.local.size() == 2);
            assertThat(world.local.getLast()).as("ours is for other servers").doesNotContain("Original-Envelope-Id", "ours-1");
            assertThat(world.peer.commands().stream().filter(line -> line.startsWith("MAIL ")))
                    .satisfiesExactly(one -> assertThat(one).endsWith(" ENVID=theirs"), two -> assertThat(two).endsWith(" ENVID=ours-1"));
        }
    }

    @Test
    void aPermanentRefusalIsToldToTheSender() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.peer.answer("RCPT", "550 5.1.1 No such user here");
            QueueId id = world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst())
                    .startsWith("alice@example.com\n")
                    .contains("Subject: Not delivered: your message to bob@example.net")
                    .contains("There is no such mailbox")
                    .contains("Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.example.net")
                    .contains("Diagnostic-Code: smtp; 550 5.1.1 No such user here")
                    .contains("Subject: hi");
            await().atMost(WAIT).until(() -> world.store.messages() == 1);
            assertThat(Objects.requireNonNull(world.store.states(id).get(0)).status()).isEqualTo(RecipientStatus.FAILED);
            world.time.advance(Duration.ofDays(15));
            assertThat(world.store.messages()).as("the copy is kept for 14 days").isZero();
        }
    }

    @Test
    void whoAsksForWordOfSuccessIsToldWhatBecameOfIt() throws IOException {
        Map<RecipientNotice.Action, String> subjects = Map.of(
                RecipientNotice.Action.DELIVERED, "Delivered: your message to team@example.com",
                RecipientNotice.Action.EXPANDED, "Passed on: your message to team@example.com");
        for (Map.Entry<RecipientNotice.Action, String> each : subjects.entrySet()) {
            try (QueueWorld world = new QueueWorld()) {
                world.receipt = Optional.of(each.getKey());
                world.send(asking("team@example.com"), TEXT);
                await().atMost(WAIT).until(() -> world.store.messages() == 0);
                assertThat(world.local).hasSize(2);
                assertThat(world.local.getLast()).startsWith("alice@example.com\n").contains("Subject: " + each.getValue(),
                        "Action: " + each.getKey().name().toLowerCase(Locale.ROOT) + "\r\nStatus: 2.0.0\r\n");
            }
        }
        try (QueueWorld world = new QueueWorld()) {
            world.receipt = Optional.empty();
            world.send(asking("team@example.com"), TEXT);
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.local).as("the wish went on with the message").hasSize(1);
        }
    }

    private static QueueEnvelope asking(String recipient) {
        Recipient asked = new Recipient(Letters.address(recipient), Set.of(Notify.SUCCESS), Optional.empty());
        QueueEnvelope usual = Letters.to(recipient);
        return new QueueEnvelope(usual.traceId(), usual.account(), usual.reversePath(), usual.parameters(), List.of(asked));
    }

    @Test
    void noticesAboutNoticesAreNotSent() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.peer.answer("RCPT", "550 5.1.1 No such user here");
            world.send(new QueueEnvelope("T", "", Optional.empty(), MailParameters.NONE,
                    Letters.to("bob@example.net").recipients()), TEXT);
            await().atMost(WAIT).until(() -> world.log.events("queue.failed").size() == 1);
            assertThat(world.local).isEmpty();
        }
    }

    @Test
    void impossibleDomainsFailAtOnce() throws IOException {
        Map<String, String> domains = Map.of(
                "null.example", "takes no mail (null MX)",
                "loop.example", "is this server",
                "nowhere.example", "there is no domain nowhere.example");
        for (Map.Entry<String, String> domain : domains.entrySet()) {
            try (QueueWorld world = new QueueWorld()) {
                world.send(TEXT, "bob@" + domain.getKey());
                await().atMost(WAIT).until(() -> world.local.size() == 1);
                assertThat(world.local.getFirst().replace("\r\n", " ")).contains(domain.getValue());
                assertThat(world.peer.connections()).isZero();
            }
        }
    }

    @Test
    void aDestinationThatIsDownCostsOneAttemptForAllItsMail() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.connectionsPerDestination = 1;
            world.peer.answer("GREETING", "421 4.3.2 Going down");
            for (int i = 0; i < 20; i++) {
                world.send(TEXT, "bob@example.net");
            }
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            assertThat(world.peer.connections()).isEqualTo(1);
            world.time.advance(Duration.ofSeconds(31));
            await().atMost(WAIT).until(() -> world.store.messages() == 1);
            assertThat(world.peer.connections()).as("the others share a connection").isEqualTo(2);
        }
    }

    @Test
    void whoNeverAnswersHasOneConnectionAndTheLivingHaveTheOthers() throws IOException {
        ScriptedPeer silent = ScriptedPeer.usual().answer("GREETING", Collections.nCopies(20, ScriptedPeer.STALL).toArray(String[]::new));
        try (silent; QueueWorld world = new QueueWorld()) {
            world.connections = 5;
            world.routes.put("silent.example", new Route.Host(
                    "127.0.0.1", silent.address().getPort(), false, false, new TlsPolicy.None(), Optional.empty()));
            for (int i = 0; i < 10; i++) {
                world.send(TEXT, "bob@silent.example");
            }
            await().atMost(WAIT).until(() -> silent.stalled() == 1);
            // Held until three are there at a time: whoever answers gets more connections than its first, at once.
            world.peer.answer("DATA", ScriptedPeer.STALL, ScriptedPeer.STALL, ScriptedPeer.STALL);
            for (int i = 0; i < 10; i++) {
                world.send(TEXT, "bob@example.net");
            }
            await().atMost(WAIT).until(() -> world.peer.stalled() == 3);
            assertThat(silent.connections()).isEqualTo(1);
            assertThat(world.queue.connections()).isEqualTo(4);
            assertThat(world.queue.admin().retry(QueueFilter.ALL)).isPositive();
            world.queue.wakeUp("");
            assertThat(world.queue.connections()).as("nor by a flush").isEqualTo(4);
        }
    }

    @Test
    void theSenderIsToldOfADelayAndAtLastOfTheFailure() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.peer.answer("RCPT", Collections.nCopies(100, "450 4.2.1 Not now").toArray(String[]::new));
            world.send(TEXT, "bob@example.net");
            for (int hour = 0; hour < 5 * 24 + 5 && world.local.size() < 2; hour++) {
                await().atMost(WAIT).until(() -> world.queue.connections() == 0);
                world.time.advance(Duration.ofHours(1));
            }
            await().atMost(WAIT).until(() -> world.local.size() == 2);
            assertThat(world.local.getFirst()).contains("Subject: Delayed").contains("Action: delayed\r\nStatus: 4.2.1")
                    .contains("Will-Retry-Until: Fri, 27 Nov 2026 05:00:00 +0000");
            assertThat(world.local.getLast()).contains("Subject: Not delivered").contains("Status: 5.4.7");
        }
    }

    @Test
    void aMessageIsHeldForAsLongAsItsSenderWants() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            Instant release = world.time.now().plus(Duration.ofDays(9));
            QueueId id = world.send(Letters.later(release, "bob@example.net"), TEXT);
            assertThat(world.queue.admin().retry(QueueFilter.ALL)).as("flush leaves it").isZero();
            world.time.advance(Duration.ofDays(8));
            assertThat(world.queue.admin().list(QueueFilter.ALL, 9).items().getFirst().why())
                    .isEqualTo("held until 2026-12-01T05:00:00Z, as its sender wants it; queue release sends it now");
            assertThat(world.peer.connections()).isZero();
            world.peer.answer("RCPT", "450 4.2.1 Not now");
            world.time.advance(Duration.ofDays(1));
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            assertThat(Objects.requireNonNull(world.store.states(id).get(0)).status()).as("its five days begin now")
                    .isEqualTo(RecipientStatus.PENDING);
            assertThat(world.local).as("nor is it late").isEmpty();
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
        }
    }

    @Test
    void aHeldMessageCanBeReleasedEarlier() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.send(Letters.later(world.time.now().plus(Duration.ofDays(9)), "bob@example.net"), TEXT);
            assertThat(world.queue.admin().release(QueueFilter.ALL)).isEqualTo(1);
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).hasSize(1);
        }
    }

    @Test
    void nothingIsSentToAPausedDestinationUntilItIsResumed() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            assertThat(world.queue.admin().pause("example.net")).isTrue();
            world.send(TEXT, "bob@example.net", "dave@example.org");
            await().atMost(WAIT).until(() -> world.peer.messages().size() == 1 && world.queue.connections() == 0);
            assertThat(world.queue.admin().retry(QueueFilter.ALL)).isEqualTo(1);
            world.time.advance(Duration.ofHours(3));
            assertThat(world.peer.messages()).as("neither by flush nor by time").hasSize(1);
            assertThat(Files.readAllLines(world.disk.root().resolve("queue/paused"))).containsExactly("example.net");
            assertThat(world.queue.admin().resume("example.net")).isTrue();
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).hasSize(2);
        }
    }

    @Test
    void aPauseOfAllHoldsWhatIsDueMeanwhile() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.peer.answer("RCPT", "450 4.2.1 Not now");
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.queue.admin().pause("*");
            world.time.advance(Duration.ofHours(1));
            assertThat(world.peer.connections()).isEqualTo(1);
            world.queue.admin().resume("*");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
        }
    }

    @Test
    void aDestinationGetsNoMoreMessagesAMinuteThanItsRuleSays() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.rules.put("example.net", rule(OptionalInt.empty(), OptionalInt.of(3), List.of()));
            for (int i = 0; i < 7; i++) {
                world.send(TEXT, "bob@example.net");
            }
            world.send(TEXT, "dave@example.org");
            for (int minute = 0; minute < 3; minute++) {
                int soFar = Math.min(7, 3 * (minute + 1)) + 1;
                await().atMost(WAIT).until(() -> world.peer.messages().size() == soFar && world.queue.connections() == 0);
                if (minute < 2) {
                    assertThat(world.queue.admin().list(QueueFilter.ALL, 1).items().getFirst().why())
                            .contains("example.net is tried again at ", "it gets 3 messages a minute (queue.destinations)");
                }
                world.time.advance(Duration.ofMinutes(1));
            }
            assertThat(world.store.messages()).isZero();
        }
    }

    @Test
    void aDestinationHasConnectionsAndIntervalsOfItsOwn() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.rules.put("example.net", rule(OptionalInt.of(1), OptionalInt.empty(), List.of(Duration.ofHours(2))));
            world.peer.answer("RCPT", "450 4.2.1 Not now");
            QueueId id = world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            RecipientState state = Objects.requireNonNull(world.store.states(id).get(0));
            assertThat(Duration.between(world.time.now(), state.due())).isBetween(Duration.ofMinutes(107), Duration.ofMinutes(133));
            for (int i = 0; i < 10; i++) {
                world.send(TEXT, "bob@example.net");
            }
            await().atMost(WAIT).until(() -> world.store.messages() == 1 && world.queue.connections() == 0);
            assertThat(world.peer.mostAtOnce()).isEqualTo(1);
        }
    }

    private static DestinationRule rule(OptionalInt connections, OptionalInt messagesPerMinute, List<Duration> retry) {
        return new DestinationRule(connections, messagesPerMinute, retry, DestinationRule.Priority.NORMAL);
    }

    @Test
    void whereConnectionsAreScarceDestinationsOfHigherPriorityGetTheirsFirst() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.connections = 1;
            world.rules.put("low.example", rule(DestinationRule.Priority.LOW));
            world.rules.put("high.example", rule(DestinationRule.Priority.HIGH));
            for (String domain : List.of("low.example", "first.example", "second.example", "high.example")) {
                world.zone.add(domain + ". A 127.0.0.1");
            }
            world.peer.answer("MAIL", ScriptedPeer.STALL);
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.peer.stalled() == 1);
            for (String domain : List.of("low.example", "first.example", "second.example", "high.example")) {
                world.send(TEXT, "bob@" + domain);
            }
            assertThat(world.peer.connections()).as("there is no second connection").isEqualTo(1);
            world.peer.dropAll();
            await().atMost(WAIT).until(() -> world.peer.messages().size() == 4);
            assertThat(world.peer.commands().stream().filter(command -> command.startsWith("RCPT") && !command.contains("example.net")))
                    .extracting(command -> command.replaceFirst("RCPT TO:<bob@([^>]*)>.*", "$1"))
                    .as("else as they came").containsExactly("high.example", "first.example", "second.example", "low.example");
        }
    }

    private static DestinationRule rule(DestinationRule.Priority priority) {
        return new DestinationRule(OptionalInt.empty(), OptionalInt.empty(), List.of(), priority);
    }

    @Test
    void sendersDomainsHaveSourceAddressesOfTheirOwn() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            // All of 127/8 is this machine.
            world.source = Optional.of(InetAddress.ofLiteral("127.0.0.4"));
            world.sources.put(new Domain("example.com"), InetAddress.ofLiteral("127.0.0.5"));
            world.sources.put(new Domain("sister.example"), InetAddress.ofLiteral("127.0.0.6"));
            world.connectionsPerDestination = 1; // so that one worker has them all, and must not go on over the connection it has
            world.queue.admin().pause("example.net");
            for (int round = 0; round < 2; round++) {
                for (String sender : List.of("alice@example.com", "ann@sister.example", "carol@other.example")) {
                    world.send(Letters.from(sender, "bob@example.net"), TEXT);
                }
            }
            world.send(new QueueEnvelope("T", "", Optional.empty(), MailParameters.NONE, Letters.to("bob@example.net").recipients()), TEXT);
            world.queue.admin().resume("example.net");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.clients()).containsExactlyInAnyOrder(
                    "127.0.0.5 example.com", "127.0.0.5 example.com", "127.0.0.6 sister.example", "127.0.0.6 sister.example",
                    "127.0.0.4 other.example", "127.0.0.4 other.example", "127.0.0.4 ");
        }
    }

    @Test
    void mailLeavesByIpv6OnlyFromAnAddressThatItsNameLeadsBackTo() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.ipv6Use = Ipv6Source.Use.CONFIRMED;
            world.zone.add("six.example. AAAA ::1");
            world.send(TEXT, "bob@six.example");
            await().atMost(WAIT).until(() -> world.log.events("queue.failed").size() + world.log.events("queue.deferred").size() == 1);
            assertThat(world.peer.connections()).as("no PTR").isZero();
            assertThat(world.queue.admin().findings()).containsExactly("IPv6 is not used from 0:0:0:0:0:0:0:1: it has no PTR record");
        }
        try (QueueWorld world = new QueueWorld()) {
            world.ipv6Use = Ipv6Source.Use.CONFIRMED;
            String reverse = "1." + "0.".repeat(31) + "ip6.arpa.";
            world.zone.add(reverse + " PTR mx.example.com.\nmx.example.com. AAAA ::2");
            InetAddress loopback = InetAddress.ofLiteral("::1");
            assertThat(world.ipv6.mayReach((Inet6Address) loopback, Optional.empty())).isFalse();
            assertThat(world.queue.admin().findings().getFirst()).endsWith("mx.example.com, its PTR record, does not lead back to it");
            world.zone.add("mx.example.com. AAAA ::1");
            assertThat(world.ipv6.mayReach((Inet6Address) loopback, Optional.empty())).as("looked at once an hour").isFalse();
            world.time.advance(Duration.ofMinutes(61));
            assertThat(world.ipv6.mayReach((Inet6Address) loopback, Optional.empty())).isTrue();
        }
    }

    @Test
    void theFiguresOfTheQueueAreMeasured() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            Metrics metrics = new Metrics();
            world.queue.measure(metrics);
            world.peer.answer("RCPT", "450 4.2.1 Not now", "550 5.1.1 Never");
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofMinutes(2));
            assertThat(metrics.text()).contains("queue_messages 1.0", "queue_oldest_seconds 120.0", "queue_deferred_total 1.0",
                    "queue_destinations_resting 0.0", "queue_destinations_paused 0.0");
            world.time.advance(Duration.ofMinutes(4));
            await().atMost(WAIT).until(() -> world.log.events("queue.failed").size() == 1 && world.queue.connections() == 0);
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.log.events("queue.delivered").size() >= 2);
            assertThat(metrics.text()).contains("queue_failed_total 1.0").containsPattern("queue_delivery\\w*_count [12]");
        }
    }

    @Test
    void whatIsWithdrawnIsNeverSent() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            MailQueue.Accepted accepted =
                    world.queue.accept(Letters.to("bob@example.net"), Letters.HEAD, Letters.content(TEXT), world.time.now());
            assertThat(world.store.messages()).isEqualTo(1);
            accepted.withdraw();
            assertThat(world.store.messages()).isZero();
            assertThat(world.peer.connections()).isZero();
        }
    }

    @Test
    void aSmartHostTakesAllDomainsOverOneConnection() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            Route smartHost = new Route.Host(
                    "127.0.0.1", world.peer.address().getPort(), false, false, new TlsPolicy.None(),
                    Optional.empty());
            world.connectionsPerDestination = 1;
            world.routes.putAll(Map.of("a.example", smartHost, "b.example", smartHost, "c.example", smartHost));
            for (String domain : List.of("a.example", "b.example", "c.example")) {
                world.send(TEXT, "bob@" + domain);
            }
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).hasSize(3);
        }
    }

    @Test
    void aMailingDelaysNobodyElse() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.connectionsPerDestination = 1;
            world.peer.answer("GREETING", "421 4.3.2 Wait");
            for (int i = 0; i < 60; i++) {
                world.send(Letters.from("bulk@example.com", "bob@example.net"), "Subject: bulk\r\n\r\n");
            }
            world.send(Letters.from("carol@example.com", "bob@example.net"), "Subject: single\r\n\r\n");
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofSeconds(31));
            await().atMost(WAIT).until(() -> world.store.messages() == 1);
            List<String> messages = world.peer.messages();
            assertThat(messages.subList(0, 3)).anyMatch(message -> message.contains("Subject: single"));
        }
    }

    @Test
    void whenNobodyCanBeReachedTheProviderIsSuspected() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.zone.add("a.example. A 127.0.0.1\nb.example. A 127.0.0.1\nc.example. A 127.0.0.1");
            world.peer.close();
            for (String domain : List.of("a.example", "b.example", "c.example")) {
                assertThat(world.queue.admin().advice()).isEmpty();
                world.send(TEXT, "bob@" + domain);
                int soFar = world.store.messages();
                await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == soFar && world.queue.connections() == 0);
            }
            assertThat(world.queue.admin().advice()).hasValueSatisfying(text -> assertThat(text).contains("port 25"));
            assertThat(world.log.events("queue.port-25-blocked")).hasSize(1);
        }
    }

    @Test
    void mailOfAnAccountThatIsSwitchedOffIsHeld() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.suspended.add("alice@example.com");
            QueueId id = world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> Objects.requireNonNull(world.store.states(id).get(0)).status() == RecipientStatus.HELD);
            assertThat(world.queue.admin().list(QueueFilter.ALL, 1).items().getFirst().why())
                    .isEqualTo("held: the account alice@example.com is switched off, or held for junk");
            world.suspended.clear();
            assertThat(world.queue.admin().release(QueueFilter.ALL)).isEqualTo(1);
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
        }
    }

    @Test
    void aLostConnectionIsNoLostMessage() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.peer.answer(".", ScriptedPeer.DROP);
            world.send(TEXT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages()).hasSize(1);
        }
    }

    @Test
    void whatWasGivenUpBeginsAnewWhenTheOperatorWantsIt() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.schedule = new RetrySchedule(
                    List.of(Duration.ofMinutes(5)), Duration.ofDays(5), Duration.ofDays(1), 2, Duration.ofHours(4), Duration.ofDays(14));
            world.peer.answer("RCPT", Collections.nCopies(3, "450 4.2.1 Not now").toArray(String[]::new));
            QueueId id = world.send(Letters.later(world.time.now().plus(Duration.ofHours(9)), "bob@example.net"), TEXT);
            world.time.advance(Duration.ofHours(9));
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.log.events("queue.failed").size() == 1 && world.queue.connections() == 0);
            world.time.advance(Duration.ofDays(6));
            assertThat(world.queue.admin().requeue(QueueFilter.ALL)).isEqualTo(1);
            assertThat(world.store.states(id)).as("one of them is left").isEmpty();
            await().atMost(WAIT).until(() -> world.log.events("queue.deferred").size() == 2 && world.queue.connections() == 0);
            QueueAdmin.Item again = world.queue.admin().list(QueueFilter.ALL, 9).items().getFirst();
            assertThat(again.state().attempts()).isEqualTo(1);
            assertThat(again.message().begun()).as("has five days again").isEqualTo(again.message().created());
            world.time.advance(Duration.ofMinutes(6));
            await().atMost(WAIT).until(() -> world.peer.messages().size() == 1);
            assertThat(world.peer.messages()).containsExactly("Received: by mx.example.com\r\n" + TEXT);
        }
    }
}
