package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python's smtplib sends attachments, UTF-8 addresses and with a login. */
@Tag("peer")
class SmtplibTest {
    @TempDir
    Path folder;

    private final Program python = Program.require("python3", "python3");

    @Test
    void sendsAnAttachment() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            assertThat(send(server, server.smtpPort(), "plain")).isEqualTo("ok\n");
            assertThat(server.message()).contains("bytes.bin").contains("\r\nHello\r\n.dot\r\n");
        }
    }

    @Test
    void sendsFromAnInternationalAddress() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            assertThat(send(server, server.smtpPort(), "utf8")).isEqualTo("ok\n");
            assertThat(server.message())
                    .startsWith("Return-Path: <jörg@xn--mller-kva.example>\r\n")
                    .contains(" with UTF8SMTP id ")
                    .contains("\r\nSubject: Grüße\r\n");
        }
    }

    @Test
    void logsInAfterStartTls() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            assertThat(send(server, server.submissionPort(), "login")).isEqualTo("ok\n");
            assertThat(server.message()).contains(" with ESMTPSA id ");
        }
    }

    private String send(MailServer server, int port, String mode) throws Exception {
        String program;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/peers/smtplib_send.py"))) {
            program = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        return python.run(program, Map.of(), "-", String.valueOf(port), mode, MailServer.USER, server.password()).output();
    }
}
