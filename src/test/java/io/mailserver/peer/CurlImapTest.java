package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl reads by imap:// and imaps://. */
@Tag("peer")
class CurlImapTest {
    @TempDir
    private Path folder;

    private final Program curl = Program.require("curl", "curl");

    @Test
    void fetchesAMessageOverTls() throws Exception {
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(2);
            String base = "imaps://127.0.0.1:" + mailbox.tlsPort();
            assertThat(run(mailbox, base + "/INBOX;MAILINDEX=2")).contains("Subject: message 2").contains("This is text 2.");
            assertThat(run(mailbox, base + "/INBOX;UID=1;SECTION=TEXT")).isEqualTo("This is text 1.\r\n");
            assertThat(run(mailbox, base + "/")).contains("INBOX").contains("\\Trash");
        }
    }

    @Test
    void appendsOverStartTls() throws Exception {
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            Path message = Files.writeString(folder.resolve("message"), "Subject: from curl\r\n\r\ntext\r\n");
            String base = "imap://127.0.0.1:" + mailbox.port();
            run(mailbox, base + "/Drafts", "--ssl-reqd", "--upload-file", message.toString());
            assertThat(run(mailbox, base + "/Drafts;MAILINDEX=1", "--ssl-reqd")).contains("Subject: from curl");
        }
    }

    private String run(ImapMailbox mailbox, String url, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--silent", "--show-error", "--max-time", "30", "--noproxy", "*", "--insecure"));
        all.addAll(List.of("--user", ImapMailbox.USER + ":" + mailbox.password(), url));
        all.addAll(List.of(options));
        Program.Result result = curl.run(all.toArray(String[]::new));
        assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
        return result.output();
    }
}
