package io.mailserver.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.OperatorException;
import io.mailserver.simulation.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file holds: a configuration, or a message for the operator. */
class ConfigFuzzTest {
    private static final List<String> ODD = List.of(
            "a: &x [*x]", "? [a]: b", "%YAML 1.2\n---\n", "<<: {a: 1}", "!!binary aGk=", "|\n  text\n", ">-\n  folded\n", "\t- x",
            "{a: [b, {c: d}]}", "'it''s'", "\"\\x41\\u2028\"", "99999999999999999999", "file:secret", "env:HOME", "~", "...\n---\n");

    @TempDir
    private Path folder;

    @Test
    @Timeout(3600)
    void anyTextIsAConfigurationOrAMessage() {
        String everything = ConfigTemplate.text().replaceAll("(?m)^( *)#(?=[a-z])", "$1").replaceAll("(?m)^ *#.*\n", "");
        Path file = folder.resolve("config.yml");
        List<byte[]> examples = Stream.concat(Stream.of(everything), ODD.stream())
                .map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        Fuzz.octets(examples, octets -> {
            try {
                Files.write(file, octets);
                assertThat(ConfigLoader.load(file, Map.of())).isNotNull();
            } catch (OperatorException expected) {
                assertThat(String.valueOf(expected.getMessage()).lines().count()).isBetween(1L, 21L);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
