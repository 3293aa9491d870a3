package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.simulation.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountFoldersTest {
    private static final Domain EXAMPLE = new Domain("example.com");

    @TempDir
    private Path data;

    private final PlatformPool pool = new PlatformPool("files", 1, 10);
    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T05:00:00Z"));

    @AfterEach
    void closePool() {
        pool.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice|alice",
                "a.b-c+d_e=f|a.b-c+d_e=f",
                "..|%2e.",
                ".|%2e",
                "-rf|%2drf",
                "../../etc|%2e.%2f..%2fetc",
                "a/b|a%2fb",
                "'a b'|a%20b",
                "100%|100%25",
                "jürgen|j%c3%bcrgen",
            })
    void localPartsBecomeHarmlessNames(String localPart, String name) {
        assertThat(AccountFolders.fileName(localPart)).isEqualTo(name);
    }

    @Test
    void controlCharactersAreEscaped() {
        assertThat(AccountFolders.fileName("a\0b\r\nc")).isEqualTo("a%00b%0d%0ac");
    }

    @Test
    void anEmptyLocalPartHasNoFolder() {
        assertThatThrownBy(() -> AccountFolders.fileName("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anyLocalPartGetsABoundedPlainNameOfItsOwn() {
        long seed = 20261122;
        Random random = new Random(seed);
        Map<String, String> owners = new HashMap<>();
        int[] alphabet = {'a', 'b', '.', '-', '%', '/', '2', 'e', 'f', 0, '\n', 0xe9, 0x3b1, 0x1f600};
        for (int i = 0; i < 50_000; i++) {
            StringBuilder localPart = new StringBuilder();
            int length = 1 + random.nextInt(i % 10 == 0 ? 400 : 5);
            for (int j = 0; j < length; j++) {
                localPart.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
            }
            String name = AccountFolders.fileName(localPart.toString());
            assertThat(name).as("seed %d", seed).matches("[A-Za-z0-9_+=%][A-Za-z0-9_+=%.-]{0,199}");
            String other = owners.put(name, localPart.toString());
            assertThat(other).as("both are %s, seed %d", name, seed).isIn(null, localPart.toString());
        }
    }

    @Test
    void longLocalPartsThatDifferOnlyAtTheEndDiffer() {
        String stem = "x".repeat(500);
        assertThat(AccountFolders.fileName(stem + "1")).isNotEqualTo(AccountFolders.fileName(stem + "2")).hasSize(200);
    }

    @Test
    void theMaildirStandsBelowDomainAndUser() {
        assertThat(folders().maildir(EXAMPLE, "alice")).isEqualTo(data.resolve("accounts/example.com/alice/Maildir"));
    }

    @Test
    void retiredMailIsKeptForAWeekAndThenPurged() throws IOException {
        AccountFolders folders = folders();
        Path mail = folders.maildir(EXAMPLE, "alice").resolve("new/1");
        Files.createDirectories(mail.getParent());
        Files.writeString(mail, "Subject: x\n");

        Path kept = folders.retire(EXAMPLE, "alice", pool).orElseThrow();
        assertThat(folders.folder(EXAMPLE, "alice")).doesNotExist();
        assertThat(kept.resolve("Maildir/new/1")).hasContent("Subject: x\n");

        time.advance(AccountFolders.KEEP_REMOVED);
        assertThat(folders.purge(AccountFolders.KEEP_REMOVED)).isEmpty();
        assertThat(kept).exists();

        time.advance(Duration.ofSeconds(1));
        assertThat(folders.purge(AccountFolders.KEEP_REMOVED)).hasSize(1);
        assertThat(data.resolve("removed")).isEmptyDirectory();
    }

    @Test
    void anAccountRemovedTwiceInOneMomentKeepsBoth() throws IOException {
        AccountFolders folders = folders();
        Files.createDirectories(folders.maildir(EXAMPLE, "alice"));
        Path first = folders.retire(EXAMPLE, "alice", pool).orElseThrow();
        Files.createDirectories(folders.maildir(EXAMPLE, "alice"));
        Path second = folders.retire(EXAMPLE, "alice", pool).orElseThrow();
        assertThat(first).isNotEqualTo(second).exists();
        assertThat(second).exists();
    }

    @Test
    void anAccountWithoutMailHasNothingToRetire() throws IOException {
        assertThat(folders().retire(EXAMPLE, "alice", pool)).isEmpty();
        assertThat(folders().purge(Duration.ZERO)).isEmpty();
    }

    @Test
    void foreignNamesAreNotPurged() throws IOException {
        Files.createDirectories(data.resolve("removed/keep-me"));
        assertThat(folders().purge(Duration.ZERO)).isEmpty();
        assertThat(data.resolve("removed/keep-me")).exists();
    }

    private AccountFolders folders() {
        return new AccountFolders(data, time);
    }
}
