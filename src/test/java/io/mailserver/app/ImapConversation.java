package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A socket with lines, to a {@link RunningServer} with its one account. */
final class ImapConversation implements AutoCloseable {
    static final String USER = "postmaster@example.com";

    private static final Pattern PASSWORD = Pattern.compile("has the password (\\S+)");

    private final Socket socket;
    private final BufferedReader in;

    ImapConversation(int port) throws IOException {
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setSoTimeout(60_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static ImapConversation loggedIn(RunningServer server) throws IOException {
        ImapConversation client = new ImapConversation(server.imapPort());
        client.readLine();
        assertThat(client.command("a0", "LOGIN " + USER + " " + password(server)).getLast()).startsWith("a0 OK");
        return client;
    }

    /** That of the first start. */
    static String password(RunningServer server) {
        Matcher line = PASSWORD.matcher(server.secrets().getFirst());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    /** Has a message arrive by SMTP; returns once it was accepted. */
    static void deliver(RunningServer server, String subject) throws IOException {
        try (ImapConversation smtp = new ImapConversation(server.smtpPort())) {
            smtp.send("EHLO c.example\r\nMAIL FROM:<a@sender.example>\r\nRCPT TO:<" + USER + ">\r\nDATA\r\n"
                    + "From: a@sender.example\r\nSubject: " + subject + "\r\n\r\ntext\r\n.\r\nQUIT");
            List<String> lines = new ArrayList<>();
            String line = smtp.readLine();
            while (!line.startsWith("221") && !line.equals("(end)")) {
                lines.add(line);
                line = smtp.readLine();
            }
            assertThat(lines.getLast()).startsWith("250 2.0.0");
        }
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
