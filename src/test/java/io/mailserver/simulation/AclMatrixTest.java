package io.mailserver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * RFC 4314 §4 as a table: of every command it is tried with all rights but one, for each of them; it must be refused if it needs that
 * right, and done if not. Without the right l the answer must be the one for a mailbox that does not exist.
 */
class AclMatrixTest {
    private static final String RIGHTS = "lrswipkxtea";
    private static final String ROOT = "Other Users/alice@example.com/Root";
    private static final String MESSAGE = "{14+}\r\nSubject: x\r\n\r\n";

    @TempDir
    private Path folder;

    /**
     * One command of the table.
     *
     * @param text with BOX for the mailbox, NEW for the name of none
     * @param needs the letters of the rights, besides l
     * @param selected whether the mailbox is selected before (which needs r)
     */
    private record Tried(String text, String needs, boolean selected) {}

    private static final List<Tried> COMMANDS = List.of(
            new Tried("SELECT BOX", "r", false),
            new Tried("EXAMINE BOX", "r", false),
            new Tried("STATUS BOX (MESSAGES)", "r", false),
            new Tried("APPEND BOX " + MESSAGE, "i", false),
            new Tried("APPEND BOX (\\Seen \\Deleted \\Flagged) " + MESSAGE, "i", false),
            new Tried("CREATE BOX/below", "k", false),
            new Tried("DELETE BOX", "x", false),
            new Tried("RENAME BOX NEW", "x", false),
            new Tried("GETACL BOX", "a", false),
            new Tried("SETACL BOX carol lr", "a", false),
            new Tried("DELETEACL BOX carol", "a", false),
            new Tried("LISTRIGHTS BOX carol", "a", false),
            new Tried("MYRIGHTS BOX", "", false),
            new Tried("GETQUOTAROOT BOX", "r", false),
            new Tried("GETMETADATA BOX /shared/comment", "", false),
            new Tried("SETMETADATA BOX (/shared/comment \"x\")", "w", false),
            new Tried("FETCH 1 FLAGS", "", true),
            new Tried("FETCH 1 BODY[]", "", true),
            new Tried("SEARCH ALL", "", true),
            new Tried("STORE 1 +FLAGS (\\Seen)", "s", true),
            new Tried("STORE 1 -FLAGS (\\Deleted)", "t", true),
            new Tried("STORE 1 +FLAGS (\\Flagged)", "w", true),
            new Tried("STORE 1 +FLAGS (keyword)", "w", true),
            new Tried("STORE 1 FLAGS (\\Draft)", "", true),
            new Tried("EXPUNGE", "e", true),
            new Tried("UID EXPUNGE 1", "e", true),
            new Tried("CLOSE", "", true),
            new Tried("COPY 1 Sent", "", true),
            new Tried("COPY 1 BOX", "i", true),
            new Tried("UID MOVE 1 Sent", "te", true),
            new Tried("REPLACE 1 BOX " + MESSAGE, "ite", true));

    @TestFactory
    List<DynamicTest> withoutOneRight() {
        return RIGHTS.chars().mapToObj(right -> DynamicTest.dynamicTest("without " + (char) right, () -> tryAll((char) right))).toList();
    }

    private void tryAll(char missing) throws Exception {
        try (ImapWorld world = new ImapWorld(folder.resolve("without-" + missing))) {
            
            try (DialogueClient alice = login(world, "alice");
                    DialogueClient bob = login(world, "bob")) {
                say(alice, "CREATE Root");
                say(alice, "SETACL Root bob lk");
                for (int i = 0; i < COMMANDS.size(); i++) {
                    tryOne(alice, bob, COMMANDS.get(i), missing, i);
                }
            }
        }
    }

    private static void tryOne(DialogueClient alice, DialogueClient bob, Tried tried, char missing, int number) throws IOException {
        String box = "Box" + number;
        say(alice, "CREATE Root/" + box);
        say(alice, "APPEND Root/" + box + " " + MESSAGE);
        say(alice, "SETACL Root/" + box + " bob " + RIGHTS.replace("" + missing, ""));
        String name = "\"" + ROOT + "/" + box + "\"";
        if (tried.selected()) {
            String answer = say(bob, "SELECT " + name);
            if (missing == 'l' || missing == 'r') {
                assertThat(answer).startsWith(missing == 'l' ? "NO [NONEXISTENT]" : "NO [NOPERM]");
                return;
            }
            assertThat(answer).startsWith("OK");
        }
        String answer = say(bob, tried.text().replace("BOX/below", "\"" + ROOT + "/" + box + "/below\"").replace("BOX", name)
                .replace("NEW", "\"" + ROOT + "/New" + number + "\""));
        if (missing == 'l' && tried.text().startsWith("CREATE")) {
            assertThat(answer).as(tried.text()).startsWith("NO [NOPERM]"); // as for every place where it may not make mailboxes
        } else if (missing == 'l') {
            String none = "\"" + ROOT + "/None\"";
            String ofNone = say(bob, tried.text().replace("BOX", none).replace("NEW", "\"" + ROOT + "/New\""));
            assertThat(answer).as(tried.text()).startsWith("NO").isEqualTo(ofNone);
        } else if (tried.needs().indexOf(missing) >= 0) {
            assertThat(answer).as(tried.text() + " without " + missing).startsWith("NO [NOPERM]");
        } else {
            assertThat(answer).as(tried.text() + " without " + missing).startsWith("OK");
        }
        say(bob, "SELECT INBOX");
    }

    private static DialogueClient login(ImapWorld world, String user) throws Exception {
        DialogueClient client = DialogueClient.connect("127.0.0.1", world.port("imap"));
        client.readLine();
        assertThat(say(client, "LOGIN " + user + " secret")).startsWith("OK");
        return client;
    }

    /** The tagged answer without its tag. */
    private static String say(DialogueClient client, String command) throws IOException {
        client.send(("t " + command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        Optional<String> line = client.readLine();
        while (line.isPresent() && !line.get().startsWith("t ")) {
            line = client.readLine();
        }
        return line.orElse("t (end)").substring(2);
    }
}
