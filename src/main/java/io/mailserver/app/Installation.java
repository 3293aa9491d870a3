package io.mailserver.app;

import io.mailserver.base.OperatorException;
import io.mailserver.config.ConfigTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The server as a service of systemd: program in {@code /usr/lib/mailserver}, command {@code /usr/bin/mailserver}, unit, user,
 * {@code /etc/mailserver} and {@code /var/lib/mailserver}. Doing it twice changes nothing that a person changed; undoing it
 * takes back all but the data.
 *
 * <p>With a root other than {@code /} it only writes files, for packagers and tests: no users, no systemd.
 */
final class Installation {
    static final String USER = "mailserver";
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> GROUP_READS = PosixFilePermissions.fromString("rwxr-x---");
    private static final Set<PosixFilePermission> SERVICE_READS = PosixFilePermissions.fromString("rw-r-----");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path root;
    private final List<String> said = new ArrayList<>();

    Installation(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /**
     * Installs or renews the program.
     *
     * @param home the folder with launcher and scripts
     * @param jars the folder with mailserver.jar and lib
     * @param java the Java to run it with
     * @return what was done, a line each
     */
    List<String> install(Path home, Path jars, Path java) {
        requireRoot("install");
        requireReachableJava(java);
        try {
            makeUser();
            copyProgram(home, jars);
            makeFolder("etc/mailserver", GROUP_READS, "root", USER);
            makeConfiguration();
            makeFolder("var/lib/mailserver", PRIVATE, USER, USER);
            giveData(USER);
            writeUnit(java);
            if (isRealRoot()) {
                run("/usr/lib/mailserver/mailserver", "--make-aot-cache");
                systemctl("daemon-reload");
                systemctl("enable", "mailserver.service");
            }
        } catch (IOException e) {
            throw new OperatorException("installation failed: " + e, "mend that and run it again: it goes on where it ended", e);
        }
        return List.copyOf(said);
    }

    /** Takes back all that {@link #install} made but configuration and data. Returns what was done, a line each. */
    List<String> uninstall() {
        requireRoot("uninstall");
        try {
            if (isRealRoot()) {
                systemctl("disable", "--now", "mailserver.service");
            }
            remove("etc/systemd/system/mailserver.service");
            remove("usr/bin/mailserver");
            remove("usr/lib/mailserver");
            remove("etc/mailserver");
            if (isRealRoot()) {
                systemctl("daemon-reload");
                // The user's number may be given to somebody else next.
                giveData("root");
                if (Privileges.find(USER).isPresent()) {
                    run("userdel", USER);
                    say("removed the user " + USER);
                }
            }
            Path data = at("var/lib/mailserver");
            if (Files.exists(data)) {
                say("kept the data in " + data);
            }
        } catch (IOException e) {
            throw new OperatorException("could not take everything back: " + e, "mend that and run it again", e);
        }
        return List.copyOf(said);
    }

    private void requireRoot(String command) {
        if (isRealRoot() && !Privileges.isRoot()) {
            throw new OperatorException(command + " changes the system and needs root", "sudo ./mailserver " + command);
        }
    }

    private void requireReachableJava(Path java) {
        if (isRealRoot() && (java.startsWith("/home") || java.startsWith("/root"))) {
            throw new OperatorException("the service cannot see a Java in somebody's home: " + java,
                    "install a JDK 25 for everybody (docs/installation.md)");
        }
    }

    private void makeUser() throws IOException {
        if (isRealRoot() && Privileges.find(USER).isEmpty()) {
            run("useradd", "--system", "--user-group", "--home-dir", "/var/lib/mailserver", "--no-create-home",
                    "--shell", "/usr/sbin/nologin", USER);
            say("made the user " + USER);
        }
    }

    /** The old program is put aside and the new one put in its place at one stroke: a running server keeps its open jars. */
    private void copyProgram(Path home, Path jars) throws IOException {
        Path program = at("usr/lib/mailserver");
        if (Files.exists(program) && Files.isSameFile(home, program)) {
            say("the program in " + program + " is this one");
            return;
        }
        Path fresh = at("usr/lib/mailserver.new");
        remove(fresh);
        Files.createDirectories(fresh.resolve("scripts"));
        Files.createDirectories(fresh.resolve("lib"));
        Files.copy(home.resolve("mailserver"), fresh.resolve("mailserver"));
        Files.copy(home.resolve("scripts/launch.sh"), fresh.resolve("scripts/launch.sh"));
        Files.copy(jars.resolve("mailserver.jar"), fresh.resolve("mailserver.jar"));
        try (DirectoryStream<Path> libraries = Files.newDirectoryStream(jars.resolve("lib"), "*.jar")) {
            for (Path library : libraries) {
                Files.copy(library, fresh.resolve("lib").resolve(library.getFileName()));
            }
        }
        makeReadable(fresh);
        Path old = at("usr/lib/mailserver.old");
        remove(old);
        if (Files.exists(program)) {
            Files.move(program, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
        remove(old);
        Path command = Files.createDirectories(at("usr/bin")).resolve("mailserver");
        Files.deleteIfExists(command);
        Files.createSymbolicLink(command, Path.of("../lib/mailserver/mailserver"));
        say("wrote " + program + " and " + command);
    }

    /** Whatever the umask: others read the program, nobody but root writes it. */
    private static void makeReadable(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.toList()) {
                boolean executable = Files.isDirectory(path) || path.endsWith("mailserver");
                Files.setPosixFilePermissions(path, executable ? READABLE : PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
    }

    private void makeFolder(String path, Set<PosixFilePermission> permissions, String owner, String group) throws IOException {
        Path folder = at(path);
        if (Files.exists(folder)) {
            return;
        }
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, permissions);
        if (isRealRoot()) {
            run("chown", owner + ":" + group, folder.toString());
        }
        say("made " + folder);
    }

    /** The service may not write here itself. */
    private void makeConfiguration() throws IOException {
        Path file = at("etc/mailserver/config.yml");
        if (Files.exists(file)) {
            return;
        }
        ConfigTemplate.write(file);
        Files.setPosixFilePermissions(file, SERVICE_READS);
        if (isRealRoot()) {
            run("chown", "root:" + USER, file.toString());
        }
        say("made " + file);
    }

    /** Data of an earlier installation belongs to whoever it says now. */
    private void giveData(String owner) throws IOException {
        Path data = at("var/lib/mailserver");
        if (isRealRoot() && Files.exists(data) && !Files.getOwner(data).getName().equals(owner)) {
            run("chown", "-R", "-h", owner + ":" + owner, data.toString());
            say("gave " + data + " to " + owner);
        }
    }

    private void writeUnit(Path java) throws IOException {
        String unit;
        try (InputStream in = Objects.requireNonNull(Installation.class.getResourceAsStream("mailserver.service"))) {
            unit = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("@JAVA_HOME@", java.toString());
        }
        Path file = at("etc/systemd/system/mailserver.service");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        if (!Files.exists(file) || !Files.readString(file).equals(unit)) {
            Files.writeString(file, unit);
            say("wrote " + file);
        }
    }

    private void systemctl(String... arguments) throws IOException {
        if (!Files.isDirectory(Path.of("/run/systemd/system"), LinkOption.NOFOLLOW_LINKS)) {
            if (!arguments[0].equals("daemon-reload")) {
                say("systemd does not run here; not done: systemctl " + String.join(" ", arguments));
            }
            return;
        }
        List<String> command = new ArrayList<>(List.of("systemctl", "--quiet"));
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private void remove(String path) throws IOException {
        Path target = at(path);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            remove(target);
            say("removed " + target);
        }
    }

    private static void remove(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static void run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + status + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Path at(String path) {
        return root.resolve(path);
    }

    private boolean isRealRoot() {
        return root.equals(Path.of("/"));
    }

    private void say(String line) {
        said.add(line);
    }
}
