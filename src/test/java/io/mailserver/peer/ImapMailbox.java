package io.mailserver.peer;

import io.mailserver.admin.ControlClient;
import io.mailserver.app.RunningServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The whole server with its first account, for a program of others to read from; loopback may log in without TLS. */
final class ImapMailbox implements AutoCloseable {
    static final String USER = "postmaster@example.com";

    private static final Pattern PASSWORD = Pattern.compile("has the password (\\S+)");

    private final RunningServer server;
    private final Path data;

    ImapMailbox(Path data) {
        this.data = data;
        server = RunningServer.start(data, Map.of("imap.plaintext-login-from", "127.0.0.0/8"));
    }

    int port() {
        return server.imapPort();
    }

    int tlsPort() {
        return server.imapsPort();
    }

    int pop3Port() {
        return server.pop3Port();
    }

    int pop3sPort() {
        return server.pop3sPort();
    }

    String password() {
        Matcher line = PASSWORD.matcher(server.secrets().getFirst());
        if (!line.find()) {
            throw new AssertionError("the first start shows a password");
        }
        return line.group(1);
    }

    /** What the server printed, for the text of a failure. */
    String output() {
        return server.output();
    }

    void addAccount(String address, String password) throws IOException {
        operate("account.add", JsonNodeFactory.instance.objectNode().put("address", address).put("password", password));
    }

    void removeAccount(String address) throws IOException {
        operate("account.remove", JsonNodeFactory.instance.objectNode().put("address", address));
    }

    private void operate(String operation, ObjectNode arguments) throws IOException {
        try (ControlClient control = ControlClient.connect(data).orElseThrow()) {
            control.run(operation, arguments);
        }
    }

    /** Has so many messages arrive by SMTP: {@code Subject: message 1} and so on. */
    void receive(int count) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.smtpPort())) {
            StringBuilder said = new StringBuilder("EHLO client.example\r\n");
            for (int i = 1; i <= count; i++) {
                said.append("MAIL FROM:<bob@sender.example>\r\nRCPT TO:<" + USER + ">\r\nDATA\r\n")
                        .append("From: Bob <bob@sender.example>\r\nTo: <" + USER + ">\r\nSubject: message " + i + "\r\n")
                        .append("Message-ID: <" + i + "@sender.example>\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\n\r\n")
                        .append("This is text " + i + ".\r\n.\r\n");
            }
            said.append("QUIT\r\n");
            OutputStream out = socket.getOutputStream();
            out.write(said.toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (answers.split("\r\n250 2.0.0 ", -1).length != count + 1) {
                throw new AssertionError(answers);
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
