package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** mutt and Dovecot read what this server stored. */
@Tag("peer")
class MaildirReadersTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String MESSAGE = "Subject: for readers\r\n\r\nline one\r\n..dot\r\n";

    @TempDir
    Path folder;

    @Test
    void muttReadsTheMessage() throws Exception {
        Program.require("mutt", "mutt");
        Program script = Program.require("script", "bsdutils");
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            send(server.smtpPort());
            Path copy = folder.resolve("copy");
            Path settings = folder.resolve("muttrc");
            Files.writeString(settings, """
                    set mbox_type=Maildir wait_key=no confirmappend=no quit=yes pipe_decode=no
                    set folder="%1$s" record="" tmpdir="%1$s"
                    push "<pipe-message>cat > %2$s<enter><quit>"
                    """.formatted(folder, copy));
            // mutt wants a terminal; script gives it one.
            String command = "mutt -n -F " + settings + " -f " + server.maildir();
            String said = script.run("", Map.of("TERM", "vt100", "HOME", folder.toString()), "-qec", command, "/dev/null").output();
            assertThat(copy).as(said).exists();
            assertThat(Files.readString(copy).replace("\r", "")).contains("\nSubject: for readers\n").endsWith("\nline one\n.dot\n");
        }
    }

    @Test
    void dovecotServesTheMessageWithItsExactSize() throws Exception {
        try (MailServer server = new MailServer(folder.resolve("data"))) {
            send(server.smtpPort());
            int octets = server.message().getBytes(StandardCharsets.UTF_8).length;
            try (Dovecot dovecot = Dovecot.start(server.maildir())) {
                String said = imap(dovecot.port(), "LOGIN " + Dovecot.USER + " " + Dovecot.PASSWORD, "SELECT INBOX",
                        "FETCH 1 (RFC822.SIZE BODY.PEEK[TEXT])");
                assertThat(said).contains("* 1 EXISTS", "RFC822.SIZE " + octets, "line one\r\n.dot\r\n").doesNotContain(" NO ");
                // Dovecot logs where S= or W= in a name is wrong.
                assertThat(dovecot.log()).doesNotContainIgnoringCase("size").doesNotContain("Error");
            }
        }
    }

    private static void send(int port) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            converse(socket, "220", "EHLO reader.example", "MAIL FROM:<a@gmail.com>", "RCPT TO:<" + MailServer.USER + ">", "DATA",
                    MESSAGE + ".");
        }
    }

    private static void converse(Socket socket, String greeting, String... lines) throws IOException {
        socket.setSoTimeout(20_000);
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        assertThat(reply(in)).startsWith(greeting);
        for (String line : lines) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            assertThat(reply(in)).matches("[23].*");
        }
    }

    private static String reply(BufferedReader in) throws IOException {
        String line;
        do {
            line = String.valueOf(in.readLine());
        } while (line.length() > 3 && line.charAt(3) == '-');
        return line;
    }

    private static String imap(int port, String... commands) throws IOException {
        StringBuilder said = new StringBuilder();
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.setSoTimeout(20_000);
            for (String command : commands) {
                socket.getOutputStream().write(("t " + command + "\r\n").getBytes(StandardCharsets.UTF_8));
                StringBuilder answer = new StringBuilder();
                while (!answer.toString().matches("(?s)(.*\r\n)?t (OK|NO|BAD) [^\r\n]*\r\n")) {
                    int octet = socket.getInputStream().read();
                    assertThat(octet).as(said + answer.toString()).isNotNegative();
                    answer.append((char) octet);
                }
                said.append(answer);
            }
        }
        return said.toString();
    }
}
