package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Quota;
import io.mailserver.account.ReportAddress;
import io.mailserver.account.Resolution;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Reply;
import io.mailserver.store.AccountKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final String MESSAGE = "Subject: hello\r\n\r\nworld\r\n";

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private IntakeWorld world;

    @BeforeEach
    void makeWorld() throws IOException {
        world = new IntakeWorld(disk.root(), 10_000);
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    @Test
    void aMessageForOneNamesItsMailbox() throws IOException {
        Reply reply = world.deliver(IntakeWorld.envelope("alice"), MESSAGE);
        assertThat(reply).isEqualTo(Reply.of(250, "2.0.0", "Message accepted: s1-1"));
        assertThat(Files.readString(onlyMessage("alice"))).isEqualTo("Return-Path: <sender@example.net>\r\n"
                + "Delivered-To: alice@example.com\r\n"
                + "Received: from client.example ([192.0.2.1])\r\n"
                + "\tby mx.example.com with ESMTP id s1-1\r\n"
                + "\tfor <alice@example.com>;\r\n"
                + "\tSun, 22 Nov 2026 05:00:00 +0000\r\n"
                + MESSAGE);
    }

    @Test
    void aReportIsReadAndStoredInNoMailbox() throws IOException {
        world.directory.put(IntakeWorld.address("dmarc-reports"), new Resolution.Reports(ReportAddress.DMARC, IntakeWorld.EXAMPLE));
        List<String> read = new ArrayList<>();
        world.reports = (kind, domain, message) -> {
            read.add(kind + " " + domain);
            return Optional.empty();
        };
        assertThat(world.intake.refuseRecipient(IntakeWorld.envelope(), IntakeWorld.address("dmarc-reports"))).isEmpty();
        assertThat(world.deliver(IntakeWorld.envelope("dmarc-reports"), MESSAGE).code()).isEqualTo(250);
        assertThat(read).containsExactly("DMARC example.com");
        assertThat(world.deliver(IntakeWorld.envelope("dmarc-reports", "alice"), MESSAGE).code()).isEqualTo(250);
        assertThat(world.inbox("alice")).hasSize(1);
    }

    @Test
    void whatIsNoReportIsRefusedUnlessSomebodyElseGetsIt() throws IOException {
        world.directory.put(IntakeWorld.address("tls-reports"), new Resolution.Reports(ReportAddress.TLS, IntakeWorld.EXAMPLE));
        world.reports = (kind, domain, message) -> Optional.of("not JSON");
        Reply refused = world.deliver(IntakeWorld.envelope("tls-reports"), MESSAGE);
        assertThat(refused.code()).isEqualTo(550);
        assertThat(refused.lines().getFirst()).contains("not JSON");
        assertThat(world.deliver(IntakeWorld.envelope("tls-reports", "alice"), MESSAGE).code()).isEqualTo(250);
    }

    @Test
    void aMessageForSeveralNamesNobodyAndIsOneFile() throws IOException {
        world.deliver(IntakeWorld.envelope("alice", "bob", "carol"), MESSAGE);
        assertThat(Files.readString(onlyMessage("alice")))
                .startsWith("Return-Path: <sender@example.net>\r\nReceived: ")
                .doesNotContain("alice", "bob", "carol", "Delivered-To");
        assertThat(Files.isSameFile(onlyMessage("alice"), onlyMessage("carol"))).isTrue();
        assertThat(world.maildirs.links()).isEqualTo(2);
    }

    @Test
    void aMailboxThatSeveralRecipientsLeadToGetsOneMessage() throws IOException {
        Resolution both = new Resolution.Local(List.of(
                IntakeWorld.account(1, "alice", Quota.NONE), IntakeWorld.account(2, "bob", Quota.NONE)));
        world.directory.put(IntakeWorld.address("team"), both);
        world.deliver(IntakeWorld.envelope("alice", "team", "bob"), MESSAGE);
        assertThat(world.inbox("alice")).hasSize(1);
        assertThat(world.inbox("bob")).hasSize(1);
    }

    @Test
    void anAliasOfOneIsNotNamedInDeliveredTo() throws IOException {
        world.directory.put(
                IntakeWorld.address("info"), new Resolution.Local(List.of(IntakeWorld.account(1, "alice", Quota.NONE))));
        world.deliver(IntakeWorld.envelope("info"), MESSAGE);
        assertThat(Files.readString(onlyMessage("alice"))).contains("Delivered-To: alice@example.com\r\n");
    }

    @Test
    void theNullReversePathIsKept() throws IOException {
        Envelope envelope = IntakeWorld.envelope("alice");
        world.deliver(
                new Envelope(
                        envelope.messageId(), envelope.client(), Optional.empty(), MailParameters.NONE, envelope.recipients()),
                MESSAGE);
        assertThat(Files.readString(onlyMessage("alice"))).startsWith("Return-Path: <>\r\n");
    }

    @Test
    void eachMailboxIsSaidOnTheConsole() throws IOException {
        world.deliver(IntakeWorld.envelope("alice", "bob"), MESSAGE);
        assertThat(world.log.events("store.saved").stream().map(RecordingLog.Recorded::line))
                .containsExactly(
                        "[STORE] Maildir saved: " + onlyMessage("alice"), "[STORE] Maildir saved: " + onlyMessage("bob"));
    }

    @Test
    void aLoopIsRefused() throws IOException {
        Reply reply = world.deliver(IntakeWorld.envelope("alice"), "Delivered-To: alice@example.com\r\n" + MESSAGE);
        assertThat(reply.code()).isEqualTo(554);
        assertThat(world.inbox("alice")).isEmpty();
        assertThat(world.intake.statistics().refusals()).containsEntry("loop", 1L);
    }

    @Test
    void anAccountGoneSinceRcptPutsTheMessageOffForAll() throws IOException {
        Reply reply = world.deliver(IntakeWorld.envelope("alice", "gone"), MESSAGE);
        assertThat(reply.code()).isEqualTo(451);
        assertThat(world.inbox("alice")).isEmpty();
    }

    @Test
    void anAccountDisabledWhileItsMailComesGetsNoneOfIt() throws IOException {
        Resolution alice = new Resolution.Local(List.of(IntakeWorld.account(1, "alice", Quota.NONE)));
        world.answers(IntakeWorld.address("alice"), alice, new Resolution.Disabled());
        Reply reply = world.deliver(IntakeWorld.envelope("alice"), MESSAGE);
        assertThat(reply.code()).isEqualTo(451);
        assertThat(world.inbox("alice")).isEmpty();
        assertThat(world.intake.statistics().failed()).isZero();
    }

    @Test
    void aFailingDiskIsATemporaryRefusalWithItsCauseInTheLog() throws IOException {
        disk.failAt(disk.operations() + 5);
        Reply reply = world.deliver(IntakeWorld.envelope("alice"), MESSAGE);
        assertThat(reply.code()).isEqualTo(451);
        assertThat(reply.lines().getFirst()).doesNotContain("accounts", "Input/output");
        assertThat(world.log.events("store.failed"))
                .singleElement()
                .satisfies(event -> assertThat(event.cause()).hasMessageContaining("Input/output error"));
        assertThat(world.intake.statistics().failed()).isEqualTo(1);
    }

    @Test
    void aFullDiskIsInsufficientStorage() throws IOException {
        disk.fullFrom(disk.operations() + 3);
        assertThat(world.deliver(IntakeWorld.envelope("alice"), MESSAGE))
                .isEqualTo(Reply.of(452, "4.3.1", "Not enough storage now; try again later"));
    }

    @Test
    void aDiskThatIsNearlyFullTakesNoNewMail() {
        disk.capacity(30_000);
        assertThat(world.intake.refuseSender(IntakeWorld.envelope())).isEmpty();
        disk.capacity(10_100);
        assertThat(world.intake.refuseSender(IntakeWorld.envelope())).map(Reply::code).contains(452);
    }

    @Test
    void anOverloadedServerTakesNoNewMail() {
        world.overloaded.set(true);
        assertThat(world.intake.refuseSender(IntakeWorld.envelope())).map(Reply::code).contains(451);
    }

    @Test
    void aUserSendsOnlyFromHisOwnAddresses() {
        assertThat(world.intake.refuseSender(submission("alice"))).isEmpty();
        assertThat(world.intake.refuseSender(submission("bob"))).map(Reply::code).contains(553);
        assertThat(world.intake.refuseSender(submission("nobody"))).map(Reply::code).contains(553);
        world.directory.put(IntakeWorld.address("bob"), new Resolution.Unavailable());
        assertThat(world.intake.refuseSender(submission("bob"))).map(Reply::code).contains(451);
    }

    @Test
    void anUnknownRecipientIsRefused() {
        assertThat(world.intake.refuseRecipient(IntakeWorld.envelope(), IntakeWorld.address("alice"))).isEmpty();
        assertThat(world.intake.refuseRecipient(IntakeWorld.envelope(), IntakeWorld.address("nobody")))
                .map(Reply::code)
                .contains(550);
    }

    @Test
    void aFullMailboxIsRefusedUntilMailIsDeletedInIt() throws IOException {
        quota("alice", new Quota(1, 0));
        assertThat(refused("alice")).isEmpty();
        world.deliver(IntakeWorld.envelope("alice"), MESSAGE);
        assertThat(refused("alice")).contains(452);
        Files.delete(onlyMessage("alice"));
        world.time.advance(Duration.ofSeconds(6));
        assertThat(refused("alice")).isEmpty();
    }

    @Test
    void theDeclaredSizeCountsAgainstTheQuota() {
        quota("alice", new Quota(0, 1_000));
        Envelope plain = IntakeWorld.envelope();
        Envelope declared = new Envelope(
                plain.messageId(), plain.client(), plain.reversePath(), IntakeWorld.declaring(1_001), List.of());
        assertThat(world.intake.refuseRecipient(plain, IntakeWorld.address("alice"))).isEmpty();
        assertThat(world.intake.refuseRecipient(declared, IntakeWorld.address("alice"))).map(Reply::code).contains(452);
    }

    @Test
    void oneFullMailboxDoesNotHoldUpAnAlias() throws IOException {
        AccountRef full = IntakeWorld.account(1, "alice", new Quota(1, 0));
        AccountRef free = IntakeWorld.account(2, "bob", Quota.NONE);
        world.directory.put(full.address(), new Resolution.Local(List.of(full)));
        world.directory.put(IntakeWorld.address("team"), new Resolution.Local(List.of(full, free)));
        world.deliver(IntakeWorld.envelope("alice"), MESSAGE);
        assertThat(refused("alice")).contains(452);
        assertThat(refused("team")).isEmpty();
        world.deliver(IntakeWorld.envelope("team"), MESSAGE);
        assertThat(world.inbox("alice")).hasSize(2);
    }

    @Test
    void aRemovedAccountsMailIsPutAsideAndANewOneStartsEmpty() throws IOException {
        world.deliver(IntakeWorld.envelope("alice"), MESSAGE);
        AccountKey alice = new AccountKey(IntakeWorld.EXAMPLE, "alice");
        Path kept = world.folders.retire(alice.domain(), alice.localPart(), world.pool).orElseThrow();
        assertThat(Files.exists(kept.resolve("Maildir/new"))).isTrue();
        assertThat(world.store.usage(alice).messages()).isZero();
        assertThat(world.deliver(IntakeWorld.envelope("alice"), MESSAGE).code()).isEqualTo(250);
        assertThat(world.inbox("alice")).hasSize(1);
    }

    private Optional<Integer> refused(String name) {
        return world.intake.refuseRecipient(IntakeWorld.envelope(), IntakeWorld.address(name)).map(Reply::code);
    }

    private void quota(String name, Quota quota) {
        AccountRef account = IntakeWorld.account(1, name, quota);
        world.directory.put(account.address(), new Resolution.Local(List.of(account)));
    }

    private static Envelope submission(String from) {
        return new Envelope(
                "s1-1",
                IntakeWorld.client(Client.Service.SUBMISSION, Optional.of("alice@example.com")),
                Optional.of(Address.of(from, IntakeWorld.EXAMPLE)),
                MailParameters.NONE,
                List.of());
    }

    private Path onlyMessage(String name) throws IOException {
        List<Path> files = world.inbox(name);
        assertThat(files).hasSize(1);
        return files.getFirst();
    }
}
