package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Debian's Dovecot as a private instance ({@code bench/dovecot-instance}). Needs root. */
final class DovecotServer implements ImapServer {
    private final Path script;
    private final Path folder;
    private final int port;
    private final int tlsPort;
    private ProcessTree processes;

    private DovecotServer(Path script, Path folder, int port, int tlsPort) throws IOException {
        this.script = script;
        this.folder = folder;
        this.port = port;
        this.tlsPort = tlsPort;
        this.processes = start();
    }

    /** @param folder for its configuration and mail; an unprivileged user must be able to reach it */
    static DovecotServer start(Path script, Path folder) throws IOException {
        return new DovecotServer(script, folder, PostfixServer.freePort(), PostfixServer.freePort());
    }

    private ProcessTree start() throws IOException {
        String pid = run(List.of(script.toString(), "start", folder.toString(), Integer.toString(port), Integer.toString(tlsPort)));
        return new ProcessTree(Long.parseLong(pid.lines().toList().getLast().strip()));
    }

    @Override
    public String name() {
        return "dovecot";
    }

    @Override
    public InetSocketAddress imap() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public InetSocketAddress imaps() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tlsPort);
    }

    @Override
    public ProcessTree processes() {
        return processes;
    }

    @Override
    public void restart() throws IOException {
        close();
        processes = start();
    }

    @Override
    public void forgetWhatWasFetched() throws IOException {
        close();
        try (Stream<Path> files = Files.walk(folder.resolve("mail"), 4)) {
            for (Path file : files.filter(path -> path.endsWith("dovecot.index.cache")).toList()) {
                Files.delete(file);
            }
        }
        processes = start();
    }

    @Override
    public void close() throws IOException {
        run(List.of(script.toString(), "stop", folder.toString()));
    }

    private static String run(List<String> command) throws IOException {
        Path output = Files.createTempFile("dovecot-instance", ".out");
        try {
            // A file, as its daemon would keep a pipe open.
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw new OperatorException("Dovecot cannot be started: " + Files.readString(output, StandardCharsets.UTF_8).strip(),
                        "it needs root and Debian's package dovecot-imapd (./dev test --all installs it)");
            }
            return Files.readString(output, StandardCharsets.UTF_8).strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.delete(output);
        }
    }
}
