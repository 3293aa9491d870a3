package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegesTest {
    @Test
    void givesUpRootInEveryThread() throws Exception {
        assumeTrue(Privileges.isRoot(), "needs root");
        Privileges.User nobody = Privileges.find("nobody").orElseThrow();
        assertThat(probe("nobody")).containsExactly("uid " + nobody.uid(), "root false", "refused");
    }

    @Test
    void refusesToBecomeRoot() throws Exception {
        assumeTrue(Privileges.isRoot(), "needs root");
        assertThat(String.join("\n", probe("root"))).contains("is root itself").doesNotContain("uid 0");
    }

    @Test
    void findsUsersByName() {
        assertThat(Privileges.find("root")).contains(new Privileges.User("root", 0, 0));
        assertThat(Privileges.find("no-such-user-here")).isEmpty();
    }

    @Test
    void seesAThreadThatKeptRoot(@TempDir Path tasks) throws Exception {
        Files.createDirectories(tasks.resolve("7"));
        Files.writeString(tasks.resolve("7/status"), """
                Name:\tjava
                Uid:\t65534\t65534\t0\t65534
                Gid:\t65534\t65534\t65534\t65534
                Groups:\t65534\s
                CapEff:\t0000000000000400
                """);
        assertThat(Privileges.threadsThatKept(tasks, new Privileges.User("nobody", 65534, 65534)))
                .containsExactly("7 Uid:\t65534\t65534\t0\t65534", "7 CapEff:\t0000000000000400");
    }

    private static List<String> probe(String user) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx64m",
                "-cp", System.getProperty("java.class.path"), PrivilegesProbe.class.getName(), user));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().toList();
    }
}
