package io.mailserver.peer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Debian's Postfix with a folder of its own ({@code bench/postfix-instance}), which has the mailbox {@code user1}. Stopped by the test. */
final class Postfix implements AutoCloseable {
    private static final Path SCRIPT = Path.of("bench/postfix-instance").toAbsolutePath();

    private final Program script = new Program(SCRIPT);
    private final Path folder;

    private Postfix(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts it.
     *
     * @param folder new, where other users can come
     * @param settings of main.cf besides
     */
    static Postfix start(Path folder, String domain, String address, int port, List<String> settings) throws Exception {
        Program.require("postfix", "postfix");
        assumeTrue("root".equals(System.getProperty("user.name")), "Postfix starts as root only");
        Postfix postfix = new Postfix(folder);
        Program.Result result = postfix.script.run("", Map.of(
                "POSTFIX_DOMAIN", domain, "POSTFIX_ADDRESS", address, "POSTFIX_MORE", String.join("\n", settings),
                "POSTFIX_LOG", folder.resolveSibling("postfix.log").toString()),
                "start", folder.toString(), Integer.toString(port), "1");
        if (result.status() != 0) {
            throw new AssertionError("Postfix does not start: " + result.output());
        }
        return postfix;
    }

    /** The mailbox. */
    List<String> messages() throws IOException {
        return messages(folder.resolve("mail/user1/Maildir"));
    }

    /** What lies in {@code new}. */
    static List<String> messages(Path maildir) throws IOException {
        Path arrived = maildir.resolve("new");
        if (Files.notExists(arrived)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(arrived)) {
            return files.map(Postfix::read).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What it said. */
    String log() throws IOException {
        return Files.readString(folder.resolveSibling("postfix.log"));
    }

    @Override
    public void close() throws IOException {
        try {
            script.run("stop", folder.toString());
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
