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

    @Test
    void theClosestEntryIsNamed() throws IOException {
        Blocklist list = new Blocklist(write("""
                example
                bad.example
                eve@bad.example
                *.w*rd.test
                203.0.113.0/24
                203.0.113.9
                2001:db8::/32
                """, 1), time);
        assertThat(match(list, "203.0.113.9", "bad.example")).contains("203.0.113.9/32");
        assertThat(match(list, "203.0.113.8", "bad.example")).contains("203.0.113.0/24");
        assertThat(match(list, "2001:db8::1")).hasValueSatisfying(entry -> assertThat(entry).endsWith("/32"));
        assertThat(match(list, "192.0.2.1", "Eve@BAD.example")).contains("eve@bad.example");
        assertThat(match(list, "192.0.2.1", "ann@mail.bad.example")).contains("bad.example");
        assertThat(match(list, "192.0.2.1", "notbad.example")).contains("example");
        assertThat(match(list, "192.0.2.1", "an.example.test", "x@a.weird.test")).contains("*.w*rd.test");
        assertThat(match(list, "192.0.2.1", "", "@", ".", "..", "weird.test")).isEmpty();
    }

    @Test
    void aLargeListIsAskedByHash() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < 200_000; n++) {
            text.append("junk-").append(n).append(".example\n");
        }
        Blocklist list = new Blocklist(write(text.toString(), 1), time);
        assertThat(match(list, "192.0.2.1", "a.b.junk-199999.example")).contains("junk-199999.example");
        assertThat(match(list, "192.0.2.1", "x.".repeat(5_000) + "junk-7.example")).contains("junk-7.example");
        assertThat(list.problem()).isEmpty();
    }

    @Test
    void linesWithAsterisksAreFew() throws IOException {
        String most = "x*.example\n".repeat(Blocklist.MAX_GLOBS);
        assertThat(new Blocklist(write(most + "plain.test\n", 1), time)).satisfies(list -> {
            assertThat(match(list, "192.0.2.1", "plain.test")).isPresent();
            assertThat(list.problem()).isEmpty();
        });
        Blocklist more = new Blocklist(write(most + "*one.test\nplain.test\n", 2), time);
        assertThat(match(more, "192.0.2.1", "one.test")).isEmpty();
        assertThat(match(more, "192.0.2.1", "plain.test")).isPresent();
        assertThat(more.problem()).hasValueSatisfying(problem -> assertThat(problem).contains("*one.test"));
    }

    private Path write(String text, int modified) throws IOException {
        Path file = Files.writeString(folder.resolve("blocked"), text);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(modified)));
    }

    private static Optional<String> match(Blocklist list, String client, String... names) {
        return list.match(InetAddress.ofLiteral(client), List.of(names));
    }
}
