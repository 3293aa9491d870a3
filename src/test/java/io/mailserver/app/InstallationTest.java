package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    private static final Path JAVA = Path.of("/usr/lib/jvm/jdk-25");

    @TempDir
    Path folder;

    private Path home;
    private Path jars;
    private Path root;

    @BeforeEach
    void makeProgram() throws IOException {
        home = folder.resolve("my project");
        jars = home.resolve("target/run");
        root = folder.resolve("root");
        Files.createDirectories(jars.resolve("lib"));
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(home.resolve("mailserver"), "#!/bin/sh\n");
        Files.writeString(home.resolve("scripts/launch.sh"), "# launch\n");
        Files.writeString(jars.resolve("mailserver.jar"), "first");
        Files.writeString(jars.resolve("lib/a.jar"), "a");
    }

    @Test
    void writesProgramCommandUnitAndFolders() throws IOException {
        new Installation(root).install(home, jars, JAVA);
        assertThat(root.resolve("usr/bin/mailserver").toRealPath()).isEqualTo(root.resolve("usr/lib/mailserver/mailserver").toRealPath());
        assertThat(root.resolve("usr/lib/mailserver/lib/a.jar")).hasContent("a");
        assertThat(root.resolve("etc/systemd/system/mailserver.service")).content()
                .contains("MAILSERVER_JAVA_HOME=" + JAVA, "ProtectSystem=strict", "CapabilityBoundingSet=CAP_NET_BIND_SERVICE")
                .doesNotContain("@JAVA_HOME@");
        assertThat(permissions("usr/lib/mailserver/mailserver")).isEqualTo("rwxr-xr-x");
        assertThat(permissions("usr/lib/mailserver/mailserver.jar")).isEqualTo("rw-r--r--");
        assertThat(permissions("etc/mailserver")).isEqualTo("rwxr-x---");
        assertThat(permissions("etc/mailserver/config.yml")).isEqualTo("rw-r-----");
        assertThat(permissions("var/lib/mailserver")).isEqualTo("rwx------");
    }

    @Test
    void renewsTheProgramAndKeepsConfigurationAndData() throws IOException {
        new Installation(root).install(home, jars, JAVA);
        Files.writeString(root.resolve("etc/mailserver/config.yml"), "mine");
        Files.writeString(jars.resolve("mailserver.jar"), "second");
        Files.delete(jars.resolve("lib/a.jar"));
        Files.writeString(jars.resolve("lib/b.jar"), "b");
        new Installation(root).install(home, jars, JAVA);
        assertThat(root.resolve("usr/lib/mailserver/mailserver.jar")).hasContent("second");
        assertThat(root.resolve("usr/lib/mailserver/lib/a.jar")).doesNotExist();
        assertThat(root.resolve("etc/mailserver/config.yml")).hasContent("mine");
    }

    @Test
    void saysNothingToDoTheSecondTimeFromTheInstalledProgram() {
        new Installation(root).install(home, jars, JAVA);
        Path program = root.resolve("usr/lib/mailserver");
        assertThat(new Installation(root).install(program, program, JAVA)).containsExactly("the program in " + program + " is this one");
    }

    @Test
    void takesBackAllButTheData() throws IOException {
        new Installation(root).install(home, jars, JAVA);
        Files.writeString(root.resolve("var/lib/mailserver/mail"), "precious");
        List<String> said = new Installation(root).uninstall();
        try (var left = Files.walk(root)) {
            assertThat(left.filter(Files::isRegularFile)).containsExactly(root.resolve("var/lib/mailserver/mail"));
        }
        assertThat(said).contains("kept the data in " + root.resolve("var/lib/mailserver"));
        assertThat(new Installation(root).uninstall()).containsExactly("kept the data in " + root.resolve("var/lib/mailserver"));
    }

    @Test
    void systemdUnderstandsTheUnit() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "needs systemd-analyze (Debian package systemd)");
        new Installation(root).install(home, jars, JAVA);
        Path unit = root.resolve("etc/systemd/system/mailserver.service");
        Files.writeString(unit, Files.readString(unit).replace("/usr/lib/mailserver/mailserver", "/bin/true"));
        Process verify = new ProcessBuilder("/usr/bin/systemd-analyze", "verify", "--man=no", unit.toString())
                .redirectErrorStream(true).start();
        String output = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("mailserver.service");
    }

    private String permissions(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path)));
    }
}
