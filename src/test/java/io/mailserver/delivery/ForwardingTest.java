package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Forward;
import io.mailserver.account.Quota;
import io.mailserver.account.Resolution;
import io.mailserver.arc.ArcResult;
import io.mailserver.arc.ArcStatus;
import io.mailserver.arc.ArcVerifier;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.SignedMail;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dns.DnsName;
import io.mailserver.metrics.Metrics;
import io.mailserver.queue.LocalDelivery;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueueId;
import io.mailserver.queue.QueuedMessage;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import io.mailserver.smtp.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Aliases that lead to other servers: under whose name, sealed, never in circles, and with local mailboxes all or nothing. */
class ForwardingTest {
    private static final Address TEAM = IntakeWorld.address("team");
    private static final Address FRIEND = Address.of("Friend", new Domain("far.example"));
    private static final Address STRANGER = Address.of("stranger", new Domain("good.example"));
    private static final AccountRef ALICE = IntakeWorld.account(1, "alice", Quota.NONE);
    private static final Resolution ELSEWHERE = new Resolution.Local(List.of(), List.of(new Forward(TEAM, FRIEND)));
    private static final Resolution BOTH = new Resolution.Local(List.of(ALICE), List.of(new Forward(TEAM, FRIEND)));
    private static final String TEXT = "From: stranger@good.example\r\nTo: team@example.com\r\nSubject: hi\r\n\r\nhello\r\n";
    private static final String ZONE = """
            good.example                 TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.good.example          TXT "v=DMARC1; p=reject"
            strict.example               TXT "v=spf1 -all"
            _dmarc.strict.example        TXT "v=DMARC1; p=reject"
            client.example               A   192.0.2.1
            1.2.0.192.in-addr.arpa       PTR client.example
            """ + SignedMail.published("s", SignedMail.RSA, "");

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final ZoneText zone = new ZoneText(ZONE);
    private IntakeWorld world;

    @BeforeEach
    void open() throws IOException {
        world = new IntakeWorld(disk.root(), 0);
        world.keys.add(new SigningKey(IntakeWorld.EXAMPLE, DnsName.of("s"), SignedMail.RSA.getPrivate()));
        world.directory.put(TEAM, ELSEWHERE);
        check(Map.of());
    }

    private void check(Map<String, String> changes) {
        ChecksConfig checks = ChecksConfig.of(changes);
        Judge judge = new Judge(new Examiner(zone, world.pool, world.time),
                () -> new Judge.Settings("mx.example.com", checks, SpamConfig.defaults()), world.time);
        world.checks = new InboundChecks(judge, InboundChecks.ContentCheck.NONE, () -> checks, new CheckStatistics(new Metrics()),
                judgement -> { }, world.time, world.log);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static Envelope from(Optional<Address> sender, Address... recipients) {
        Envelope envelope = new Envelope(
                "s1-1", IntakeWorld.client(Client.Service.INBOUND, Optional.empty()), sender, MailParameters.NONE, List.of());
        for (Address recipient : recipients) {
            envelope = envelope.with(Recipient.of(recipient));
        }
        return envelope;
    }

    private static Envelope fromStranger(Address... recipients) {
        return from(Optional.of(STRANGER), recipients);
    }

    @Test
    void itGoesUnderAReturnAddressOfOursAndNoticesGoBack() throws IOException {
        assertThat(world.intake.refuseRecipient(fromStranger(), TEAM)).isEmpty();
        assertThat(world.deliver(fromStranger(TEAM), TEXT).code()).isEqualTo(250);
        QueueEnvelope sent = world.outbound.accepted.getFirst();
        assertThat(sent.account()).isEqualTo("team@example.com");
        assertThat(sent.recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.address()).isEqualTo(FRIEND);
            assertThat(recipient.originalRecipient()).contains("rfc822;team@example.com");
        });
        Address back = sent.reversePath().orElseThrow();
        assertThat(back.toString()).startsWith("SRS0=").endsWith("=good.example=stranger@example.com");
        assertThat(world.outbound.released).hasSize(1);
        assertThat(world.outbound.signed).as("not for a stranger").isEmpty();

