package io.mailserver.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds: a configuration, or a message for the operator, soon. {@code -Dfuzz.seconds=600} runs longer, {@code
 * -Dfuzz.seed=N} repeats a run.
 */
class ConfigFuzzTest {
    private static final String[] PIECES = {
        "smtp", "listeners", "max-errors", "tls", ":", ": ", "\n", "\n  ", "\n\t", "- ", "[", "]", "{", "}", ",", "'", "\"", "#", "|", ">",
        "&a", "*a", "!!str", "---", "...", "%YAML 1.2\n", "? ", "\\", "\0", "\u0085", "\ufeff", "\ud800", "99999999999999999999", "-1",
        "50MiB", "5m", "1d", "~", "null", "true", "<<", "file:", "env:", "10.0.0.0/8", "\u2028", "é", "😀"
    };

    @TempDir
    private Path folder;

    @Test
    @Timeout(3600)
    void anyTextIsAConfigurationOrAMessage() throws IOException {
        long seed = Long.getLong("fuzz.seed", new Random().nextLong());
        Random random = new Random(seed);
        String template = ConfigTemplate.text().replaceAll("(?m)^( *)#(?=[a-z])", "$1");
        Path file = folder.resolve("config.yml");
        long end = System.nanoTime() + Duration.ofSeconds(Long.getLong("fuzz.seconds", 2)).toNanos();
        while (System.nanoTime() < end) {
            String text = random.nextInt(4) == 0 ? pieces(random) : mutated(template, random);
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            try {
                assertThat(ConfigLoader.load(file, Map.of())).isNotNull();
            } catch (OperatorException expected) {
                assertThat(String.valueOf(expected.getMessage()).lines().count()).as("seed " + seed).isBetween(1L, 21L);
            } catch (RuntimeException | StackOverflowError bug) {
                throw new AssertionError("-Dfuzz.seed=" + seed + ", text:\n" + text, bug);
            }
        }
    }

    private static String pieces(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static String mutated(String template, Random random) {
        StringBuilder text = new StringBuilder(template);
        for (int i = random.nextInt(5); i >= 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
                default -> text.setCharAt(at, (char) random.nextInt(0x300));
            }
        }
        return text.toString();
    }
}
