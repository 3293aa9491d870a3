package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** mutt and neomutt open the INBOX by IMAP; they need a terminal, which script(1) gives them. */
@Tag("peer")
class ImapReadersTest {
    /** What they do by themselves: flag the first message, which leads to the second, go on to the third, delete that, quit. */
    @SuppressWarnings("InlineFormatString") // long, and a file of its own where it is used
    private static final String SETTINGS = """
            set folder="imap://127.0.0.1:%d/"
            set spoolfile="+INBOX"
            set imap_user="%s"
            set imap_pass="%s"
            set ssl_starttls=no
            set ssl_force_tls=no
            set delete=yes
            set confirmappend=no
            set confirmcreate=no
            set quit=yes
            set copy=no
            set move=no
            set wait_key=no
            push "<first-entry><flag-message><next-entry><delete-message><quit>"
            """;

    @TempDir
    private Path folder;

    @Test
    void muttFlagsAndDeletes() throws Exception {
        readWith(Program.require("mutt", "mutt"));
    }

    @Test
    void neomuttFlagsAndDeletes() throws Exception {
        readWith(Program.require("neomutt", "neomutt"));
    }

    private void readWith(Program reader) throws Exception {
        Program script = Program.require("script", "bsdutils");
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            Path settings = Files.writeString(
                    folder.resolve("muttrc"), SETTINGS.formatted(mailbox.port(), ImapMailbox.USER, mailbox.password()));
            Program.Result result = script.run(
                    "",
                    Map.of("HOME", folder.toString(), "TERM", "vt100", "COLUMNS", "80", "LINES", "24"),
                    "--quiet",
                    "--return",
                    "--command",
                    reader.file() + " -n -F " + settings,
                    "/dev/null");
            assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
            String flags = Program.require("curl", "curl")
                    .run("--silent", "--noproxy", "*", "--insecure", "--user", ImapMailbox.USER + ":" + mailbox.password(),
                            "imaps://127.0.0.1:" + mailbox.tlsPort() + "/INBOX", "--request", "FETCH 1:* (UID FLAGS)")
                    .output();
            assertThat(flags).as(result.output()).contains("(UID 1 FLAGS (\\Flagged").contains("(UID 2").doesNotContain("UID 3");
        }
    }
}
