package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** swaks sends in the clear, over STARTTLS and TLS, and with a login. */
@Tag("peer")
class SwaksTest {
    @TempDir
    Path folder;

    private final Program swaks = Program.require("swaks", "swaks");

    @Test
    void sendsInTheClear() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String said = send(server.smtpPort(), "--from", "a@gmail.com", "--header", "Subject: plain");
            assertThat(said).contains("<-  250 2.0.0 ");
            assertThat(server.message()).contains("\r\nSubject: plain\r\n").contains(" with ESMTP id ");
        }
    }

    @Test
    void sendsOverStartTls() throws Exception {
        requireTls();
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String said = send(server.smtpPort(), "--from", "a@gmail.com", "-tls");
            assertThat(said).contains("=== TLS started").contains("<~  250 2.0.0 ");
            assertThat(server.message()).contains(" with ESMTPS id ");
        }
    }

    @Test
    void logsInByPlainOverStartTls() throws Exception {
        requireTls();
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            assertThat(login(server, server.submissionPort(), "-tls", "PLAIN")).contains("<~  235 2.7.0 ").contains("<~  250 2.0.0 ");
            assertThat(server.message()).contains(" with ESMTPSA id ");
        }
    }

    @Test
    void logsInByLoginOverTls() throws Exception {
        requireTls();
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            assertThat(login(server, server.submissionsPort(), "-tlsc", "LOGIN")).contains("<~  235 2.7.0 ").contains("<~  250 2.0.0 ");
        }
    }

    @Test
    void isNotOfferedALoginInTheClear() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String said = send(server.submissionPort(), "--from", MailServer.USER, "--auth", "PLAIN", "--auth-user", MailServer.USER,
                    "--auth-password", server.password());
            assertThat(said).contains("Host did not advertise authentication").doesNotContain("AUTH PLAIN");
            assertThat(server.messages()).isEmpty();
        }
    }

    @Test
    void mayNotSendElsewhere() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String said = run(server.smtpPort(), "--from", "a@gmail.com", "--to", "b@gmail.com").output();
            assertThat(said).contains("<** 550 5.7.1 ");
        }
    }

    @Test
    void keepsUtf8InTheBody() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            send(server.smtpPort(), "--from", "a@gmail.com", "--body", "Grüße, 世界");
            assertThat(server.message()).contains("Grüße, 世界");
        }
    }

    private String login(MailServer server, int port, String tls, String mechanism) throws Exception {
        return send(port, "--from", MailServer.USER, tls, "--auth", mechanism, "--auth-user", MailServer.USER, "--auth-password",
                server.password());
    }

    private String send(int port, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--to", MailServer.USER));
        return run(port, all.toArray(String[]::new)).output();
    }

    private Program.Result run(int port, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--server", "127.0.0.1:" + port, "--ehlo", "client.example"));
        all.addAll(List.of(options));
        return swaks.run(all.toArray(String[]::new));
    }

    private void requireTls() throws Exception {
        assumeTrue(swaks.run("--support").output().contains("=== TLS supported"),
                "swaks needs Net::SSLeay for TLS (Debian package libnet-ssleay-perl)");
    }
}
