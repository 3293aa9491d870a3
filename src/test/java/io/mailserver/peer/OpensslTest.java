package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** openssl s_client shakes hands with every door. */
@Tag("peer")
class OpensslTest {
    @TempDir
    Path folder;

    private final Program openssl = Program.require("openssl", "openssl");

    @Test
    void speaksTls13AfterStartTls() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String said = connect(server.smtpPort(), "-starttls", "smtp");
            assertThat(said).contains("TLSv1.3").contains("id-ecPublicKey").contains("221 2.0.0 ");
        }
    }

    @Test
    void speaksTls12WhereThatIsAll() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String said = connect(server.submissionsPort(), "-tls1_2");
            assertThat(said).contains("TLSv1.2").contains("ECDHE").contains("221 2.0.0 ");
        }
    }

    @Test
    void isRefusedWithTls11() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            String said = connect(server.submissionsPort(), "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
            assertThat(said).contains("alert protocol version").doesNotContain("220 ");
        }
    }

    private String connect(int port, String... options) throws Exception {
        // -ign_eof: a Q is no command of its own, and it waits for the server's goodbye.
        List<String> all = new ArrayList<>(List.of("s_client", "-crlf", "-ign_eof", "-connect", "127.0.0.1:" + port));
        all.addAll(List.of(options));
        return openssl.run("QUIT\n", Map.of(), all.toArray(String[]::new)).output();
    }
}
