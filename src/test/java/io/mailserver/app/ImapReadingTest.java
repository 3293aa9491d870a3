package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.admin.ControlClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Mail comes in by SMTP and is read by IMAP, in one whole server. */
class ImapReadingTest {
    private static final String USER = "postmaster@example.com";
    private static final Pattern PASSWORD = Pattern.compile("has the password (\\S+)");

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
                Client client = new Client(server.imapPort())) {
            assertThat(client.readLine()).contains("LOGINDISABLED");
            assertThat(client.command("a1", "LOGIN " + USER + " " + password(server)).getLast()).startsWith("a1 NO [PRIVACYREQUIRED]");
        }
    }

    @Test
    void idleSessionHearsOfMailAsItArrives() throws Exception {
        try (RunningServer server = start();
                Client client = loggedIn(server)) {
            client.command("a1", "SELECT INBOX");
            client.send("a2 IDLE");
            assertThat(client.readLine()).isEqualTo("+ idling");
            deliver(server, "first");
            assertThat(client.readLine()).isEqualTo("* 1 EXISTS");
            assertThat(client.readLine()).isEqualTo("* 1 RECENT");
            deliver(server, "second");
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
                Client client = loggedIn(server)) {
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
                Client client = loggedIn(server)) {
            password = password(server);
            deliver(server, "kept");
            uidValidity = uidValidity(client);
            assertThat(client.command("a2", "STORE 1 +FLAGS (\\Flagged $Work)")).anyMatch(line -> line.contains("\\Flagged $Work"));
        }
        try (RunningServer server = start();
                Client client = new Client(server.imapPort())) {
            client.readLine();
            client.command("a0", "LOGIN " + USER + " " + password);
            assertThat(uidValidity(client)).isEqualTo(uidValidity);
            assertThat(client.command("a2", "FETCH 1 (UID FLAGS)").getFirst()).isEqualTo("* 1 FETCH (UID 1 FLAGS (\\Flagged $Work))");
        }
    }

    private static String uidValidity(Client client) throws IOException {
        return client.command("v", "SELECT INBOX").stream().filter(line -> line.contains("UIDVALIDITY")).findFirst().orElseThrow();
    }

    private RunningServer start() {
        return RunningServer.start(folder.resolve("data"), Map.of("imap.plaintext-login-from", "127.0.0.0/8"));
    }

    private static Client loggedIn(RunningServer server) throws IOException {
        Client client = new Client(server.imapPort());
        client.readLine();
        assertThat(client.command("a0", "LOGIN " + USER + " " + password(server)).getLast()).startsWith("a0 OK");
        return client;
    }

    private static String password(RunningServer server) {
        Matcher line = PASSWORD.matcher(server.secrets().getFirst());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    private static void deliver(RunningServer server, String subject) throws IOException {
        try (Client smtp = new Client(server.smtpPort())) {
            smtp.send("EHLO c.example\r\nMAIL FROM:<a@sender.example>\r\nRCPT TO:<" + USER + ">\r\nDATA\r\n"
                    + "From: a@sender.example\r\nSubject: " + subject + "\r\n\r\ntext\r\n.\r\nQUIT");
            List<String> lines = new ArrayList<>();
            String line = smtp.readLine();
            while (!line.startsWith("221")) {
                lines.add(line);
                line = smtp.readLine();
            }
            assertThat(lines.getLast()).startsWith("250 2.0.0");
        }
    }

    /** A socket with lines. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
            socket.setSoTimeout(30_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void send(String line) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        String readLine() throws IOException {
            String line = in.readLine();
            return line == null ? "(end)" : line;
        }

        /** All lines of the answer. */
        List<String> command(String tag, String command) throws IOException {
            send(tag + " " + command);
            List<String> lines = new ArrayList<>();
            do {
                lines.add(readLine());
            } while (!lines.getLast().startsWith(tag + " ") && !lines.getLast().equals("(end)"));
            return lines;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
