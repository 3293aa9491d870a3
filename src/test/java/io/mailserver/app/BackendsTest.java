package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.LoginLimits;
import io.mailserver.admin.ControlSocket;
import io.mailserver.admin.Operations;
import io.mailserver.admin.StoppedServer;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.SystemTime;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.config.SendingConfig;
import io.mailserver.cli.Application;
import io.mailserver.cli.Backend;
import io.mailserver.cli.Cli;
import io.mailserver.cli.FakeTerminal;
import io.mailserver.cli.Settings;
import io.mailserver.cli.StartOptions;
import io.mailserver.config.AuthConfig;
import io.mailserver.simulation.RecordingLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands from their words to the data folder, with a server and without. */
class BackendsTest {
    private final SystemTime time = new SystemTime();
    private final RecordingLog log = new RecordingLog();

    @TempDir
    private Path data;

    /** Whether a server holds the data folder. */
    enum Mode {
        RUNNING,
        STOPPED
    }

    @AfterEach
    void stopTheClock() {
        time.close();
    }

    @ParameterizedTest
    @EnumSource
    void commandsDoTheSameWithAndWithoutAServer(Mode mode) throws IOException {
        try (Closeable server = server(mode)) {
            assertThat(server).isNotNull();
            assertThat(done("", "domain", "add", "example.com")).contains("domain example.com added");
            assertThat(done("correct horse\n", "account", "add", "Alice@example.com", "--name", "Alice A.", "--quota", "1G"))
                    .contains("account alice@example.com added");
            assertThat(done("", "account", "passwd", "alice@example.com", "--label", "phone", "--random")).contains("shown only now");
            assertThat(done("", "alias", "add", "info@example.com", "alice@example.com")).contains("mail goes to alice@example.com");
            assertThat(done("", "domain", "catch-all", "example.com", "info@example.com")).contains("goes to info@example.com");
            assertThat(done("", "account", "list")).isEqualTo("""
                    ACCOUNT            STATE    QUOTA  NAME
                    alice@example.com  enabled  1 GiB  Alice A.
                    """);
            assertThat(done("", "account", "show", "alice@example.com")).contains("main", "phone", "never");
            assertThat(done("", "account", "list", "--json")).contains("\"quotaBytes\" : 1073741824");
            assertThat(done("", "store", "check", "alice@example.com")).isEqualTo("the mail of alice@example.com is consistent\n");
            Path inbox = data.resolve("accounts/example.com/alice/Maildir/new");
            Files.createDirectories(inbox);
            Files.writeString(inbox.resolve("1.x"), "Subject: x\n\n");
            assertThat(refusedAtLength("", "store", "check", "alice@example.com"))
                    .contains("INBOX: 1 message is not in the index").contains("store rebuild");
            assertThat(done("", "store", "rebuild", "alice@example.com")).contains("is consistent");
            assertThat(done("", "store", "check", "alice@example.com", "--json")).isEqualTo("[ ]\n");
            assertThat(refused("", "domain", "remove", "example.com")).contains("still has 1 account(s) and 1 alias(es)");
            assertThat(refused("short\n", "account", "passwd", "alice@example.com")).contains("shorter than 8 characters");
            done("", "domain", "catch-all", "example.com");
            done("", "alias", "remove", "info@example.com");
            assertThat(done("", "account", "remove", "alice@example.com")).contains("removed");
            done("", "domain", "remove", "example.com");
            log.assertNoErrors();
        }
    }

    @Test
    void withoutAServerThereIsNothingToStop() {
        for (String command : List.of("status", "stop", "reload")) {
            assertThat(refused("", command)).contains("no server is running on this data folder");
        }
        assertThat(refused("", "trace", "list")).contains("no server is running");
    }

    @Test
    void aFolderThatIsNotThereIsNotMade() {
        Path missing = data.resolve("missing");
        FakeTerminal terminal = FakeTerminal.piped("");
        assertThat(new Cli(new Commands(missing), terminal.terminal()).run("account", "list")).isEqualTo(1);
        assertThat(terminal.err()).contains("there is no data folder " + missing);
        assertThat(missing).doesNotExist();
    }

    @Test
    void theLockIsGivenBack() throws IOException {
        done("", "domain", "add", "example.com");
        done("", "domain", "list");
        assertThat(Files.readString(data.resolve("lock"))).isEmpty();
    }

    private String refusedAtLength(String in, String... words) {
        FakeTerminal terminal = FakeTerminal.piped(in);
        assertThat(new Cli(new Commands(data), terminal.terminal()).run(words)).isEqualTo(1);
        return terminal.err();
    }

    private String done(String in, String... words) {
        FakeTerminal terminal = FakeTerminal.piped(in);
        int exit = new Cli(new Commands(data), terminal.terminal()).run(words);
        assertThat(terminal.err()).isEmpty();
        assertThat(exit).isZero();
        return terminal.out();
    }

    private String refused(String in, String... words) {
        FakeTerminal terminal = FakeTerminal.piped(in);
        int exit = new Cli(new Commands(data), terminal.terminal()).run(words);
        assertThat(exit).isEqualTo(1);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err().lines()).hasSize(2);
        return terminal.err();
    }

    /** What a server opens for commands. */
    private Closeable server(Mode mode) throws IOException {
        if (mode == Mode.STOPPED) {
            return () -> {};
        }
        SecureRandom random = new SecureRandom();
        LoginLimits limits = LoginLimits.of(AuthConfig.defaults());
        DataFolder folder = DataFolder.open(data, DataLock.take(data, "test", time), limits, random, time, log);
        PlatformPool files = new PlatformPool("test-files", 1, 10);
        Storage storage = Storage.over(folder, files, "localhost", Config.defaults().storage().folders(), random, time, log);
        Operations operations = new Operations(
                new Operations.Parts(folder.accounts(), folder.folders(), storage.store(), files, null, new StoppedServer(),
                        () -> DnsFacts.of(Config.defaults(), folder.accounts().domains()),
                        () -> { throw new IOException("no queue in this test"); },
                        () -> SpamFiltering.learning(folder, files, time, log), SendingConfig::defaults, random, time), log);
        ControlSocket socket = ControlSocket.open(data, operations, time, log);
        return () -> {
            socket.close();
            storage.close();
            files.close();
            folder.close();
        };
    }

    /** The program's commands on one data folder. */
    private final class Commands implements Application {
        private final Path folder;

        Commands(Path folder) {
            this.folder = folder;
        }

        @Override
        public String version() {
            return "test";
        }

        @Override
        public int start(Settings settings, StartOptions options) {
            return 1;
        }

        @Override
        public Backend connect(Settings settings) throws IOException {
            return Backends.connect(Locations.find(Optional.empty(), Optional.of(folder), Map.of(), false), time, log);
        }

        @Override
        public List<String> install(Path root) {
            return List.of();
        }

        @Override
        public List<String> uninstall(Path root) {
            return List.of();
        }

        @Override
        public Config config(Settings settings) {
            return Config.defaults();
        }

        @Override
        public Time time() {
            return time;
        }

        @Override
        public List<String> firewall(Settings settings) {
            return List.of();
        }
    }
}
