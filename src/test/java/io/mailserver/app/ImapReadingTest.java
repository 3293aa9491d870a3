package io.mailserver.app;

import static io.mailserver.app.ImapConversation.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.admin.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Mail comes in by SMTP and is read by IMAP, in one whole server. */
class ImapReadingTest {
    @TempDir
    private Path folder;

    @Test
    void startNamesThePortsForProgramsThatReadIt() {
        try (RunningServer server = RunningServer.start(folder.resolve("data"), Map.of())) {
            Awaitility.await().untilAsserted(() -> assertThat(server.output())
                    .contains("[INIT] IMAP :" + server.imapPort() + "\n", "[INIT] IMAP :" + server.imapsPort() + "\n"));
        }
    }

    @Test
    void nobodyLogsInWithoutTlsUnlessItIsConfigured() throws Exception {
        try (RunningServer server = RunningServer.start(folder.resolve("data"), Map.of());
                ImapConversation client = new ImapConversation(server.imapPort())) {
            assertThat(client.readLine()).contains("LOGINDISABLED");
            assertThat(client.command("a1", "LOGIN " + USER + " " + ImapConversation.password(server)).getLast())
                    .startsWith("a1 NO [PRIVACYREQUIRED]");
        }
    }

    @Test
    void idleSessionHearsOfMailAsItArrives() throws Exception {
        try (RunningServer server = start();
                ImapConversation client = ImapConversation.loggedIn(server)) {
            client.command("a1", "SELECT INBOX");
            client.send("a2 IDLE");
            assertThat(client.readLine()).isEqualTo("+ idling");
            ImapConversation.deliver(server, "first");
            assertThat(client.readLine()).isEqualTo("* 1 EXISTS");
            assertThat(client.readLine()).isEqualTo("* 1 RECENT");
            ImapConversation.deliver(server, "second");
            assertThat(client.readLine()).isEqualTo("* 2 EXISTS");
            assertThat(client.readLine()).isEqualTo("* 2 RECENT");
            client.send("DONE");
            assertThat(client.readLine()).isEqualTo("a2 OK IDLE completed");
            assertThat(client.command("a3", "FETCH 1:2 BODY.PEEK[HEADER.FIELDS (SUBJECT)]"))
                    .contains("Subject: first", "Subject: second");
        }
    }

    @Test
    void sessionsEndWhenTheirAccountIsDisabled() throws Exception {
        try (RunningServer server = start();
                ImapConversation client = ImapConversation.loggedIn(server)) {
            client.command("a1", "SELECT INBOX");
            try (ControlClient control = ControlClient.connect(folder.resolve("data")).orElseThrow()) {
                assertThat(control.run("account.disable", new JsonMapper().readTree("{\"address\":\"" + USER + "\"}"))).isNotNull();
            }
            assertThat(client.readLine()).isEqualTo("* BYE [UNAVAILABLE] The account can no longer be used");
        }
    }

    @Test
    void uidsAndFlagsStayOverARestart() throws Exception {
        String password;
        String uidValidity;
        try (RunningServer server = start();
                ImapConversation client = ImapConversation.loggedIn(server)) {
            password = ImapConversation.password(server);
            ImapConversation.deliver(server, "kept");
            uidValidity = uidValidity(client);
            assertThat(client.command("a2", "STORE 1 +FLAGS (\\Flagged $Work)")).anyMatch(line -> line.contains("\\Flagged $Work"));
        }
        try (RunningServer server = start();
                ImapConversation client = new ImapConversation(server.imapPort())) {
            client.readLine();
            client.command("a0", "LOGIN " + USER + " " + password);
            assertThat(uidValidity(client)).isEqualTo(uidValidity);
            assertThat(client.command("a2", "FETCH 1 (UID FLAGS)").getFirst()).isEqualTo("* 1 FETCH (UID 1 FLAGS (\\Flagged $Work))");
        }
    }

    /** Another program removes a file while a session moves it: the other messages arrive, and nothing waits for what never comes. */
    @Test
    void moveOfAFileThatIsGoneEnds() throws Exception {
        try (RunningServer server = start();
                ImapConversation client = ImapConversation.loggedIn(server)) {
            ImapConversation.deliver(server, "gone");
            ImapConversation.deliver(server, "there");
            client.command("a1", "SELECT INBOX");
            try (Stream<Path> files = Files.list(server.maildir("postmaster").resolve("new"))) {
                Files.delete(files.filter(file -> file.toString().endsWith("-1")).findFirst().orElseThrow());
            }
            assertThat(client.command("a2", "UID MOVE 1:2 Trash").getLast()).startsWith("a2 OK");
            assertThat(client.command("a3", "STATUS Trash (MESSAGES)").getFirst()).isEqualTo("* STATUS \"Trash\" (MESSAGES 1)");
        }
    }

    private static String uidValidity(ImapConversation client) throws IOException {
        return client.command("v", "SELECT INBOX").stream().filter(line -> line.contains("UIDVALIDITY")).findFirst().orElseThrow();
    }

    private RunningServer start() {
        return RunningServer.start(folder.resolve("data"), Map.of("imap.plaintext-login-from", "127.0.0.0/8"));
    }
}
