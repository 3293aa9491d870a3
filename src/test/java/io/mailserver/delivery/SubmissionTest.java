package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.Resolution;
import io.mailserver.account.SendingLimits;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.FutureRelease;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What our own users send: who may, what is completed, and where it goes. */
class SubmissionTest {
    private static final String TEXT = "From: Alice <alice@example.com>\r\nTo: bob@example.net\r\nSubject: hi\r\n\r\nhello\r\n";
    private static final Address BOB = Address.of("bob", new Domain("example.net"));

    private SimulatedDisk disk;
    private IntakeWorld world;

    @BeforeEach
    void open() throws IOException {
        disk = new SimulatedDisk(1);
        world = new IntakeWorld(disk.root(), 0);
        world.directory.put(BOB, new Resolution.NotLocal());
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void onlyWhoHasLoggedInSendsToOthers() {
        for (Client.Service service : Client.Service.values()) {
            for (Optional<String> account : List.of(Optional.<String>empty(), Optional.of("alice@example.com"))) {
                Envelope envelope = envelope(service, account);
                boolean allowed = service == Client.Service.SUBMISSION && account.isPresent();
                assertThat(world.intake.refuseRecipient(envelope, BOB).isEmpty()).as("%s %s", service, account).isEqualTo(allowed);
            }
        }
    }

    @Test
    void aStrangersMessageForOthersIsRefusedAtItsEndToo() throws IOException {
        Reply reply = world.deliver(envelope(Client.Service.INBOUND, Optional.empty()).with(Recipient.of(BOB)), TEXT);
        assertThat(reply.isPositive()).isFalse();
        assertThat(world.outbound.accepted).isEmpty();
    }

    @Test
    void mailForOthersGoesToTheQueueAndMailForOursToTheirMailboxes() throws IOException {
        Reply reply = world.deliver(ofAlice(Recipient.of(BOB), Recipient.of(IntakeWorld.address("carol"))), TEXT);
        assertThat(reply.code()).isEqualTo(250);
        assertThat(world.outbound.accepted.getFirst().recipients()).extracting(Recipient::address).containsExactly(BOB);
        assertThat(world.outbound.released).hasSize(1);
        assertThat(world.inbox("carol")).hasSize(1);
    }

    @Test
    void whatIsForLaterWaitsInTheQueueForOursToo() throws IOException {
        FutureRelease later = new FutureRelease.Until(Instant.parse("2027-01-01T00:00:00Z"));
        Envelope envelope = ofAlice(Recipient.of(IntakeWorld.address("carol")));
        Reply reply = world.deliver(
                envelope.with(envelope.parameters().with(Handling.USUAL.with(Optional.of(later)))), TEXT);
        assertThat(reply.code()).isEqualTo(250);
        assertThat(world.inbox("carol")).isEmpty();
        assertThat(world.outbound.accepted.getFirst().parameters().handling().release()).contains(later);
    }

    @Test
    void theFieldTlsRequiredTagsTheMessage() throws IOException {
        record Case(String field, Handling.Tls asked, Handling.Tls tag) {}
        for (Case each : List.of(
                new Case("TLS-Required: No\r\n", Handling.Tls.USUAL, Handling.Tls.OPTIONAL),
                new Case("TLS-Required: no\r\n", Handling.Tls.REQUIRED, Handling.Tls.REQUIRED),
                new Case("TLS-Required: Yes\r\n", Handling.Tls.USUAL, Handling.Tls.USUAL),
                new Case("TLS-Required: No\r\nTLS-Required: No\r\n", Handling.Tls.USUAL, Handling.Tls.USUAL),
                new Case("", Handling.Tls.REQUIRED, Handling.Tls.REQUIRED))) {
            world.outbound.accepted.clear();
            Envelope envelope = ofAlice(Recipient.of(BOB));
            world.deliver(envelope.with(envelope.parameters().with(Handling.USUAL.with(each.asked()))), each.field() + TEXT);
            assertThat(world.outbound.accepted.getFirst().parameters().handling().tls()).as("%s", each).isEqualTo(each.tag());
        }
    }

    @Test
    void whatFailsInAMailboxIsTakenBackFromTheQueue() throws IOException {
        disk.fullFrom(disk.operations() + 1);
        Reply reply = world.deliver(ofAlice(Recipient.of(BOB), Recipient.of(IntakeWorld.address("carol"))), TEXT);
        assertThat(reply.code()).isEqualTo(452);
        assertThat(world.outbound.withdrawn).hasSize(1);
        assertThat(world.outbound.released).isEmpty();
    }

    @Test
    void whatTheQueueCannotTakeIsInNoMailbox() throws IOException {
        world.outbound.full = true;
        Reply reply = world.deliver(ofAlice(Recipient.of(BOB), Recipient.of(IntakeWorld.address("carol"))), TEXT);
        assertThat(reply.code()).isEqualTo(452);
        assertThat(world.inbox("carol")).isEmpty();
    }

    @Test
    void missingFieldsAreAddedAndBlindCopiesGo() throws IOException {
        String text = "Bcc: carol@example.com,\r\n dave@example.org\r\nSubject: hi\r\n\r\nBcc: stays\r\n";
        assertThat(world.deliver(ofAlice(Recipient.of(BOB), Recipient.of(IntakeWorld.address("carol"))), text).code()).isEqualTo(250);
        for (String message : List.of(world.outbound.messages.getFirst(), Files.readString(world.inbox("carol").getFirst()))) {
            assertThat(message)
                    .contains("From: <alice@example.com>\r\n")
                    .contains("Date: Sun, 22 Nov 2026 05:00:00 +0000\r\n")
                    .containsPattern("Message-ID: <s1-1\\.\\d+@mx\\.example\\.com>\r\n")
                    .contains("\r\n\r\nBcc: stays\r\n")
                    .doesNotContain("dave@example.org");
        }
    }

    @Test
    void nobodySendsInAnothersName() throws IOException {
        for (String from : List.of("bob@example.com", "someone@example.net", "alice@example.com, bob@example.com")) {
            Reply reply = world.deliver(ofAlice(Recipient.of(BOB)), TEXT.replace("alice@example.com", from));
            assertThat(reply.code() + " " + reply.status()).as(from).isEqualTo("550 5.7.1");
        }
        assertThat(world.deliver(ofAlice(Recipient.of(BOB)), "From: bob@example.com\r\n" + TEXT).code()).isEqualTo(554);
        assertThat(world.outbound.accepted).isEmpty();
    }

    @Test
    void whoWasGivenTheRightSendsInAnothersNameAndIsNamedInSender() throws IOException {
        String ofBob = TEXT.replace("alice@example.com", "bob@example.com");
        Envelope fromBob = new Envelope("s1-1", IntakeWorld.client(Client.Service.SUBMISSION, Optional.of("alice@example.com")),
                Optional.of(IntakeWorld.address("bob")), MailParameters.NONE, List.of(Recipient.of(BOB)));
        assertThat(world.intake.refuseSender(fromBob).orElseThrow().code()).isEqualTo(553);
        world.rights.add("alice@example.com as bob@example.com");
        assertThat(world.intake.refuseSender(fromBob)).isEmpty();
        assertThat(world.deliver(fromBob, ofBob).code()).isEqualTo(250);
        assertThat(world.outbound.messages.getLast()).contains("Sender: <alice@example.com>\r\n").contains("From: Alice <bob@example.com>");
        assertThat(world.outbound.accepted.getLast().account()).as("whose limits count").isEqualTo("alice@example.com");
        assertThat(world.deliver(ofAlice(Recipient.of(BOB)), "Sender: Alice <alice@example.com>\r\n" + ofBob).code()).isEqualTo(250);
        assertThat(world.outbound.messages.getLast()).as("she says so herself").containsOnlyOnce("Sender:")
                .contains("Sender: Alice <alice@example.com>\r\n");
        world.rights.clear();
        assertThat(world.deliver(ofAlice(Recipient.of(BOB)), ofBob).code()).isEqualTo(550);
    }

    @Test
    void senderNamesNobodyElse() throws IOException {
        world.directory.put(IntakeWorld.address("info"), world.directory.getOrDefault(IntakeWorld.address("alice"), null));
        String forged = "Sender: boss@example.net\r\n" + TEXT;
        world.deliver(ofAlice(Recipient.of(BOB)), forged);
        assertThat(world.outbound.messages.getLast()).contains("Sender: <alice@example.com>\r\n").doesNotContain("boss@");
        world.deliver(ofAlice(Recipient.of(BOB)), "Sender: alice@example.com\r\n" + forged);
        assertThat(world.outbound.messages.getLast()).containsOnlyOnce("Sender:").doesNotContain("boss@");
        world.deliver(ofAlice(Recipient.of(BOB)), TEXT.replace("alice@example.com>", "alice@example.com>, info@example.com"));
        assertThat(world.outbound.messages.getLast()).as("RFC 5322 §3.6.2").contains("Sender: <alice@example.com>\r\n");
        world.deliver(ofAlice(Recipient.of(BOB)), TEXT);
        assertThat(world.outbound.messages.getLast()).doesNotContain("Sender:");
    }

    @Test
    void whoHasSentTooMuchIsToldWhenToGoOn() throws IOException {
        world.outbound.exhausted = Optional.of(
                new SendingLimits.Refusal(3, "messages", Optional.of(Instant.parse("2026-11-23T05:00:00Z"))));
        Reply reply = world.deliver(ofAlice(Recipient.of(BOB)), TEXT);
        assertThat(reply.code() + " " + reply.status() + " " + reply.lines().getFirst())
                .startsWith("452 4.7.1 You reached your limit of 3 messages").endsWith("go on after 2026-11-23T05:00:00Z");
        world.outbound.exhausted = Optional.of(new SendingLimits.Refusal(3, "recipients", Optional.empty()));
        assertThat(world.deliver(ofAlice(Recipient.of(BOB)), TEXT).code()).as("waiting does not help").isEqualTo(550);
        Envelope toCarol = ofAlice(Recipient.of(IntakeWorld.address("carol")));
        assertThat(world.deliver(toCarol, TEXT).code()).as("mail within the house").isEqualTo(250);
    }

    @Test
    void whatIsNotAcceptedDoesNotCount() throws IOException {
        world.deliver(ofAlice(Recipient.of(BOB)), TEXT);
        assertThat(world.outbound.counted).isEqualTo(1);
        world.outbound.full = true;
        assertThat(world.deliver(ofAlice(Recipient.of(BOB)), TEXT).code()).isEqualTo(452);
        assertThat(world.outbound.counted).isEqualTo(1);
        world.outbound.full = false;
        world.checks = new Intake.Checks() {
            @Override
            public Optional<Judgement> judge(Envelope envelope, HeaderBlock.Split message, Content content) {
                return Optional.empty();
            }

            @Override
            public Optional<Decision.Refuse> refuseSubmitted(Envelope envelope, Content content) {
                return Optional.of(new Decision.Refuse(Reply.of(550, "5.7.1", "harmful"), "infected"));
            }
        };
        assertThat(world.deliver(ofAlice(Recipient.of(BOB)), TEXT).code()).isEqualTo(550);
        assertThat(world.outbound.counted).isEqualTo(1);
    }

    @Test
    void theClientsAddressIsNotTold() throws IOException {
        world.deliver(ofAlice(Recipient.of(BOB)), TEXT);
        assertThat(world.outbound.messages.getFirst())
                .startsWith("Received: ").doesNotContain("192.0.2.1").doesNotContain("client.example");
    }

    @Test
    void whoWantsAReceiptGetsItFromTheQueue() throws IOException {
        Recipient carol = new Recipient(IntakeWorld.address("carol"), Set.of(Recipient.Notify.SUCCESS), Optional.empty());
        world.deliver(ofAlice(carol), TEXT);
        assertThat(world.outbound.accepted.getFirst().recipients()).containsExactly(carol);
        assertThat(world.inbox("carol")).isEmpty();
    }

    private static Envelope ofAlice(Recipient... recipients) {
        Envelope envelope = envelope(Client.Service.SUBMISSION, Optional.of("alice@example.com"));
        for (Recipient recipient : recipients) {
            envelope = envelope.with(recipient);
        }
        return envelope;
    }

    private static Envelope envelope(Client.Service service, Optional<String> account) {
        return new Envelope(
                "s1-1", IntakeWorld.client(service, account), Optional.of(IntakeWorld.address("alice")), MailParameters.NONE, List.of());
    }
}
