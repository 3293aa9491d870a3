package io.mailserver.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailserver.base.Domain;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.ScriptedPeer;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpClientTest {
    private static final String TEXT = "Subject: hi\r\n\r\nhello\r\n";
    private static final ClientTls TLS = new ClientTls(null);
    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T05:00:00Z"));

    @Test
    void handsAMessageOn() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            List<RecipientResult> results = send(peer, TEXT, "bob", "carol");
            assertThat(results).extracting(RecipientResult::kind).containsExactly(Kind.DELIVERED, Kind.DELIVERED);
            assertThat(results.getFirst().text()).isEqualTo("250 2.0.0 Taken");
            assertThat(peer.messages()).containsExactly(TEXT);
            assertThat(peer.commands()).startsWith(
                    "EHLO mx.example.com",
                    "MAIL FROM:<alice@example.com> SIZE=22",
                    "RCPT TO:<bob@example.net>",
                    "RCPT TO:<carol@example.net>",
                    "DATA");
        }
    }

    @Test
    void speaksHeloToServersOfOld() throws IOException {
        try (ScriptedPeer peer = new ScriptedPeer(null)) {
            peer.answer("EHLO", "502 5.5.1 What?");
            assertThat(send(peer, TEXT, "bob")).extracting(RecipientResult::kind).containsExactly(Kind.DELIVERED);
            assertThat(peer.commands()).startsWith("EHLO mx.example.com", "HELO mx.example.com", "MAIL FROM:<alice@example.com>");
        }
    }

    @Test
    void severalMessagesShareAConnection() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual();
                SmtpClient client = connect(peer)) {
            peer.answer("MAIL", "250 Ok", "451 4.3.0 busy");
            assertThat(client.send(message(TEXT, "bob")).getFirst().kind()).isEqualTo(Kind.DELIVERED);
            assertThat(client.send(message(TEXT, "bob")).getFirst().kind()).isEqualTo(Kind.TEMPORARY);
            assertThat(client.isUsable()).isTrue();
            assertThat(client.send(message(TEXT, "bob")).getFirst().kind()).isEqualTo(Kind.DELIVERED);
            assertThat(peer.connections()).isEqualTo(1);
            assertThat(peer.commands()).containsOnlyOnce("RSET");
        }
    }

    @Test
    void eachRecipientHasItsOwnResult() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            peer.answer("RCPT", "250 Ok", "550 5.1.1 No such user", "452 4.2.2 Full");
            List<RecipientResult> results = send(peer, TEXT, "bob", "carol", "dave");
            assertThat(results).extracting(RecipientResult::kind).containsExactly(Kind.DELIVERED, Kind.PERMANENT, Kind.TEMPORARY);
            assertThat(results.get(1).status()).hasToString("Optional[5.1.1]");
            assertThat(results.get(2).stage()).isEqualTo(Stage.RECIPIENT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 451 4.3.0 later, TEMPORARY, MAIL",
        "MAIL, 550 5.7.1 never, PERMANENT, MAIL",
        "RCPT, 450 4.2.0 later, TEMPORARY, RECIPIENT",
        "RCPT, 550 5.1.1 never, PERMANENT, RECIPIENT",
        "DATA, 451 4.3.0 later, TEMPORARY, DATA",
        "DATA, 554 5.3.0 never, PERMANENT, DATA",
        "., 451 4.3.0 later, TEMPORARY, MESSAGE",
        "., 554 5.6.0 never, PERMANENT, MESSAGE",
        "MAIL, !drop, TEMPORARY, MAIL",
        "RCPT, !drop, TEMPORARY, RECIPIENT",
        "DATA, !drop, TEMPORARY, DATA",
        "., !drop, TEMPORARY, MESSAGE",
        "MAIL, !garbage, TEMPORARY, MAIL",
        "RCPT, !garbage, TEMPORARY, RECIPIENT",
        "DATA, !garbage, TEMPORARY, DATA",
        "RCPT, 421 4.3.2 going down, TEMPORARY, RECIPIENT",
        "DATA, 421 4.3.2 going down, TEMPORARY, DATA",
        "., 421 4.3.2 going down, TEMPORARY, MESSAGE",
        "., !garbage, TEMPORARY, MESSAGE",
        "., 354 what, TEMPORARY, MESSAGE",
        "MAIL, 421 4.3.2 going down, TEMPORARY, MAIL",
    })
    void whateverGoesWrongInATransactionIsAResult(String verb, String answer, Kind kind, Stage stage) throws IOException {
        for (String extension : List.of("PIPELINING", "8BITMIME")) {
            try (ScriptedPeer peer = new ScriptedPeer(null, extension)) {
                peer.answer(verb, answer);
                RecipientResult result = send(peer, TEXT, "bob").getFirst();
                assertThat(result.kind()).as("%s with %s", result, extension).isEqualTo(kind);
                assertThat(result.stage()).as("%s with %s", result, extension).isEqualTo(stage);
                assertThat(peer.messages()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING, 554 5.3.2 no service, PERMANENT, GREETING",
        "GREETING, 421 4.3.2 later, TEMPORARY, GREETING",
        "GREETING, !drop, TEMPORARY, GREETING",
        "GREETING, !garbage, TEMPORARY, GREETING",
        "EHLO, 421 4.3.2 later, TEMPORARY, HELLO",
        "EHLO, !drop, TEMPORARY, HELLO",
        "EHLO, !garbage, TEMPORARY, HELLO",
        "EHLO, 451 4.3.0 later, TEMPORARY, HELLO",
    })
    void whateverGoesWrongBeforeIsThrown(String verb, String answer, Kind kind, Stage stage) throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            peer.answer(verb, answer);
            assertThatThrownBy(() -> connect(peer)).isInstanceOfSatisfying(DeliveryException.class, e -> {
                assertThat(e.result().kind()).isEqualTo(kind);
                assertThat(e.result().stage()).isEqualTo(stage);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA", "."})
    void aServerThatSaysNothingIsLeft(String verb) throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            peer.answer(verb, ScriptedPeer.STALL);
            SmtpClient client = connect(peer);
            CompletableFuture<List<RecipientResult>> results =
                    CompletableFuture.supplyAsync(() -> client.send(message(TEXT, "bob")));
            await().until(() -> peer.stalled() == 1);
            while (!results.isDone()) {
                time.advanceToNextTask();
            }
            assertThat(results.get().getFirst().kind()).isEqualTo(Kind.TEMPORARY);
            assertThat(results.get().getFirst().text()).contains("no progress within");
            assertThat(client.isUsable()).isFalse();
            client.close();
        }
    }

    @Test
    void aGreetingThatNeverComesIsNotWaitedForForever() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            peer.answer("GREETING", ScriptedPeer.STALL);
            CompletableFuture<SmtpClient> client = CompletableFuture.supplyAsync(() -> {
                try {
                    return connect(peer);
                } catch (DeliveryException e) {
                    throw new CompletionException(e);
                }
            });
            await().until(() -> peer.stalled() == 1);
            while (!client.isDone()) {
                time.advanceToNextTask();
            }
            assertThatThrownBy(client::get).isInstanceOf(ExecutionException.class).hasMessageContaining("no progress within 300 s");
        }
    }

    @Test
    void dotsAreStuffedAndLinesEndWithCrlf() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            send(peer, "Subject: x\n\n.\r\n..two\rmid\r\n.\nend", "bob");
            assertThat(peer.messages()).containsExactly("Subject: x\r\n\r\n..\r\n...two\r\nmid\r\n..\r\nend\r\n");
            assertThat(peer.commands()).doesNotContain("(a bare CR or LF)");
        }
    }

    @Test
    void aMessageTooLargeForTheServerIsNotSent() throws IOException {
        try (ScriptedPeer peer = new ScriptedPeer(null, "SIZE 10")) {
            RecipientResult result = send(peer, TEXT, "bob").getFirst();
            assertThat(result.kind()).isEqualTo(Kind.PERMANENT);
            assertThat(result.text()).contains("22 octets");
            assertThat(peer.commands()).doesNotContain("DATA");
        }
    }

    @Test
    void eightBitsNeedAServerThatTakesThem() throws IOException {
        String text = "Subject: x\r\n\r\nna\u00efve\r\n";
        try (ScriptedPeer peer = new ScriptedPeer(null)) {
            assertThat(send(peer, text, "bob").getFirst().text()).contains("8BITMIME");
        }
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            assertThat(send(peer, text, "bob").getFirst().kind()).isEqualTo(Kind.DELIVERED);
            assertThat(peer.commands()).contains("MAIL FROM:<alice@example.com> SIZE=" + text.length() + " BODY=8BITMIME");
        }
    }

    @Test
    void internationalAddressesNeedSmtputf8() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            assertThat(send(peer, TEXT, "j\u00fcrgen").getFirst().kind()).isEqualTo(Kind.PERMANENT);
        }
        try (ScriptedPeer peer = new ScriptedPeer(null, "SMTPUTF8", "8BITMIME")) {
            assertThat(send(peer, TEXT, "j\u00fcrgen").getFirst().kind()).isEqualTo(Kind.DELIVERED);
            assertThat(peer.commands()).contains("MAIL FROM:<alice@example.com> SMTPUTF8");
        }
    }

    @Test
    void largeMessagesGoInOneChunk() throws IOException {
        String text = "Subject: x\r\n\r\n" + (".".repeat(70) + "\r\n").repeat(5000);
        try (ScriptedPeer peer = new ScriptedPeer(null, "CHUNKING", "PIPELINING")) {
            assertThat(send(peer, text, "bob").getFirst().kind()).isEqualTo(Kind.DELIVERED);
            assertThat(peer.messages()).containsExactly(text);
            assertThat(peer.commands()).contains("BDAT " + text.length() + " LAST");
        }
    }

    @Test
    void wishesForNoticesArePassedOn() throws IOException {
        MailParameters parameters = new MailParameters(
                OptionalLong.empty(), MailParameters.Body.SEVEN_BIT, false, Optional.of(MailParameters.Ret.HDRS), Optional.of("id+1"),
                Optional.empty());
        Recipient bob = new Recipient(
                address("bob"), EnumSet.of(Recipient.Notify.FAILURE, Recipient.Notify.SUCCESS), Optional.of("rfc822;b=b@example.org"));
        try (ScriptedPeer peer = ScriptedPeer.usual();
                SmtpClient client = connect(peer)) {
            TestContent content = new TestContent(TEXT);
            var results = client.send(new OutgoingMessage(
                    Optional.of(address("alice")), parameters, List.of(bob), content, MessageShape.of(content)));
            assertThat(results.getFirst().kind()).isEqualTo(Kind.DELIVERED);
            assertThat(peer.commands()).contains(
                    "MAIL FROM:<alice@example.net> SIZE=22 RET=HDRS ENVID=id+2B1",
                    "RCPT TO:<bob@example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b+3Db@example.org");
        }
    }

    @Test
    void lmtpAnswersForEachRecipient() throws IOException {
        try (ScriptedPeer peer = new ScriptedPeer(null, "PIPELINING")) {
            peer.answer(".", "250 2.0.0 Ok", "452 4.2.2 Full");
            SmtpClient.Peer lmtp = new SmtpClient.Peer(peer.address(), "peer.example", true, false);
            try (SmtpClient client = SmtpClient.connect(lmtp, settings(), new TlsPolicy.None(), TLS, time, Dialogue.NONE)) {
                assertThat(client.send(message(TEXT, "bob", "carol"))).extracting(RecipientResult::kind)
                        .containsExactly(Kind.DELIVERED, Kind.TEMPORARY);
            }
        }
    }

    @Test
    void brokenTlsFallsBackUnlessItIsRequired() throws IOException {
        try (ScriptedPeer peer = new ScriptedPeer(null, "STARTTLS")) {
            peer.answer("STARTTLS", "220 2.0.0 Go on", "220 2.0.0 Go on");
            assertThat(send(peer, TEXT, "bob").getFirst().kind()).isEqualTo(Kind.DELIVERED);
            assertThat(peer.connections()).isEqualTo(2);
            assertThatThrownBy(() -> connect(peer, new TlsPolicy.Encrypted())).isInstanceOf(DeliveryException.class);
            assertThat(peer.messages()).hasSize(1);
        }
    }

    @Test
    void aServerThatRefusesEhloAndHeloIsLeft() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            peer.answer("EHLO", "554 5.7.1 not you").answer("HELO", "554 5.7.1 not you");
            assertThatThrownBy(() -> connect(peer)).isInstanceOfSatisfying(DeliveryException.class, e -> {
                assertThat(e.result().kind()).isEqualTo(Kind.PERMANENT);
                assertThat(e.result().stage()).isEqualTo(Stage.HELLO);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"454 4.7.0 not now", "554 5.7.0 never", "!drop", "!garbage", "220 go on"})
    void brokenStarttlsIsAReasonForTheClearOnlyWhereThatIsAllowed(String answer) throws IOException {
        try (ScriptedPeer peer = new ScriptedPeer(null, "STARTTLS")) {
            peer.answer("STARTTLS", answer, answer);
            assertThatThrownBy(() -> connect(peer, new TlsPolicy.Encrypted())).isInstanceOfSatisfying(DeliveryException.class, e -> {
                assertThat(e.result().kind()).isEqualTo(Kind.TEMPORARY);
                assertThat(e.result().stage()).isEqualTo(Stage.TLS);
            });
            assertThat(peer.commands()).noneMatch(line -> line.startsWith("MAIL"));
            assertThat(send(peer, TEXT, "bob").getFirst().kind()).isEqualTo(Kind.DELIVERED);
        }
    }

    @Test
    void aReplyOfOneOctetASecondDoesNotHoldAConnectionForever() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            peer.answer("MAIL", ScriptedPeer.DRIP);
            SmtpClient client = connect(peer);
            CompletableFuture<List<RecipientResult>> results =
                    CompletableFuture.supplyAsync(() -> client.send(message(TEXT, "bob")));
            await().until(() -> peer.stalled() == 1);
            for (int second = 0; second < 299; second++) {
                peer.drip();
                time.advance(Duration.ofSeconds(1));
            }
            assertThat(results).as("RFC 5321 gives it five minutes").isNotDone();
            time.advance(Duration.ofSeconds(2));
            assertThat(results.get().getFirst().text()).contains("no progress within 300 s");
            client.close();
        }
    }

    @Test
    void passwordsAreNotSentInTheClear() throws IOException {
        try (ScriptedPeer peer = new ScriptedPeer(null, "AUTH PLAIN")) {
            SmtpClient.Settings settings = new SmtpClient.Settings(
                    "mx.example.com", Optional.empty(), Timeouts.RFC_5321, Optional.of(new SmtpClient.Credentials("u", "secret")));
            assertThatThrownBy(() -> SmtpClient.connect(at(peer), settings, new TlsPolicy.Opportunistic(), TLS, time, Dialogue.NONE))
                    .hasMessageContaining("without TLS");
            assertThat(peer.commands()).noneMatch(line -> line.startsWith("AUTH"));
        }
    }

    private List<RecipientResult> send(ScriptedPeer peer, String text, String... recipients) throws IOException {
        try (SmtpClient client = connect(peer)) {
            return client.send(message(text, recipients));
        }
    }

    private SmtpClient connect(ScriptedPeer peer) throws DeliveryException {
        return connect(peer, new TlsPolicy.Opportunistic());
    }

    private SmtpClient connect(ScriptedPeer peer, TlsPolicy policy) throws DeliveryException {
        return SmtpClient.connect(at(peer), settings(), policy, TLS, time, Dialogue.NONE);
    }

    private static SmtpClient.Peer at(ScriptedPeer peer) {
        return new SmtpClient.Peer(peer.address(), "peer.example", false, false);
    }

    private static SmtpClient.Settings settings() {
        return new SmtpClient.Settings("mx.example.com", Optional.empty(), Timeouts.RFC_5321, Optional.empty());
    }

    private static OutgoingMessage message(String text, String... recipients) {
        TestContent content = new TestContent(text);
        try {
            return new OutgoingMessage(
                    Optional.of(Address.of("alice", new Domain("example.com"))),
                    MailParameters.NONE,
                    Arrays.stream(recipients).map(name -> Recipient.of(address(name))).toList(),
                    content,
                    MessageShape.of(content));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Address address(String localPart) {
        return Address.of(localPart, new Domain("example.net"));
    }
}
