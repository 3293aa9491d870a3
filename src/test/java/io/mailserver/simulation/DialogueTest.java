package io.mailserver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file under {@code src/test/resources/dialogues}, each against a fresh server. With {@code -Ddialogue=FILE} that one alone, with
 * its transcript on standard error.
 */
class DialogueTest {
    private static final Path ALL = Path.of("src/test/resources/dialogues");

    @TempDir
    private Path temporary;

    @TestFactory
    List<DynamicTest> dialogues() throws IOException {
        String one = System.getProperty("dialogue", "");
        if (!one.isEmpty()) {
            return List.of(DynamicTest.dynamicTest(one, () -> play(Path.of(one), true)));
        }
        try (Stream<Path> files = Files.walk(ALL)) {
            List<Path> dialogues = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
            assertThat(dialogues).isNotEmpty();
            return dialogues.stream()
                    .map(file -> DynamicTest.dynamicTest(ALL.relativize(file).toString(), file.toUri(), () -> play(file, false)))
                    .toList();
        }
    }

    private void play(Path file, boolean print) throws Exception {
        Dialogue dialogue = Dialogue.read(file);
        assertThat(dialogue.head()).as("the head of " + file + " names the standard it shows").containsPattern("RFC [0-9]+|DESIGN|issue");
        Path folder = Files.createTempDirectory(temporary, "dialogue");
        try (DialogueRunner runner = new DialogueRunner(dialogue, world(file, folder))) {
            try {
                runner.run();
            } finally {
                if (print) {
                    print(runner.transcript());
                }
            }
        }
    }

    private static DialogueWorld world(Path file, Path folder) {
        String kind = String.valueOf(file.getParent());
        if (kind.endsWith("imap")) {
            return new ImapWorld(folder);
        }
        return kind.endsWith("pop3") ? new Pop3World(folder) : new SmtpWorld(folder);
    }

    /** Past Surefire, which keeps System.out for itself. */
    private static void print(String transcript) {
        try (PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8)) {
            out.print(transcript);
        }
    }
}
