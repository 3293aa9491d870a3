package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailserver.app.MiniSmtp.Running;
import io.mailserver.base.OperatorException;
import io.mailserver.base.SystemTime;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.ScriptedPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MiniSmtpTest {
    private final SystemTime time = new SystemTime();
    private final RecordingLog log = new RecordingLog();

    @TempDir
    private Path folder;

    @AfterEach
    void stopTime() {
        time.close();
    }

    @Test
    void printsWhatTheIssueShows() throws Exception {
        try (Running server = start()) {
            talk(server, "EHLO client\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n");
            List<String> lines = log.lines();
            assertThat(lines).hasSize(8);
            assertThat(lines.subList(0, 6))
                    .containsExactly(
                            "[READY] Listening on :" + server.listener().port(),
                            "[CONN] 127.0.0.1",
                            "[SMTP] EHLO client",
                            "[SMTP] MAIL FROM:<a@example.com>",
                            "[SMTP] RCPT TO:<b@example.net>",
                            "[SMTP] DATA");
            assertThat(lines.get(6)).startsWith("[STORE] " + folder.resolve("maildir").resolve("new") + "/");
            assertThat(lines.get(7)).isEqualTo("[SMTP] 250 Message accepted");
        }
    }

    @Test
    void refusesWhomSpfForbids() throws Exception {
        Zone zone = Zone.parse("""
                good.example TXT "v=spf1 ip4:127.0.0.1 -all"
                bad.example  TXT "v=spf1 -all exp=why.bad.example"
                why.bad.example TXT "not from %{i}"
                """);
        try (ZoneServer dns = ZoneServer.start(() -> zone, 0, time);
                Running server = start("--spf", "--dns", "127.0.0.1:" + dns.address().getPort())) {
            talk(server, "EHLO c\r\nMAIL FROM:<a@bad.example>\r\nMAIL FROM:<a@good.example>\r\nRCPT TO:<b@example.net>\r\n"
                    + "DATA\r\nhello\r\n.\r\nQUIT\r\n");
            assertThat(log.lines()).containsSubsequence(
                    "[AUTH] SPF: FAIL",
                    "[SMTP] 550 SPF validation failed: 127.0.0.1 may not send for bad.example; bad.example explained: not from 127.0.0.1",
                    "[SMTP] MAIL FROM:<a@good.example>",
                    "[AUTH] SPF: PASS",
                    "[SMTP] 250 Message accepted");
        }
        try (Stream<Path> files = Files.list(folder.resolve("maildir").resolve("new"))) {
            assertThat(Files.readString(files.toList().getFirst()).replace("\r\n ", " "))
                    .contains("Authentication-Results: localhost; spf=pass smtp.mailfrom=a@good.example\r\n");
        }
    }

    @Test
    void storesTheMessageWithTraceFields() throws Exception {
        try (Running server = start("--host", "mx.example.com")) {
            talk(server, "HELO c\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\nSubject: x\r\n\r\n..\r\n.\r\nQUIT\r\n");
        }
        try (Stream<Path> files = Files.list(folder.resolve("maildir").resolve("new"))) {
            assertThat(Files.readString(files.toList().getFirst()))
                    .startsWith("Return-Path: <a@example.com>\r\nReceived: from c ([127.0.0.1])\r\n\tby mx.example.com with SMTP id ")
                    .endsWith("\r\nSubject: x\r\n\r\n.\r\n");
        }
    }

    @Test
    void limitsCanBeSet() throws Exception {
        try (Running server = start("--max-size", "64KiB", "--max-line", "1000")) {
            assertThat(talk(server, "EHLO c\r\nMAIL FROM:<> SIZE=65537\r\nQUIT\r\n")).contains("SIZE 65536\r\n", "552 5.3.4 ");
            String line = "x".repeat(1001);
            assertThat(talk(server, "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n" + line + "\r\n.\r\nQUIT\r\n"))
                    .contains("550 5.6.0 ");
        }
    }

    @Test
    void connectionsHaveALimit() throws Exception {
        try (Running server = start("--max-connections", "1");
                Socket first = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.listener().port())) {
            assertThat(first.getInputStream().read()).isEqualTo('2');
            assertThat(talk(server, "")).startsWith("421 ");
        }
    }

    @Test
    void offersTlsWhenAsked() throws Exception {
        try (Running server = start("--tls")) {
            assertThat(talk(server, "EHLO c\r\nQUIT\r\n")).contains("STARTTLS\r\n");
        }
        try (Running server = start()) {
            assertThat(talk(server, "EHLO c\r\nQUIT\r\n")).doesNotContain("STARTTLS\r\n");
        }
    }

    @Test
    void certificateWithoutKeyIsRefusedWithAHint() {
        assertThatThrownBy(() -> start("--tls-cert", "cert.pem"))
                .isInstanceOfSatisfying(OperatorException.class, e -> assertThat(e.hint()).contains("--tls-key"));
    }

    @Test
    void relaysForWhoLogsInAndForNobodyElse() throws Exception {
        Path users = Files.writeString(folder.resolve("users"), "alice:secret\n");
        try (ScriptedPeer peer = ScriptedPeer.usual()) {
            MiniSmtp mini = new MiniSmtp();
            new CommandLine(mini).parseArgs(
                    "--listen", "127.0.0.1:0", "--relay", "127.0.0.1:" + peer.address().getPort(), "--auth", users.toString(),
                    "--queue", folder.resolve("queue").toString());
            try (Running server = mini.start(time, log)) {
                talk(server, "EHLO client\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nQUIT\r\n");
                assertThat(log.lines()).noneMatch(line -> line.contains("250 2.1.5"));
                String login = "AUTH PLAIN " + Base64.getEncoder().encodeToString("\0alice\0secret".getBytes(StandardCharsets.UTF_8));
                talk(server, "EHLO client\r\n" + login + "\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n"
                        + "Subject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n");
                await().atMost(Duration.ofSeconds(60)).until(() -> peer.messages().size() == 1);
                assertThat(peer.messages().getFirst()).endsWith("Subject: x\r\n\r\nhello\r\n");
            }
        }
    }

    @Test
    void relaysForNobodyWithoutAListOfUsers() {
        MiniSmtp mini = new MiniSmtp();
        new CommandLine(mini).parseArgs("--listen", "127.0.0.1:0", "--relay", "127.0.0.1:25");
        assertThatThrownBy(() -> mini.start(time, log)).isInstanceOf(OperatorException.class);
    }

    private Running start(String... options) throws IOException {
        MiniSmtp mini = new MiniSmtp();
        CommandLine line = new CommandLine(mini);
        line.parseArgs(Stream.concat(
                        Stream.of("--listen", "127.0.0.1:0", "--maildir", folder.resolve("maildir").toString()), Stream.of(options))
                .toArray(String[]::new));
        return mini.start(time, log);
    }

    private static String talk(Running server, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.listener().port())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
