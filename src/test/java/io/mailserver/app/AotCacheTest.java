package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {
    @TempDir
    Path folder;

    private Path cache;
    private Path maps;

    @BeforeEach
    void files() throws IOException {
        cache = Files.writeString(folder.resolve("mailserver.aot"), "");
        maps = folder.resolve("maps");
    }

    @Test
    void isQuietAboutACacheThatIsMapped() throws IOException {
        Files.writeString(maps, "13001000-1395b000 rw-p 00001000 fe:00 2162591                            " + cache + "\n");
        assertThat(AotCache.warning(cache, maps)).isEmpty();
    }

    @Test
    void tellsOfARejectedCache() throws IOException {
        Files.writeString(maps, "7f2fe9ea7000-7f2fe9ee6000 rw-p 0095b000 fe:00 1 /usr/lib/jvm/lib/modules\n");
        assertThat(AotCache.warning(cache, maps)).hasValueSatisfying(
                warning -> assertThat(warning.text()).contains("rejected"));
    }

    @Test
    void tellsOfAMissingCache() throws IOException {
        Files.writeString(maps, "");
        assertThat(AotCache.warning(folder.resolve("none.aot"), maps)).hasValueSatisfying(
                warning -> assertThat(warning.text()).startsWith("no AOT"));
    }
}
