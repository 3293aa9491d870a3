package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GNU SASL logs in by each mechanism, with channel binding where there is one. */
@Tag("peer")
class GsaslTest {
    @TempDir
    private Path folder;

    private final Program gsasl = Program.require("gsasl", "gsasl");

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"})
    void logsInOverStartTls(String mechanism) throws Exception {
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            Program.Result right = login(mailbox, mechanism, mailbox.password());
            assertThat(right.status()).as(right.output() + mailbox.output()).isZero();
            Program.Result wrong = login(mailbox, mechanism, "wrong " + mailbox.password());
            assertThat(wrong.status()).as(wrong.output()).isNotZero();
        }
    }

    private Program.Result login(ImapMailbox mailbox, String mechanism, String password) throws Exception {
        boolean plus = mechanism.endsWith("-PLUS");
        return gsasl.run(
                "", java.util.Map.of(), "--imap", "--verbose", "--mechanism=" + mechanism, "--authentication-id=" + ImapMailbox.USER,
                "--password=" + password, "--starttls", "--x509-ca-file=", plus ? "--verbose" : "--no-cb",
                "--connect=127.0.0.1:" + mailbox.port());
    }
}
