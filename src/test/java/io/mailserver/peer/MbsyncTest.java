package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** mbsync keeps a Maildir the same as the account, both ways. */
@Tag("peer")
class MbsyncTest {
    @TempDir
    private Path folder;

    private final Program mbsync = Program.require("mbsync", "isync");

    @Test
    void movesMailBothWaysAndThenNothing() throws Exception {
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(5);
            Path local = folder.resolve("mail");
            Files.createDirectories(local);
            Path config = config(mailbox, local);
            sync(config, mailbox);
            assertThat(files(local.resolve("INBOX"))).isEqualTo(5);

            // A message of ours goes up, flags and a deletion too.
            Files.writeString(local.resolve("Drafts/new/1.local"), "Subject: written offline\n\ntext\n");
            Path first = first(local.resolve("INBOX/new"));
            Files.move(first, local.resolve("INBOX/cur").resolve(first.getFileName().toString() + ":2,FS"));
            sync(config, mailbox);
            String second = sync(config, mailbox);

            assertThat(second).as("the second run moves nothing").doesNotContainPattern("[+*#][1-9]");
            String base = "imaps://127.0.0.1:" + mailbox.tlsPort();
            assertThat(curl(mailbox, base + "/Drafts;MAILINDEX=1")).contains("written offline");
            assertThat(curl(mailbox, base + "/INBOX", "--request", "FETCH 1:* FLAGS")).contains("\\Flagged \\Seen");
        }
    }

    private Path config(ImapMailbox mailbox, Path local) throws IOException {
        return Files.writeString(folder.resolve("mbsyncrc"), """
                IMAPAccount test
                Host 127.0.0.1
                Port %d
                User %s
                Pass %s
                SSLType None
                AuthMechs LOGIN

                IMAPStore far
                Account test

                MaildirStore near
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :far:
                Near :near:
                Patterns *
                Create Both
                Expunge Both
                SyncState *
                """.formatted(mailbox.port(), ImapMailbox.USER, mailbox.password(), local, local));
    }

    private String sync(Path config, ImapMailbox mailbox) throws Exception {
        Program.Result result = mbsync.run("--config", config.toString(), "--all", "--verbose");
        assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
        return result.output();
    }

    private static String curl(ImapMailbox mailbox, String url, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--silent", "--noproxy", "*", "--insecure"));
        all.addAll(List.of("--user", ImapMailbox.USER + ":" + mailbox.password(), url));
        all.addAll(List.of(options));
        return Program.require("curl", "curl").run(all.toArray(String[]::new)).output();
    }

    private static long files(Path maildir) throws IOException {
        try (Stream<Path> all = Files.walk(maildir)) {
            return all.filter(Files::isRegularFile).filter(file -> !file.getFileName().toString().startsWith(".")).count();
        }
    }

    private static Path first(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().findFirst().orElseThrow();
        }
    }
}
