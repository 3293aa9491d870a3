package io.mailserver.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A whole server with scanners of others, and swaks that sends to it. */
final class ScannedServer implements AutoCloseable {
    /** What spam filters look for to be tried. */
    static final String GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    private final Path folder;
    private final Program swaks;
    private final MailServer server;

    /** @param sets configuration under {@code spam}; our own rule for GTUBE is off */
    ScannedServer(Path folder, Program swaks, Map<String, String> sets) {
        this.folder = folder;
        this.swaks = swaks;
        Map<String, String> all = new LinkedHashMap<>(Map.of("spam.without", "[GTUBE]"));
        sets.forEach((key, value) -> all.put("spam." + key, value));
        this.server = new MailServer(folder.resolve("data"), all);
    }

    /** Sends a message with a subject and a body; what swaks said. */
    String send(String subject, String body) throws Exception {
        return sendRaw("From: Ann <ann@sender.example>\r\nTo: " + MailServer.USER + "\r\nSubject: " + subject
                + "\r\nDate: Mon, 30 Nov 2026 04:00:00 +0000\r\nMessage-ID: <1@sender.example>\r\n\r\n" + body + "\r\n");
    }

    /** Sends a message as it stands. */
    String sendRaw(String message) throws Exception {
        Path file = Files.createTempFile(folder, "message", ".eml");
        Files.writeString(file, message, StandardCharsets.ISO_8859_1);
        return swaks.run("--server", "127.0.0.1:" + server.smtpPort(), "--ehlo", "mail.sender.example", "--from", "ann@sender.example",
                "--to", MailServer.USER, "--data", "@" + file).output();
    }

    /** The messages of the INBOX. */
    List<String> inbox() throws IOException {
        return server.messages();
    }

    /** The one message of Junk. */
    String junk() throws IOException {
        try (Stream<Path> files = Files.list(server.maildir().resolve(".Junk/new"))) {
            List<Path> all = files.toList();
            if (all.size() != 1) {
                throw new AssertionError(all.size() + " messages in Junk");
            }
            return Files.readString(all.getFirst(), StandardCharsets.ISO_8859_1);
        }
    }

    String output() {
        return server.output();
    }

    @Override
    public void close() {
        server.close();
    }
}
