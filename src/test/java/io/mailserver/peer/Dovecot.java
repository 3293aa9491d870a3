package io.mailserver.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Dovecot of the test's own: in a folder, on a loopback port, one user with one password, a copy of one Maildir. Closed by the test.
 *
 * <p>Dovecot never reads mail as root. Where root runs the tests, the copy belongs to nobody, Dovecot's processes run as the users of
 * its package, and the folder is one that they may enter.
 */
final class Dovecot implements AutoCloseable {
    static final String USER = "alice";
    static final String PASSWORD = "secret";

    private static final Object NOBODY = 65534;

    private final Process process;
    private final Path folder;
    private final int port;

    private Dovecot(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Starts it on a copy of {@code maildir} and returns when it accepts connections. */
    static Dovecot start(Path maildir) throws Exception {
        Program program = Program.require("dovecot", "dovecot-imapd");
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(maildir, "unix:uid"));
        Path folder = Files.createTempDirectory("dovecot");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        copy(maildir, folder.resolve("Maildir"), root);
        int port = freePort();
        Path configuration = folder.resolve("dovecot.conf");
        Files.writeString(configuration, configuration(folder, port, root));
        Process process = program.start(Map.of(), "-F", "-c", configuration.toString());
        Dovecot dovecot = new Dovecot(process, folder, port);
        while (process.isAlive() && !Files.exists(folder.resolve("run/master.pid"))) {
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        if (!process.isAlive()) {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            throw new AssertionError("Dovecot did not start: " + said + "\n" + dovecot.log());
        }
        return dovecot;
    }

    int port() {
        return port;
    }

    /** The copy of the Maildir that it works on; for another program after {@link #stop}. */
    Path maildir() {
        return folder.resolve("Maildir");
    }

    /** Ends it; what it wrote stays until {@link #close}. */
    void stop() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Says commands, each answered OK, and gives everything that came back. */
    String talk(String... commands) throws IOException {
        StringBuilder said = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(20_000);
            for (String command : commands) {
                socket.getOutputStream().write(("t " + command + "\r\n").getBytes(StandardCharsets.UTF_8));
                StringBuilder answer = new StringBuilder();
                while (!answer.toString().matches("(?s)(.*\r\n)?t (OK|NO|BAD) [^\r\n]*\r\n")) {
                    int octet = socket.getInputStream().read();
                    if (octet < 0) {
                        throw new AssertionError(said + answer.toString());
                    }
                    answer.append((char) octet);
                }
                said.append(answer);
            }
        }
        return said.toString();
    }

    String log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public void close() throws IOException {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void copy(Path maildir, Path to, boolean root) throws IOException {
        try (Stream<Path> files = Files.walk(maildir)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(maildir.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                if (root) {
                    Files.setAttribute(target, "unix:uid", NOBODY);
                }
            }
        }
    }

    private static String configuration(Path folder, int port, boolean root) {
        String me = System.getProperty("user.name");
        String users = root
                ? ""
                : "default_internal_user = %1$s%ndefault_internal_group = %1$s%ndefault_login_user = %1$s".formatted(me);
        return """
                base_dir = %1$s/run
                log_path = %1$s/log
                protocols = imap
                listen = 127.0.0.1
                ssl = no
                disable_plaintext_auth = no
                first_valid_uid = 1
                mail_location = maildir:%1$s/Maildir
                mail_plugins = listescape
                namespace inbox {
                  inbox = yes
                  separator = /
                }
                %2$s
                passdb {
                  driver = static
                  args = password=%3$s
                }
                userdb {
                  driver = static
                  args = uid=%4$s gid=%6$s home=%1$s
                }
                service imap-login {
                  chroot =
                  inet_listener imap {
                    port = %5$d
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                service anvil {
                  chroot =
                }
                service stats {
                  chroot =
                }
                """.formatted(folder, users, PASSWORD, root ? "nobody" : me, port, root ? "nogroup" : me);
    }

    /** Dovecot cannot choose a port itself; one that was free a moment ago is. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
