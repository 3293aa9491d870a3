package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemDatabaseTest {
    @TempDir
    private Path folder;

    @Test
    void onlyTheOwnerReadsIt() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.database.answers()).isTrue();
            for (String name : List.of("system.db", "system.db-wal")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void everyCommitIsFlushedBeforeItIsTold() throws IOException {
        try (SystemDatabase database = SystemDatabase.open(folder)) {
            // 2 is FULL: the write-ahead log is flushed at every commit.
            assertThat(number(database, "PRAGMA synchronous")).isEqualTo(2);
            assertThat(database.<String>read(c -> Sql.first(c, row -> row.getString(1), "PRAGMA journal_mode").orElseThrow()))
                    .isEqualTo("wal");
            assertThat(number(database, "PRAGMA mmap_size")).isZero();
        }
    }

    @Test
    void aNewerFormatIsRefusedAndNotTouched() throws IOException {
        try (SystemDatabase database = SystemDatabase.open(folder)) {
            database.write(c -> Sql.update(c, "UPDATE format SET version = 99"));
        }
        assertThatThrownBy(() -> SystemDatabase.open(folder))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("format 99");
    }

    @Test
    void anOlderFormatIsMigratedAfterACopy() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.accounts.list()).hasSize(1);
        }
        List<SystemFormat.Migration> next = new ArrayList<>(SystemSchema.MIGRATIONS);
        int version = next.getLast().toVersion();
        next.add(new SystemFormat.Migration(version + 1, List.of("ALTER TABLE accounts ADD COLUMN colour VARCHAR(10)")));
        try (SystemDatabase database = SystemDatabase.open(folder, next)) {
            assertThat(number(database, "SELECT version FROM format")).isEqualTo(version + 1);
            assertThat(number(database, "SELECT COUNT(*) FROM accounts WHERE colour IS NULL")).isEqualTo(1);
        }
        Path copies = Files.createDirectory(folder.resolve("copy"));
        Files.copy(folder.resolve("system.db.format-" + version), copies.resolve("system.db"));
        try (Fixture old = new Fixture(copies)) {
            assertThat(old.accounts.list()).extracting(Account::localPart).containsExactly("alice");
        }
    }

    @Test
    void aMigrationThatFailsLeavesTheOldFormat() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.accounts.list()).hasSize(1);
        }
        List<SystemFormat.Migration> broken = new ArrayList<>(SystemSchema.MIGRATIONS);
        int next = broken.getLast().toVersion() + 1;
        broken.add(new SystemFormat.Migration(next, List.of("ALTER TABLE accounts ADD COLUMN colour VARCHAR(10)", "NONSENSE")));
        assertThatThrownBy(() -> SystemDatabase.open(folder, broken)).isInstanceOf(IOException.class);
        try (Fixture fixture = new Fixture(folder)) {
            assertThat(fixture.accounts.list()).hasSize(1);
        }
    }

    @Test
    void networkFileSystemsAreRefused() {
        for (String type : List.of("nfs4", "cifs", "NFS", "fuse.sshfs")) {
            assertThatThrownBy(() -> SystemDatabase.refuseNetwork(type, folder))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("network file system");
        }
        SystemDatabase.refuseNetwork("ext4", folder);
    }

    @Test
    void somethingElseOfThatNameIsRefused() throws IOException {
        Files.writeString(folder.resolve("system.db"), "This is a letter, not a database.".repeat(100));
        assertThatThrownBy(() -> SystemDatabase.open(folder))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("damaged or no database");
    }

    @Test
    void aFailedChangeLeavesNothing() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            long before = fixture.database.generation();
            assertThatThrownBy(() -> fixture.database.write(c -> {
                        DomainTable.insert(c, new Domain("half.example"), fixture.time.now());
                        throw new SQLException("power gone");
                    }))
                    .isInstanceOf(IOException.class);
            assertThat(fixture.domains.find(new Domain("half.example"))).isEmpty();
            assertThat(fixture.database.generation()).isEqualTo(before);
        }
    }

    @Test
    void idsAreNeverGivenAgain() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            long first = fixture.accounts.get("alice@example.com").id();
            fixture.accounts.remove("alice@example.com");
            fixture.account("alice@example.com");
            assertThat(fixture.accounts.get("alice@example.com").id()).isGreaterThan(first);
            assertThat(fixture.accounts.removed()).extracting(RemovedAccount::id).containsExactly(first);
        }
    }

    @Test
    void manyAtOnceGetOneAccountEach() throws Exception {
        try (Fixture fixture = Fixture.with(folder);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String address = "u" + i % 20 + "@example.com";
                calls.add(() -> {
                    try {
                        fixture.account(address);
                        return true;
                    } catch (OperatorException taken) {
                        return false;
                    }
                });
            }
            int made = 0;
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                made += call.get() ? 1 : 0;
            }
            assertThat(made).isEqualTo(20);
            assertThat(fixture.accounts.list()).extracting(Account::id).doesNotHaveDuplicates().hasSize(20);
        }
    }

    @Test
    void whatWasToldBeforeAKillIsThere() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process adder = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Adder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> told = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(adder.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // The kill may cut the last line.
                if (line.endsWith(".example")) {
                    told.add(line);
                }
                if (told.size() == 50) {
                    adder.toHandle().destroyForcibly();
                }
            }
        }
        adder.waitFor();
        try (Fixture fixture = new Fixture(folder)) {
            assertThat(told).hasSizeGreaterThanOrEqualTo(50);
            assertThat(fixture.domains.list()).extracting(domain -> domain.name().ascii()).containsAll(told);
        }
    }

    @Test
    void aLogTornByAPowerFailureEndsAtAWholeChange() throws IOException {
        Path torn = Files.createDirectory(folder.resolve("torn"));
        try (Fixture fixture = new Fixture(folder)) {
            IntStream.range(0, 5).forEach(i -> add(fixture, "d" + i + ".example"));
            byte[] log = Files.readAllBytes(folder.resolve("system.db-wal"));
            for (int length = 0; length < log.length; length += 1 + log.length / 40) {
                Files.write(torn.resolve("system.db"), Files.readAllBytes(folder.resolve("system.db")));
                Files.write(torn.resolve("system.db-wal"), Arrays.copyOf(log, length));
                Files.deleteIfExists(torn.resolve("system.db-shm"));
                try (Fixture after = new Fixture(torn)) {
                    List<String> names =
                            after.domains.list().stream().map(domain -> domain.name().ascii()).toList();
                    assertThat(names)
                            .isEqualTo(IntStream.range(0, names.size()).mapToObj(i -> "d" + i + ".example").toList());
                }
            }
        }
    }

    private static void add(Fixture fixture, String domain) {
        try {
            fixture.domain(domain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long number(SystemDatabase database, String sql) throws IOException {
        return database.read(c -> Sql.first(c, row -> row.getLong(1), sql).orElseThrow());
    }

    /** Adds domains until it is killed; says each when it is done. */
    static final class Adder {
        private Adder() {}

        public static void main(String[] args) throws IOException {
            try (SystemDatabase database = SystemDatabase.open(Path.of(args[0]));
                    SystemTime time = new SystemTime()) {
                Domains domains = new Domains(database, time);
                for (int i = 0; ; i++) {
                    Domain domain = new Domain("d" + i + ".example");
                    domains.add(domain);
                    System.out.println(domain.ascii());
                }
            }
        }
    }
}
