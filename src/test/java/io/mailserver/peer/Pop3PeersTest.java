package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** POP3 with the programs that people fetch mail with: Python's poplib, curl, getmail and fetchmail. */
@Tag("peer")
class Pop3PeersTest {
    private static final String SCRIPT = """
            import poplib, ssl, sys
            port, tls_port, user, password = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
            pop = poplib.POP3('127.0.0.1', port)
            context = ssl._create_unverified_context()
            assert 'STLS' in pop.capa()
            pop.stls(context)
            pop.user(user)
            pop.pass_(password)
            assert pop.stat()[0] == 3
            assert b'Subject: message 2' in pop.retr(2)[1]
            assert b'This is text 2.' not in pop.top(2, 0)[1]
            ids = [line.split()[1] for line in pop.uidl()[1]]
            assert len(set(ids)) == 3
            pop.dele(1)
            pop.quit()
            pop = poplib.POP3_SSL('127.0.0.1', tls_port, context=context)
            pop.user(user)
            pop.pass_(password)
            assert [line.split()[1] for line in pop.uidl()[1]] == ids[1:]
            pop.quit()
            """;

    @TempDir
    private Path folder;

    @Test
    void poplibFetchesAndDeletes() throws Exception {
        Program python = Program.require("python3", "python3");
        Path script = Files.writeString(folder.resolve("fetch.py"), SCRIPT);
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            Program.Result result = python.run(
                    script.toString(), "" + mailbox.pop3Port(), "" + mailbox.pop3sPort(), ImapMailbox.USER, mailbox.password());
            assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
        }
    }

    @Test
    void curlFetches() throws Exception {
        Program curl = Program.require("curl", "curl");
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(2);
            Program.Result result = curl.run("--silent", "--show-error", "--insecure", "--user",
                    ImapMailbox.USER + ":" + mailbox.password(), "pop3s://127.0.0.1:" + mailbox.pop3sPort() + "/2");
            assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
            assertThat(result.output()).contains("Subject: message 2", "This is text 2.");
        }
    }

    /** These programs refuse files with passwords that others can read. */
    private Path secret(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    @Test
    void fetchmailTakesTheMailAndKnowsWhatItKept() throws Exception {
        Program fetchmail = Program.require("fetchmail", "fetchmail");
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            Path taken = folder.resolve("taken");
            List<String> results = new ArrayList<>();
            StringBuilder output = new StringBuilder();
            for (String keep : List.of("keep", "keep", "nokeep fetchall", "keep")) {
                Path config = secret("fetchmailrc", """
                        poll 127.0.0.1 protocol POP3 port %d auth password uidl
                          username "%s" password "%s" ssl no sslcertck %s
                          mda "cat >> %s"
                        """.formatted(mailbox.pop3sPort(), ImapMailbox.USER, mailbox.password(), keep, taken));
                Files.deleteIfExists(taken);
                Program.Result result = fetchmail.run("", Map.of("FETCHMAILHOME", folder.toString()),
                        "-f", config.toString(), "--nodetach", "--pidfile", folder.resolve("pid").toString());
                results.add(result.status() + (Files.exists(taken) ? " with mail" : ""));
                output.append(result.output());
            }
            // It took them, knew them, took them again and removed them; status 1 says that there is nothing new.
            assertThat(results).as(output + mailbox.output()).containsExactly("0 with mail", "1", "0 with mail", "1");
        }
    }

    @Test
    void getmailKnowsWhatItHas() throws Exception {
        Program getmail = Program.require("getmail", "getmail6");
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            secret("getmailrc", """
                    [retriever]
                    type = SimplePOP3SSLRetriever
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
                    read_all = false
                    delete = false
                    """.formatted(mailbox.pop3sPort(), ImapMailbox.USER, mailbox.password(), folder.resolve("taken")));
            for (int times = 0; times < 2; times++) {
                Program.Result result = getmail.run("", Map.of("HOME", folder.toString()), "--getmaildir", folder.toString(),
                        "--rcfile", folder.resolve("getmailrc").toString());
                assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
                assertThat(result.output()).contains(times == 0 ? "3 messages" : "0 messages"); // it knows what it has
            }
            assertThat(Files.readString(folder.resolve("taken"))).contains("This is text 1.").contains("This is text 3.");
        }
    }
}
