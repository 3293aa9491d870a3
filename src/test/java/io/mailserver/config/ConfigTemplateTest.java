package io.mailserver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTemplateTest {
    @TempDir
    private Path folder;

    @Test
    void theDefaultFileLoadsAsTheDefaults() {
        Path file = folder.resolve("etc/config.yml");
        ConfigTemplate.write(file);

        assertThat(ConfigLoader.load(file, Map.of())).isEqualTo(Config.defaults());
    }

    @Test
    void withEveryDefaultUncommentedItStillLoadsAsTheDefaults() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : ConfigTemplate.text().split("\n", -1)) {
            String name = line.strip().replaceAll("^#([a-z-]+):.*", "$1");
            // Sections may have keys of one name, some with a default and some without: those stay as they are.
            var named = Schema.allKeysOf(Config.class).stream().filter(entry -> entry.name().equals(name)).toList();
            boolean hasDefault = !named.isEmpty() && named.stream().noneMatch(entry -> entry.key().value().isEmpty());
            text.append(hasDefault ? line.replaceFirst("#", "") : line).append('\n');
        }
        Path file = Files.writeString(folder.resolve("config.yml"), text);

        assertThat(text.toString()).contains("\n  max-recipients: 100\n");
        assertThat(ConfigLoader.load(file, Map.of())).isEqualTo(Config.defaults());
    }

    @Test
    void withEveryKeyUncommentedItLoads() throws IOException {
        String text = ConfigTemplate.text().replaceAll("(?m)^( *)#(?=[a-z])", "$1");
        Path file = Files.writeString(folder.resolve("config.yml"), text);

        Config config = ConfigLoader.load(file, Map.of());

        assertThat(config.hostname()).hasToString("Optional[mail.example.com]");
        assertThat(config.tls().certificates()).hasSize(1);
    }

    @Test
    void itNamesEveryKey() {
        assertThat(Schema.allKeysOf(Config.class)).allMatch(entry -> ConfigTemplate.text().contains(entry.name() + ":"));
    }

    @Test
    void linesFitATerminal() {
        assertThat(ConfigTemplate.text().lines().filter(line -> line.strip().startsWith("# "))).allMatch(line -> line.length() <= 100);
    }

    @Test
    void anExistingFileIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yml"), "mine");

        assertThatThrownBy(() -> ConfigTemplate.write(file)).isInstanceOf(OperatorException.class);
        assertThat(file).hasContent("mine");
    }
}
