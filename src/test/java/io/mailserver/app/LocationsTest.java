package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationsTest {
    @TempDir
    Path folder;

    @Test
    void rootUsesTheSystemsFolders() {
        Locations found = Locations.find(Optional.of(folder.resolve("none.yml")), Optional.empty(), Map.of(), true);
        assertThat(found.data()).isEqualTo(Path.of("/var/lib/mailserver"));
    }

    @Test
    void everybodyElseUsesTheFolderWhereTheyAre() {
        Locations found = Locations.find(Optional.of(folder.resolve("none.yml")), Optional.empty(), Map.of(), false);
        assertThat(found.data()).isEqualTo(Path.of("data").toAbsolutePath());
    }

    @Test
    void aNamedDataFolderBringsItsOwnConfigurationAlsoForRoot() {
        Locations found = Locations.find(Optional.empty(), Optional.of(folder.resolve("d")), Map.of(), true);
        assertThat(found.configFile()).isEqualTo(folder.resolve("d/config.yml"));
    }

    @Test
    void theConfigurationMayNameTheDataFolderAndTheCommandLineOutranksIt() throws IOException {
        Path file = folder.resolve("c.yml");
        Files.writeString(file, "data: " + folder.resolve("from-file") + "\n");
        assertThat(Locations.find(Optional.of(file), Optional.empty(), Map.of(), false).data()).isEqualTo(folder.resolve("from-file"));
        assertThat(Locations.find(Optional.of(file), Optional.of(folder.resolve("x")), Map.of(), false).data())
                .isEqualTo(folder.resolve("x"));
    }
}
