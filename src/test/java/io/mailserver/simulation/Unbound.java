package io.mailserver.simulation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's unbound on a port of loopback, which has some zones of its own and asks nobody. Ended by the test. */
public final class Unbound implements AutoCloseable {
    private final Process process;
    private final InetSocketAddress address;

    private Unbound(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Signs {@code zone}, a file, into the file {@code signed}; the folder then has its key in the file {@code anchor}.
     *
     * @param name of the zone and of its file
     */
    public static void sign(Path folder, String name, String signed) throws IOException, InterruptedException {
        assumeTrue(has("ldns-signzone"), "missing: apt install ldnsutils");
        PeerProcess.Output output = PeerProcess.run(new byte[0], List.of("sh", "-c", "cd '" + folder + "'"
                + " && K=$(ldns-keygen -a ECDSAP256SHA256 -k " + name + ") && ldns-signzone -f " + signed + " " + name
                + " $K && cp $K.key anchor"));
        if (output.exitCode() != 0) {
            throw new AssertionError(output.err() + output.out());
        }
    }

    /** A port that nobody listens on; unbound cannot be told to choose one. */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /**
     * Starts one; it may be a moment until it answers.
     *
     * @param folder with its zones' files and the file {@code anchor}
     * @param modules such as {@code validator iterator}
     * @param downstream whether clients are answered from the zones themselves, without any validation
     * @param zones name and file in the folder
     */
    public static Unbound start(Path folder, int port, String modules, boolean downstream, List<String> zones)
            throws IOException, InterruptedException {
        assumeTrue(has("unbound"), "missing: apt install unbound");
        StringBuilder config = new StringBuilder("""
                server:
                  interface: 127.0.0.1
                  port: %d
                  do-daemonize: no
                  chroot: ""
                  username: ""
                  directory: "%s"
                  pidfile: ""
                  use-syslog: no
                  do-not-query-localhost: no
                  num-threads: 1
                  ede: yes
                  module-config: "%s"
                  trust-anchor-file: "%s/anchor"
                remote-control:
                  control-enable: no
                """.formatted(port, folder, modules, folder));
        for (String zone : zones) {
            String[] words = zone.split(" ", -1);
            config.append("""
                    auth-zone:
                      name: "%s"
                      zonefile: "%s/%s"
                      for-downstream: %s
                      for-upstream: yes
                      fallback-enabled: no
                    """.formatted(words[0], folder, words[1], downstream ? "yes" : "no"));
        }
        Path file = Files.writeString(folder.resolve("unbound-" + port + ".conf"), config);
        Process process = new ProcessBuilder("/usr/sbin/unbound", "-d", "-c", file.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("unbound-" + port + ".log").toFile()).start();
        return new Unbound(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
    }

    private static boolean has(String program) throws IOException, InterruptedException {
        return PeerProcess.run(new byte[0], List.of("sh", "-c", "PATH=$PATH:/usr/sbin; command -v " + program)).exitCode() == 0;
    }
}
