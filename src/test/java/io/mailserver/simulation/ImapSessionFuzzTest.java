package io.mailserver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any command in any state, from two sessions on one mailbox: each is answered, and none meets a bug. */
class ImapSessionFuzzTest {
    private static final List<String> COMMANDS = List.of(
            "CAPABILITY", "NOOP", "CHECK", "NAMESPACE", "ID NIL", "ID (\"name\" \"x\")", "LOGIN alice secret",
            "LOGIN alice wrong",
            "SELECT INBOX", "SELECT Sent", "SELECT nowhere", "EXAMINE INBOX", "SELECT INBOX (CONDSTORE)",
            "SELECT INBOX (QRESYNC (1001 2))", "SELECT INBOX (QRESYNC (1001 2 1:9 (1:3 1:3)))", "CLOSE", "UNSELECT",
            "EXPUNGE", "UID EXPUNGE 1:5",
            "ENABLE CONDSTORE", "ENABLE QRESYNC", "ENABLE IMAP4rev2", "ENABLE UTF8=ACCEPT",
            "CREATE box", "CREATE box/under", "DELETE box", "DELETE INBOX", "RENAME box box2", "DELETE box2",
            "SUBSCRIBE box", "UNSUBSCRIBE box",
            "LIST \"\" *", "LIST \"\" %", "LIST \"\" \"\"", "LSUB \"\" *",
            "LIST (SUBSCRIBED) \"\" * RETURN (CHILDREN STATUS (MESSAGES))",
            "STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ SIZE DELETED MAILBOXID)",
            "STATUS Sent (MESSAGES)",
            "FETCH 1:* (FLAGS UID)", "FETCH 1 BODY[]", "FETCH 2 (BODY.PEEK[HEADER] RFC822.SIZE)",
            "UID FETCH 1:* FLAGS", "FETCH * ALL",
            "FETCH 1:3 (BODY[1.MIME] BODY[2] BODY[1.1.HEADER] BODY.PEEK[HEADER.FIELDS (X)]<1.3>)",
            "UID FETCH 1:99 (MODSEQ) (CHANGEDSINCE 3)",
            "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 3 VANISHED)",
            "FETCH 1 (PREVIEW SAVEDATE EMAILID THREADID INTERNALDATE)", "FETCH 1 BINARY[1]",
            "FETCH 1 BINARY.SIZE[1]", "FETCH $ FLAGS", "FETCH 1:2 (RFC822 RFC822.TEXT RFC822.HEADER)",
            "UID FETCH 5:4 UID",
            "STORE 1 +FLAGS (\\Deleted)", "STORE 2 FLAGS.SILENT (\\Seen $A)", "UID STORE 1:* -FLAGS ($A)",
            "STORE 1:* +FLAGS.SILENT (\\Deleted $B)",
            "STORE 1 (UNCHANGEDSINCE 2) +FLAGS (\\Seen)", "UID STORE 3 +FLAGS (\\Nonsense)", "COPY 1 Sent",
            "COPY 1:* INBOX", "UID COPY 2:9 INBOX",
            "MOVE 1 Sent", "UID MOVE 1:3 INBOX", "MOVE 1 nowhere", "APPEND INBOX {7+}\r\nA: b\r\n\r",
            "APPEND INBOX (\\Seen $C) {4+}\r\nA: b",
            "APPEND nowhere {3+}\r\nabc", "SEARCH ALL", "SEARCH DELETED", "UID SEARCH RETURN (SAVE COUNT) 1:*",
            "SEARCH TEXT text", "SORT (SUBJECT) UTF-8 ALL",
            "THREAD REFERENCES UTF-8 ALL", "IDLE\r\nDONE", "GETQUOTA \"\"", "UNAUTHENTICATE", "NONSENSE", "FETCH",
            "FETCH 0 FLAGS", "UID", "");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyCommandIsAnswered(long seed) throws Exception {
        Random random = new Random(seed);
        try (ImapWorld world = new ImapWorld(folder)) {
            world.act(List.of("set", "max-errors", "10000"));
            world.act(List.of("set-auth", "failures-per-connection", "100"));
            world.act(List.of("mail", "alice", "5"));
            Talker[] talkers = {new Talker(world), new Talker(world)};
            for (int i = 0; i < 300; i++) {
                int who = random.nextInt(2);
                if (talkers[who].ended) {
                    talkers[who].close();
                    talkers[who] = new Talker(world);
                }
                if (random.nextInt(8) == 0) {
                    world.act(List.of("mail", "alice", "1"));
                }
                boolean setUp = random.nextInt(6) == 0;
                String any = COMMANDS.get(random.nextInt(COMMANDS.size()));
                String command = setUp ? (random.nextBoolean() ? "LOGIN alice secret" : "SELECT INBOX") : any;
                talkers[who].say("t" + i, command);
                assertThat(world.log().events("imap.bug")).as(command).isEmpty();
                assertThat(world.log().events("connection.failed")).as(command).isEmpty();
            }
            talkers[0].close();
            talkers[1].close();
        }
    }

    private static final class Talker implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private boolean ended;

        Talker(ImapWorld world) throws IOException {
            socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), world.port("imap"));
            socket.setSoTimeout(30_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            assertThat(in.readLine()).startsWith("* OK");
        }

        /** Sends it and reads up to its answer. */
        void say(String tag, String command) throws IOException {
            socket.getOutputStream().write((tag + " " + command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            while (line != null && !line.startsWith(tag + " ") && !line.startsWith("* BYE") && !line.startsWith("* BAD")) {
                line = in.readLine();
            }
            ended = line == null || line.startsWith("* BYE");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