        Envelope notice = from(Optional.empty(), back);
        assertThat(world.intake.refuseRecipient(notice, back)).isEmpty();
        String text = "From: postmaster@far.example\r\nSubject: undeliverable\r\n\r\nSorry\r\n";
        assertThat(world.deliver(notice, text).code()).isEqualTo(250);
        QueueEnvelope returned = world.outbound.accepted.getLast();
        assertThat(returned.reversePath()).isEmpty();
        assertThat(returned.recipients()).containsExactly(new Recipient(STRANGER, Set.of(Notify.NEVER), Optional.empty()));
    }

    @Test
    void returnAddressesAreNoRelay() throws IOException {
        world.deliver(fromStranger(TEAM), TEXT);
        Address back = world.outbound.accepted.getFirst().reversePath().orElseThrow();
        Reply reply = world.intake.refuseRecipient(fromStranger(), back).orElseThrow();
        assertThat(reply.code() + " " + reply.status()).isEqualTo("550 5.7.1");
        Address forged = IntakeWorld.address("SRS0=aaaaaaaa=aa=victim.example=user");
        assertThat(world.intake.refuseRecipient(from(Optional.empty()), forged).orElseThrow().code()).isEqualTo(550);
        world.time.advance(Duration.ofDays(22));
        assertThat(world.intake.refuseRecipient(from(Optional.empty()), back).orElseThrow().code()).isEqualTo(550);
    }

    @Test
    void theNullReversePathStaysNull() throws IOException {
        assertThat(world.deliver(from(Optional.empty(), TEAM), TEXT.replace("good.example", "other.example")).code()).isEqualTo(250);
        assertThat(world.outbound.accepted.getFirst().reversePath()).isEmpty();
    }

    @Test
    void itIsSealedWithWhatWeFound() throws IOException {
        world.deliver(fromStranger(TEAM), TEXT);
        String message = world.outbound.messages.getFirst();
        assertThat(message).startsWith("ARC-Seal: ").contains("Delivered-To: team@example.com\r\n", "spf=pass", "dmarc=pass");
        ArcResult result = new ArcVerifier(zone, world.time, DkimLimits.DEFAULTS).verify(SignedMail.stream(message));
        assertThat(result.status()).as(result.reason()).isEqualTo(ArcStatus.PASS);
    }

    @Test
    void mailboxesAndOtherServersGetItTogetherOrNotAtAll() throws IOException {
        world.directory.put(TEAM, BOTH);
        assertThat(world.deliver(fromStranger(TEAM), TEXT).code()).isEqualTo(250);
        assertThat(world.inbox("alice")).hasSize(1);
        assertThat(world.outbound.released).hasSize(1);
        world.outbound.full = true;
        assertThat(world.deliver(fromStranger(TEAM), TEXT).code()).isEqualTo(452);
        assertThat(world.inbox("alice")).hasSize(1);
        world.outbound.full = false;
        disk.fullFrom(disk.operations() + 1);
        assertThat(world.deliver(fromStranger(TEAM), TEXT).code()).isEqualTo(452);
        assertThat(world.outbound.withdrawn).hasSize(1);
        assertThat(world.outbound.released).hasSize(1);
    }

    @Test
    void whatItsAuthorWantsRefusedIsNotPassedOn() throws IOException {
        String forged = TEXT.replace("good.example", "strict.example");
        String ofAList = "List-Id: <l.strict.example>\r\n" + forged;
        Reply reply = world.deliver(fromStranger(TEAM), ofAList);
        assertThat(reply.code() + " " + reply.lines()).startsWith("550 ").contains("not passed on");
        assertThat(world.outbound.accepted).isEmpty();
        // For somebody else it is taken into Junk; the alias's copy then goes to the postmaster and not into the void.
        world.directory.put(IntakeWorld.address("postmaster"), new Resolution.Local(List.of(IntakeWorld.account(2, "bob", Quota.NONE))));
        assertThat(world.deliver(fromStranger(TEAM, IntakeWorld.address("alice")), ofAList).code()).isEqualTo(250);
        assertThat(world.outbound.accepted).isEmpty();
        assertThat(Files.exists(disk.root().resolve("accounts/example.com/bob"))).isTrue();
    }

    /** The copy for the alias would be in no mailbox and no queue, and its sender would have a 250 for it. */
    @Test
    void whatIsNotPassedOnAndHasNoPostmasterIsRefusedForAll() throws IOException {
        String ofAList = "List-Id: <l.strict.example>\r\n" + TEXT.replace("good.example", "strict.example");
        Address alice = IntakeWorld.address("alice");
        Resolution far = new Resolution.Local(List.of(), List.of(new Forward(TEAM, FRIEND)));
        for (Resolution postmaster : List.of(new Resolution.UnknownUser(), far)) {
            world.directory.put(IntakeWorld.address("postmaster"), postmaster);
            for (Envelope envelope : List.of(fromStranger(TEAM, alice), fromStranger(alice, TEAM))) {
                Reply reply = world.deliver(envelope, ofAList);
                assertThat(reply.code() + " " + reply.status()).isEqualTo("550 5.7.1");
            }
        }
        assertThat(world.inbox("alice")).isEmpty();
        assertThat(Files.exists(disk.root().resolve("accounts/example.com/alice"))).as("nor in Junk").isFalse();
        assertThat(world.outbound.accepted).isEmpty();
        world.directory.put(TEAM, BOTH);
        assertThat(world.deliver(fromStranger(TEAM), ofAList).code()).as("alice has the alias's copy").isEqualTo(250);
    }

    @Test
    void aStrangersUseOfOurNameIsNotLentOurAddress() throws IOException {
        for (String author : List.of("boss@example.com", "boss@sub.example.com")) {
            Reply reply = world.deliver(fromStranger(TEAM), TEXT.replace("stranger@good.example", author));
            assertThat(reply.code()).as(author).isEqualTo(550);
        }
        assertThat(world.outbound.accepted).isEmpty();
    }

    @Test
    void anotherRoundIsALoop() throws IOException {
        world.deliver(fromStranger(TEAM), TEXT);
        Reply reply = world.deliver(fromStranger(TEAM), world.outbound.messages.getFirst());
        assertThat(reply.code() + " " + reply.status()).isEqualTo("554 5.4.6");
        world.directory.put(TEAM, BOTH);
        assertThat(world.deliver(fromStranger(TEAM), world.outbound.messages.getFirst()).code())
                .as("alice has not had it yet").isEqualTo(250);
        assertThat(world.outbound.accepted).hasSize(1);
    }

    @Test
    void ofOneMessageEachTargetGetsOneCopyAndNoAliasNamesAnother() throws IOException {
        Address other = IntakeWorld.address("other");
        Address second = Address.of("second", new Domain("far.example"));
        world.directory.put(other, new Resolution.Local(List.of(), List.of(new Forward(other, FRIEND), new Forward(other, second))));
        world.deliver(fromStranger(TEAM, other), TEXT);
        assertThat(world.outbound.accepted).extracting(sent -> sent.recipients().stream().map(Recipient::address).toList())
                .containsExactly(List.of(FRIEND), List.of(second));
        assertThat(world.outbound.messages.getFirst()).doesNotContain("Delivered-To: other@");
        assertThat(world.outbound.messages.getLast()).doesNotContain("Delivered-To: team@");
    }

    @Test
    void aUsersOwnMailIsSignedAndKeepsItsSender() throws IOException {
        Envelope ofAlice = new Envelope("s1-1", IntakeWorld.client(Client.Service.SUBMISSION, Optional.of("alice@example.com")),
                Optional.of(ALICE.address()), MailParameters.NONE, List.of(Recipient.of(TEAM)));
        assertThat(world.deliver(ofAlice, TEXT.replace("stranger@good.example", "alice@example.com")).code()).isEqualTo(250);
        assertThat(world.outbound.accepted.getFirst().reversePath()).contains(ALICE.address());
        assertThat(world.outbound.signed).hasSize(1);
    }

    @Test
    void wordOfSuccessIsForTheLastAliasOrGoesOnToItsOnlyTarget() {
        Map<Resolution, String> receipts = Map.of(
                new Resolution.Local(List.of(ALICE)), "DELIVERED",
                new Resolution.Local(List.of(ALICE, IntakeWorld.account(2, "bob", Quota.NONE))), "DELIVERED",
                ELSEWHERE, "none; asks for [SUCCESS, FAILURE]",
                BOTH, "EXPANDED; asks for [FAILURE]");
        for (Map.Entry<Resolution, String> each : receipts.entrySet()) {
            world.directory.put(TEAM, each.getKey());
            world.outbound.accepted.clear();
            Recipient team = new Recipient(TEAM, Set.of(Notify.SUCCESS, Notify.FAILURE), Optional.empty());
            QueueEnvelope envelope = new QueueEnvelope(
                    "Q7", "alice@example.com", Optional.of(ALICE.address()), MailParameters.NONE, List.of(team));
            LocalDelivery.Result result = world.intake.deliverQueued(
                    new QueuedMessage(new QueueId(7), world.time.now(), envelope, 10), 0,
                    new OctetContent(TEXT.getBytes(StandardCharsets.US_ASCII)));
            assertThat(result.reply().isPositive()).isTrue();
            assertThat(result.receipt().map(Enum::name).orElse("none") + world.outbound.accepted.stream()
                    .map(copy -> "; asks for " + copy.recipients().getFirst().notifyOn().stream().sorted().toList())
                    .collect(Collectors.joining()))
                    .isEqualTo(each.getValue());
        }
    }

    @Test
    void aNoticeOfTheQueueGoesThroughAnAlias() {
        Recipient team = new Recipient(TEAM, Set.of(Notify.NEVER), Optional.empty());
        QueuedMessage notice = new QueuedMessage(
                new QueueId(7), world.time.now(), new QueueEnvelope("Q7", "", Optional.empty(), MailParameters.NONE, List.of(team)), 10);
        assertThat(world.intake.deliverQueued(notice, 0, new OctetContent(TEXT.getBytes(StandardCharsets.US_ASCII))).reply().isPositive())
                .isTrue();
        assertThat(world.outbound.accepted.getFirst().recipients()).extracting(Recipient::address).containsExactly(FRIEND);
        assertThat(world.outbound.released).hasSize(1);
    }
}
