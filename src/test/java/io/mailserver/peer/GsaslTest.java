package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        List<String> arguments = new ArrayList<>(List.of("--imap", "--verbose", "--mechanism=" + mechanism, "--starttls"));
        arguments.addAll(List.of("--authentication-id=" + ImapMailbox.USER, "--password=" + password, "--x509-ca-file="));
        arguments.add("--connect=127.0.0.1:" + mailbox.port());
        if (!mechanism.endsWith("-PLUS")) {
            arguments.add("--no-cb");
        }
        return gsasl.run(arguments.toArray(String[]::new));
    }
}
