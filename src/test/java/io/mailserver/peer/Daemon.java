package io.mailserver.peer;

import static org.awaitility.Awaitility.await;

import io.mailserver.net.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A daemon of others, in the foreground, with all its files in a folder of the test. Closing ends it and all it started.
 *
 * <p>Nothing here needs an unprivileged user, but some daemons become one when root starts them: their folder is open to all.
 */
final class Daemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;

    private Daemon(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one and waits until somebody listens.
     *
     * @param folder where its log goes; made readable and writable for all
     */
    static Daemon start(Program program, Path folder, Endpoint at, String... arguments) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path log = folder.resolve("daemon.log");
        List<String> command = new ArrayList<>(List.of(program.file().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("HOME", folder.toString());
        Daemon daemon = new Daemon(builder.start(), log);
        try {
            daemon.awaitThat(() -> accepts(at));
            return daemon;
        } catch (RuntimeException | Error e) {
            daemon.close();
            throw e;
        }
    }

    /** A port of loopback that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void awaitThat(BooleanSupplier ready) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("it ended with " + process.exitValue() + ": " + said());
            }
            return ready.getAsBoolean();
        });
    }

    private static boolean accepts(Endpoint at) {
        boolean unix = at.text().startsWith("/");
        int colon = at.text().lastIndexOf(':');
        SocketAddress address = unix ? UnixDomainSocketAddress.of(at.text())
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(at.text().substring(colon + 1)));
        try (SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open()) {
            return channel.connect(address);
        } catch (IOException e) {
            return false;
        }
    }

    /** Lets it hang: whoever connects gets no answer. */
    void hang() throws IOException, InterruptedException {
        Process stop = new ProcessBuilder("sh", "-c", "kill -STOP " + process.pid()).inheritIO().start();
        if (stop.waitFor() != 0) {
            throw new AssertionError("kill -STOP failed");
        }
    }

    /** Ends it by SIGKILL, for those that take their time over SIGTERM; closing is still needed. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** What it printed so far. */
    String said() throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            // A hanging one does not hear of its end.
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
