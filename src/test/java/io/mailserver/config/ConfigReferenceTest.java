package io.mailserver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    private static final Path PAGE = Path.of("docs/configuration.md");

    @Test
    void thePageIsUpToDate() throws IOException {
        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, ConfigReference.markdown());
        }
        assertThat(Files.readString(PAGE))
                .as(PAGE + "; ./dev docs rewrites it")
                .isEqualTo(ConfigReference.markdown());
    }

    @Test
    void everyKeyIsDescribedAndHasADefaultOrAnExample() {
        for (Schema.Entry entry : Schema.allKeysOf(Config.class)) {
            assertThat(entry.key().doc()).as(entry.path()).matches("(?s)[A-Zc-z].*\\.");
            if (entry.kind() != Schema.Kind.SECTION) {
                assertThat(entry.key().value() + entry.key().example()).as(entry.path()).isNotEmpty();
            }
        }
    }

    @Test
    void everyNumberHasAUnitAndBounds() {
        for (Schema.Entry entry : Schema.allKeysOf(Config.class)) {
            if (entry.item() == int.class || entry.item() == long.class) {
                assertThat(List.of(entry.key().unit(), entry.key().min(), entry.key().max())).as(entry.path()).doesNotContain("");
            }
        }
    }
}
