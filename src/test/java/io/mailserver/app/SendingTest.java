package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.admin.Answer;
import io.mailserver.admin.ControlClient;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.SystemTime;
import io.mailserver.simulation.ScriptedPeer;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtpclient.ClientTls;
import io.mailserver.smtpclient.Dialogue;
import io.mailserver.smtpclient.MessageShape;
import io.mailserver.smtpclient.OutgoingMessage;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.SmtpClient;
import io.mailserver.smtpclient.Timeouts;
import io.mailserver.smtpclient.TlsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** From a user's mail program to another server, and back where that refuses; a whole server with real ports. */
class SendingTest {
    private static final Domain OTHER = new Domain("example.net");
    private static final Duration WAIT = Duration.ofSeconds(60);

    @TempDir
    Path data;

    @Test
    void aUsersMessageReachesAnotherServerSigned() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual();
                RunningServer server = start(peer)) {
            assertThat(submit(server, "bob").kind()).isEqualTo(RecipientResult.Kind.DELIVERED);
            await().atMost(WAIT).until(() -> server.output().contains("[SEND] Q1 to bob@"));
            assertThat(peer.messages().getFirst())
                    .contains("Received: from ", "Subject: hello\r\n", "Message-ID: <", "Date: ")
                    .contains("DKIM-Signature: ");
            assertThat(server.output()).contains("[QUEUE] Q1: ", "[SEND] Q1 to bob@example.net via 127.0.0.1: 250 2.0.0 Taken");
        }
    }

    @Test
    void aRefusalComesBackToTheUser() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual();
                RunningServer server = start(peer)) {
            peer.answer("RCPT", "550 5.1.1 No such user");
            submit(server, "nobody");
            await().atMost(WAIT).until(() -> server.output().contains("[SEND] Q2 to postmaster@"));
            assertThat(mailOfPostmaster()).anyMatch(text -> text.contains("There is no such mailbox"));
        }
    }

    @Test
    void whoDoesNotExistIsRefusedAtOnceUntilTheOperatorLiftsIt() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual();
                RunningServer server = start(peer);
                ControlClient control = ControlClient.connect(data).orElseThrow()) {
            peer.answer("RCPT", "550 5.1.1 No such user");
            submit(server, "nobody");
            ObjectNode account = JsonNodeFactory.instance.objectNode().put("account", "postmaster@example.com");
            await().atMost(WAIT).until(() -> control.run("suppression.list", account).lines().getFirst().startsWith("nobody@"));
            assertThat(submit(server, "nobody").text()).startsWith("550 5.1.1 nobody@example.net does not exist: its server said so on ")
                    .contains("It said: 550 5.1.1 No such user", "./mailserver suppression remove postmaster@example.com nobody@");
            assertThat(submit(server, "somebody").kind()).isEqualTo(RecipientResult.Kind.DELIVERED);
            assertThat(control.run("suppression.list", account).lines()).singleElement().asString()
                    .startsWith("nobody@example.net until ").endsWith(": 550 5.1.1 No such user");
            assertThat(control.run("suppression.remove", account.deepCopy().put("address", "nobody@example.net")).lines())
                    .containsExactly("1 address may be written to again");
            assertThat(submit(server, "nobody").kind()).isEqualTo(RecipientResult.Kind.DELIVERED);
        }
    }

    @Test
    void whatIsQueuedSurvivesARestart() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            peer.answer("GREETING", "421 4.3.2 not yet");
            try (RunningServer server = start(peer)) {
                submit(server, "bob");
                await().atMost(WAIT).until(() -> server.output().contains("deferred until"));
            }
            try (RunningServer server = start(peer);
                    ControlClient control = ControlClient.connect(data).orElseThrow()) {
                assertThat(server.secrets()).isEmpty();
                assertThat(control.run("queue.flush", JsonNodeFactory.instance.objectNode()).lines())
                        .containsExactly("1 recipient tried again now");
                await().atMost(WAIT).until(() -> peer.messages().size() == 1);
            }
        }
    }

    @Test
    void whatAnAccountHasSentCountsAfterARestartToo() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            Map<String, String> sets = new HashMap<>(sets(peer));
            sets.put("sending.messages-per-day", "1");
            String secret;
            try (RunningServer server = RunningServer.start(data, sets)) {
                secret = server.secrets().getFirst();
                assertThat(submit(server, secret, "bob").kind()).isEqualTo(RecipientResult.Kind.DELIVERED);
            }
            try (RunningServer server = RunningServer.start(data, sets);
                    ControlClient control = ControlClient.connect(data).orElseThrow()) {
                RecipientResult second = submit(server, secret, "bob");
                assertThat(second.kind()).isEqualTo(RecipientResult.Kind.TEMPORARY);
                assertThat(second.text()).startsWith("452 4.7.1 You reached your limit of 1 messages within 24 hours; go on after ");
                control.run("account.limits",
                        JsonNodeFactory.instance.objectNode().put("address", "postmaster@example.com").put("messages", 2));
                assertThat(submit(server, secret, "bob").kind()).isEqualTo(RecipientResult.Kind.DELIVERED);
                assertThat(control.run("account.show", JsonNodeFactory.instance.objectNode().put("address", "postmaster@example.com"))
                        .lines()).anyMatch(line -> line.contains("2 of 2 messages, 2 of 5000 recipients, 1 of 1000 of them for the first"));
            }
        }
    }

    @Test
    void aTestDeliveryShowsTheDialogue() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.usual();
                RunningServer server = start(peer);
                ControlClient control = ControlClient.connect(data).orElseThrow()) {
            assertThat(server.server().listeners()).isNotEmpty();
            assertThat(control.run("queue.test", JsonNodeFactory.instance.objectNode().put("address", "bob@example.net")).lines())
                    .contains("C: MAIL FROM:<postmaster@example.com> SIZE=" + peer.messages().getFirst().length(), "C: DATA")
                    .endsWith("delivered: 250 2.0.0 Taken");
            assertThat(peer.messages().getFirst()).startsWith("DKIM-Signature:");
        }
    }

    @Test
    void aTestDeliveryIsShownAsItGoesOn() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.usual();
                RunningServer server = start(peer);
                ControlClient control = ControlClient.connect(data).orElseThrow()) {
            assertThat(server.server().listeners()).isNotEmpty();
            peer.answer(".", ScriptedPeer.STALL);
            List<String> shown = new CopyOnWriteArrayList<>();
            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return control.run("queue.test", JsonNodeFactory.instance.objectNode().put("address", "bob@example.net"), shown::add);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().atMost(WAIT).until(() -> shown.contains("C: DATA") && peer.stalled() == 1);
            assertThat(answer).as("the dialogue is not over").isNotDone();
            peer.dropAll();
            assertThat(answer.get().lines()).as("said already").isEmpty();
            assertThat(shown).last().asString().startsWith("not now: ");
        }
    }

    private RunningServer start(ScriptedPeer peer) {
        return RunningServer.start(data, sets(peer));
    }

    private static Map<String, String> sets(ScriptedPeer peer) {
        return Map.of("sending.routes", "[{domain: example.net, to: \"127.0.0.1:" + peer.address().getPort() + "\"}]");
    }

    private static RecipientResult submit(RunningServer server, String to) throws IOException {
        return submit(server, server.secrets().getFirst(), to);
    }

    private static RecipientResult submit(RunningServer server, String secret, String to) throws IOException {
        Matcher password = Pattern.compile("(postmaster@\\S+) has the password (\\S+)").matcher(secret);
        assertThat(password.find()).as("%s", secret).isTrue();
        SmtpClient.Settings settings = new SmtpClient.Settings(
                "client.example", Optional.empty(), Timeouts.RFC_5321,
                Optional.of(new SmtpClient.Credentials(password.group(1), password.group(2))));
        SmtpClient.Peer peer = new SmtpClient.Peer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.submissionsPort()), "localhost", false, true);
        OctetContent content = new OctetContent("Subject: hello\r\n\r\nworld\r\n".getBytes(StandardCharsets.US_ASCII));
        try (SystemTime time = new SystemTime();
                SmtpClient client = SmtpClient.connect(
                        peer, settings, new TlsPolicy.Encrypted(), new ClientTls(null), time, Dialogue.NONE)) {
            return client.send(new OutgoingMessage(
                    Optional.of(Address.of("postmaster", RunningServer.DOMAIN)), MailParameters.NONE,
                    List.of(Recipient.of(Address.of(to, OTHER))), content, MessageShape.of(content))).getFirst();
        }
    }

    private List<String> mailOfPostmaster() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("accounts"))) {
            return files.filter(file -> Objects.requireNonNull(file.getParent()).endsWith("new")).map(SendingTest::text).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
