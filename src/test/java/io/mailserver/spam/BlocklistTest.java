package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlocklistTest {
    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T05:00:00Z"));

    @Test
    void domainsAddressesAndNetworksAndWhatIsNone() throws IOException {
        Blocklist list = new Blocklist(write("# ours\nbad.example # since May\neve@good.example\n203.0.113.0/24\n\na b\n", 1), time);
        assertThat(match(list, "192.0.2.1", "bad.example")).contains("bad.example");
        assertThat(match(list, "192.0.2.1", "good.example", "eve@good.example")).contains("eve@good.example");
        assertThat(match(list, "203.0.113.9", "good.example")).contains("203.0.113.0/24");
        assertThat(match(list, "192.0.2.1", "good.example", "ann@good.example")).isEmpty();
        assertThat(list.problem()).hasValueSatisfying(problem -> assertThat(problem).endsWith("no domain, address or network: a b"));
    }

    @Test
    void itIsReadAgainWhenItChangesAndWhenItComesBack() throws IOException {
        Path file = write("bad.example\n", 1);
        Blocklist list = new Blocklist(file, time);
        assertThat(match(list, "192.0.2.1", "bad.example")).isPresent();
        write("other.example\n", 2);
        time.advance(Duration.ofSeconds(11));
        assertThat(match(list, "192.0.2.1", "bad.example")).isEmpty();
        assertThat(match(list, "192.0.2.1", "other.example")).isPresent();
        Files.delete(file);
        time.advance(Duration.ofSeconds(11));
        assertThat(match(list, "192.0.2.1", "other.example")).isEmpty();
        assertThat(list.problem()).hasValueSatisfying(problem -> assertThat(problem).contains("cannot be read"));
        write("other.example\n", 2);
        time.advance(Duration.ofSeconds(11));
        assertThat(match(list, "192.0.2.1", "other.example")).isPresent();
        assertThat(list.problem()).isEmpty();
    }

    private Path write(String text, int modified) throws IOException {
        Path file = Files.writeString(folder.resolve("blocked"), text);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(modified)));
    }

    private static Optional<String> match(Blocklist list, String client, String... names) {
        return list.match(InetAddress.ofLiteral(client), List.of(names));
    }
}
