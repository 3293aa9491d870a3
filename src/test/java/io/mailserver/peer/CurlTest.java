package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl sends by smtp:// and smtps://. */
@Tag("peer")
class CurlTest {
    @TempDir
    Path folder;

    private final Program curl = Program.require("curl", "curl");

    @Test
    void sendsInTheClear() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            assertThat(send("smtp://127.0.0.1:" + server.smtpPort()).status()).isZero();
            assertThat(server.message()).endsWith("Subject: from curl\r\n\r\n.a dot first\r\n");
        }
    }

    @Test
    void logsInOverStartTls() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String url = "smtp://127.0.0.1:" + server.submissionPort();
            Program.Result result = send(url, "--ssl-reqd", "--insecure", "--user", MailServer.USER + ":" + server.password());
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(server.message()).contains(" with ESMTPSA id ");
        }
    }

    @Test
    void logsInOverTls() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String url = "smtps://127.0.0.1:" + server.submissionsPort();
            Program.Result result = send(url, "--insecure", "--user", MailServer.USER + ":" + server.password());
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(server.message()).contains(" with ESMTPSA id ");
        }
    }

    @Test
    void isRefusedWithAWrongPassword() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String url = "smtps://127.0.0.1:" + server.submissionsPort();
            Program.Result result = send(url, "--insecure", "--user", MailServer.USER + ":wrong");
            assertThat(result.status()).as("curl's CURLE_LOGIN_DENIED").isEqualTo(67);
            assertThat(server.messages()).isEmpty();
        }
    }

    private Program.Result send(String url, String... options) throws Exception {
        Path message = Files.writeString(folder.resolve("message"), "Subject: from curl\r\n\r\n.a dot first\r\n");
        List<String> all = new ArrayList<>(List.of("--silent", "--show-error", "--max-time", "30", "--noproxy", "*", url));
        all.addAll(List.of("--mail-from", MailServer.USER, "--mail-rcpt", MailServer.USER, "--upload-file", message.toString()));
        all.addAll(List.of(options));
        return curl.run(all.toArray(String[]::new));
    }
}
