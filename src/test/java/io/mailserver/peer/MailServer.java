package io.mailserver.peer;

import io.mailserver.admin.Answer;
import io.mailserver.admin.ControlClient;
import io.mailserver.app.RunningServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The whole server with its first account, for a program of others to send to. */
final class MailServer implements AutoCloseable {
    static final String USER = "postmaster@example.com";

    private static final Pattern PASSWORD = Pattern.compile("has the password (\\S+)");

    private final RunningServer server;

    MailServer(Path data) {
        this(data, Map.of());
    }

    /** @param sets configuration besides the listeners */
    MailServer(Path data, Map<String, String> sets) {
        server = RunningServer.start(data, sets);
    }

    int smtpPort() {
        return server.smtpPort();
    }

    int submissionPort() {
        return server.submissionPort();
    }

    int submissionsPort() {
        return server.submissionsPort();
    }

    int httpPort() {
        return server.httpPort();
    }

    String password() {
        Matcher line = PASSWORD.matcher(server.secrets().getFirst());
        if (!line.find()) {
            throw new AssertionError("the first start shows a password");
        }
        return line.group(1);
    }

    /** What the server printed so far. */
    String output() {
        return server.output();
    }

    /** What an operator's command answers as JSON. */
    JsonNode operate(String operation, JsonNode arguments) throws IOException {
        try (ControlClient client = ControlClient.connect(server.server().data()).orElseThrow()) {
            Answer answer = client.run(operation, arguments);
            if (!answer.ok()) {
                throw new AssertionError(answer.lines());
            }
            return answer.data();
        }
    }

    Path maildir() {
        return server.maildir("postmaster");
    }

    /** The one message of the mailbox. */
    String message() throws IOException {
        List<String> all = messages();
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " messages; the server said:\n" + server.output());
        }
        return all.getFirst();
    }

    /** All messages of the mailbox, in UTF-8. */
    List<String> messages() throws IOException {
        if (Files.notExists(maildir().resolve("new"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(maildir().resolve("new"))) {
            return files.map(MailServer::read).toList();
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
