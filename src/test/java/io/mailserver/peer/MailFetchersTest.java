package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that fetch mail: offlineimap, fetchmail, getmail, and imapfilter, which moves it. */
@Tag("peer")
class MailFetchersTest {
    @TempDir
    private Path folder;

    @Test
    void offlineimapKeepsACopyAndPutsUpWhatIsNew() throws Exception {
        Program offlineimap = Program.require("offlineimap", "offlineimap3");
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            Path config = secret("offlineimaprc", """
                    [general]
                    accounts = test
                    metadata = %s
                    ui = basic
                    [Account test]
                    localrepository = near
                    remoterepository = far
                    [Repository near]
                    type = Maildir
                    localfolders = %s
                    [Repository far]
                    type = IMAP
                    remotehost = 127.0.0.1
                    remoteport = %d
                    remoteuser = %s
                    remotepass = %s
                    ssl = no
                    starttls = no
                    """.formatted(folder.resolve("metadata"), folder.resolve("mail"), mailbox.port(), ImapMailbox.USER,
                    mailbox.password()));
            run(offlineimap, mailbox, "-o", "-c", config.toString());
            assertThat(files(folder.resolve("mail/INBOX"))).hasSize(3);
            Files.writeString(folder.resolve("mail/Drafts/new/1.local"), "Subject: written offline\n\ntext\n");
            run(offlineimap, mailbox, "-o", "-c", config.toString());
            String again = run(offlineimap, mailbox, "-o", "-c", config.toString());
            assertThat(again).doesNotContain("Copy message");
            assertThat(files(folder.resolve("mail/Drafts"))).hasSize(1);
        }
    }

    @Test
    void fetchmailTakesTheMail() throws Exception {
        Program fetchmail = Program.require("fetchmail", "fetchmail");
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            Path taken = folder.resolve("taken");
            Path config = secret("fetchmailrc", """
                    poll 127.0.0.1 protocol IMAP port %d auth password
                      username "%s" password "%s" sslproto "" nokeep
                      mda "cat >> %s"
                    """.formatted(mailbox.port(), ImapMailbox.USER, mailbox.password(), taken));
            run(fetchmail, mailbox, "-f", config.toString(), "--nodetach", "--pidfile", folder.resolve("pid").toString());
            assertThat(Files.readString(taken)).contains("This is text 1.").contains("This is text 3.");
            Program.Result again = fetchmail.run("", Map.of("FETCHMAILHOME", folder.toString()),
                    "-f", config.toString(), "--nodetach", "--pidfile", folder.resolve("pid").toString());
            assertThat(again.status()).as("no mail is left: " + again.output()).isEqualTo(1);
        }
    }

    @Test
    void getmailTakesTheMail() throws Exception {
        Program getmail = Program.require("getmail", "getmail6");
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            secret("getmailrc", """
                    [retriever]
                    type = SimpleIMAPRetriever
                    server = 127.0.0.1
                    port = %d
                    username = %s
                    password = %s
                    [destination]
                    type = MDA_external
                    path = /usr/bin/tee
                    arguments = ("-a", "%s")
                    allow_root_commands = true
                    [options]
                    delete = true
                    """.formatted(mailbox.port(), ImapMailbox.USER, mailbox.password(), folder.resolve("taken")));
            run(getmail, mailbox, "--getmaildir", folder.toString(), "--rcfile", folder.resolve("getmailrc").toString());
            assertThat(Files.readString(folder.resolve("taken"))).contains("This is text 1.").contains("This is text 3.");
            assertThat(run(getmail, mailbox, "--getmaildir", folder.toString(), "--rcfile", folder.resolve("getmailrc").toString()))
                    .contains("0 messages (0 bytes) retrieved");
        }
    }

    @Test
    void imapfilterMovesWhatItSearches() throws Exception {
        Program imapfilter = Program.require("imapfilter", "imapfilter");
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            Path config = secret("config.lua", """
                    options.timeout = 30
                    options.starttls = false
                    account = IMAP { server = '127.0.0.1', port = %d, username = '%s', password = '%s' }
                    results = account.INBOX:contain_subject('message 2') + account.INBOX:contain_body('text 3')
                    results:mark_flagged()
                    results:move_messages(account.Archive)
                    exist, unread, unseen, uidnext = account.Archive:check_status()
                    assert(exist == 2, exist)
                    """.formatted(mailbox.port(), ImapMailbox.USER, mailbox.password()));
            String said = run(imapfilter, mailbox, "-c", config.toString());
            assertThat(said).contains("2 messages moved");
        }
    }

    private String run(Program program, ImapMailbox mailbox, String... arguments) throws Exception {
        Program.Result result = program.run("", Map.of("HOME", folder.toString(), "FETCHMAILHOME", folder.toString()), arguments);
        assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
        return result.output();
    }

    /** These programs refuse files with passwords that others can read. */
    private Path secret(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static List<Path> files(Path maildir) throws IOException {
        try (Stream<Path> all = Files.walk(maildir)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> List.of("new", "cur").contains(String.valueOf(Objects.requireNonNull(file.getParent()).getFileName())))
                    .toList();
        }
    }
}
