package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Debian's Postfix as a private instance ({@code bench/postfix-instance}). Needs root: its master process does. */
final class PostfixServer implements MeasuredServer {
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 12_000;

    private final Path script;
    private final Path folder;
    private final int port;
    private final int mailboxes;
    private final ProcessTree processes;

    private PostfixServer(Path script, Path folder, int port, int mailboxes, ProcessTree processes) {
        this.script = script;
        this.folder = folder;
        this.port = port;
        this.mailboxes = mailboxes;
        this.processes = processes;
    }

    /**
     * Starts it.
     *
     * @param script {@code bench/postfix-instance}
     * @param folder for its configuration, queue and mail; an unprivileged user must be able to reach it
     * @throws OperatorException when it cannot be started here
     */
    static PostfixServer start(Path script, Path folder, int mailboxes) throws IOException {
        int port = freePort();
        String pid = run(List.of(script.toString(), "start", folder.toString(), Integer.toString(port),
                Integer.toString(mailboxes)));
        return new PostfixServer(script, folder, port, mailboxes, new ProcessTree(Long.parseLong(pid)));
    }

    /** Starts one that hands all mail on to {@code sinkPort} of loopback. */
    static PostfixServer startRelay(Path script, Path folder, int sinkPort) throws IOException {
        int port = freePort();
        String pid = run(List.of(script.toString(), "start", folder.toString(), Integer.toString(port), "1"),
                Map.of("POSTFIX_MORE", "default_transport = smtp:[127.0.0.1]:" + sinkPort));
        return new PostfixServer(script, folder, port, 1, new ProcessTree(Long.parseLong(pid)));
    }

    /**
     * A port nobody listens on; Postfix cannot be told to choose one itself. Below those that the kernel gives to connections, one of which
     * could have it when it is needed.
     */
    static int freePort() throws IOException {
        BindException last = new BindException("no port tried");
        for (int i = 0; i < PORTS; i++) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                last = e; // Somebody else's.
            }
        }
        throw last;
    }

    @Override
    public String name() {
        return "postfix";
    }

    @Override
    public InetSocketAddress smtp() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public List<Path> maildirs() {
        return IntStream.rangeClosed(1, mailboxes).mapToObj(n -> folder.resolve("mail/user" + n + "/Maildir")).toList();
    }

    @Override
    public ProcessTree processes() {
        return processes;
    }

    @Override
    public void close() throws IOException {
        run(List.of(script.toString(), "stop", folder.toString()));
    }

    private static String run(List<String> command) throws IOException {
        return run(command, Map.of());
    }

    private static String run(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new OperatorException("Postfix cannot be started: " + output,
                        "it needs root and Debian's package postfix (./dev test --all installs it)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return output;
    }
}
