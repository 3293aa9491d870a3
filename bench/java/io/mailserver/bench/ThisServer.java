package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** This server as people start it, on a port the kernel chose, its output in a file. */
public final class ThisServer implements MeasuredServer {
    private static final Pattern PORT = Pattern.compile("^\\[INIT] (.+) :(\\d+)$", Pattern.MULTILINE);
    /** Those it is compared with do not check senders either; what that costs is measured by itself (bench auth). */
    static final String NO_CHECKS = "checks: {enabled: false}";

    private static final String AGAIN = " again";
    private static final String READY = "[READY] Mail server running";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final long POLL_MILLIS = 5;

    private final Process process;
    private final Path data;
    private final Map<String, Integer> ports;
    private final int mailboxes;
    private final ProcessTree processes;

    private ThisServer(Process process, Path data, Map<String, Integer> ports, int mailboxes) {
        this.process = process;
        this.data = data;
        this.ports = Map.copyOf(ports);
        this.mailboxes = mailboxes;
        this.processes = new ProcessTree(process.pid());
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param command what runs the server's commands: {@code ./mailserver}, or Java with its flags and main class
     * @param data its data folder
     * @param port where to take mail; 0 to let the kernel choose
     * @param mailboxes how many accounts the data folder has, for {@link #maildirs}
     * @throws OperatorException when it does not come up
     */
    public static ThisServer start(List<String> command, Path data, int port, int mailboxes) throws IOException, InterruptedException {
        return start(command, data, port, mailboxes, NO_CHECKS);
    }

    /** @param more lines of its configuration */
    static ThisServer start(List<String> command, Path data, int port, int mailboxes, String more)
            throws IOException, InterruptedException {
        Path log = data.resolveSibling(data.getFileName() + ".log");
        Process process = new ProcessBuilder(startCommand(command, data, port, more)).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile()).start();
        for (long waited = 0; waited < START_LIMIT.toMillis(); waited += POLL_MILLIS) {
            String printed = Files.readString(log, StandardCharsets.UTF_8);
            if (printed.contains(READY)) {
                return new ThisServer(process, data, ports(printed), mailboxes);
            }
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        process.destroyForcibly();
        throw new OperatorException("the server did not start: " + Files.readString(log, StandardCharsets.UTF_8).strip(), "");
    }

    private static Map<String, Integer> ports(String printed) {
        Map<String, Integer> ports = new HashMap<>();
        Matcher matcher = PORT.matcher(printed);
        while (matcher.find()) {
            // Two listeners may have one name: IMAP with STARTTLS, then IMAP in TLS, as configured below.
            String name = ports.containsKey(matcher.group(1)) ? matcher.group(1) + AGAIN : matcher.group(1);
            ports.put(name, Integer.parseInt(matcher.group(2)));
        }
        return ports;
    }

    /** Starts it on a new data folder and adds the mailboxes. */
    public static ThisServer startNew(List<String> command, Path data, int mailboxes) throws IOException, InterruptedException {
        return startNew(command, data, mailboxes, NO_CHECKS);
    }

    /** @param more lines of its configuration */
    static ThisServer startNew(List<String> command, Path data, int mailboxes, String more) throws IOException, InterruptedException {
        ThisServer server = start(command, data, 0, mailboxes, more);
        try (SocketChannel control = SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("control.sock")));
                BufferedReader answers = new BufferedReader(Channels.newReader(control, StandardCharsets.UTF_8))) {
            for (int n = 1; n <= mailboxes; n++) {
                String request = "{\"v\":1,\"operation\":\"account.add\",\"arguments\":{\"address\":\"user%d@%s\",\"password\":\"%s\"}}\n"
                        .formatted(n, SmtpLoad.DOMAIN, ImapServer.PASSWORD);
                control.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
                String answer = answers.readLine();
                if (answer == null || !answer.contains("\"ok\":true")) {
                    throw new OperatorException("account user" + n + " cannot be added: " + answer, "");
                }
            }
        } catch (IOException | OperatorException e) {
            server.kill();
            throw e;
        }
        return server;
    }

    /** Where mail of its own users is taken, after STARTTLS and a login. */
    InetSocketAddress submission() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.getOrDefault("SMTP submission", 0));
    }

    /** HTTP on loopback, where programs may send passwords. */
    int httpPort() {
        return ports.getOrDefault("HTTP metrics", 0);
    }

    int imapPort() {
        return ports.getOrDefault("IMAP", 0);
    }

    int imapsPort() {
        return ports.getOrDefault("IMAP" + AGAIN, 0);
    }

    /** The whole command line of a start; writes the configuration it names. */
    static List<String> startCommand(List<String> command, Path data, int port) throws IOException {
        return startCommand(command, data, port, NO_CHECKS);
    }

    private static List<String> startCommand(List<String> command, Path data, int port, String more) throws IOException {
        Path config = data.resolveSibling(data.getFileName() + ".yml");
        Files.writeString(config, configuration(port, more));
        List<String> start = new ArrayList<>(command);
        start.addAll(List.of("start", "--domain", SmtpLoad.DOMAIN, "--hostname", "mail." + SmtpLoad.DOMAIN));
        start.addAll(List.of("--data", data.toString(), "--config", config.toString()));
        return start;
    }

    /**
     * All listeners of a default server; limits are lifted only where one client that is everybody would meet them. Started by root it
     * stays root: another user could not enter a temporary folder of root's.
     */
    private static String configuration(int port, String more) {
        return """
                user: root
                listeners:
                  - {service: smtp, port: %d, address: 127.0.0.1}
                  - {service: submission, port: 0, address: 127.0.0.1}
                  - {service: submissions, port: 0, address: 127.0.0.1}
                  - {service: imap, port: 0, address: 127.0.0.1}
                  - {service: imaps, port: 0, address: 127.0.0.1}
                  - {service: http, port: 0, address: 127.0.0.1}
                imap:
                  plaintext-login-from: [127.0.0.0/8]
                  sessions-per-account: 20000
                limits:
                  connections: 100000
                  connections-per-address: 100000
                  connections-per-network: 100000
                  new-per-minute: 1000000000
                smtp:
                  max-messages: 1000000000
                  max-message-size: 2GiB
                %s
                """.formatted(port, more);
    }

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public InetSocketAddress smtp() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.getOrDefault("SMTP inbound", 0));
    }

    @Override
    public List<Path> maildirs() {
        return maildirs(data, mailboxes);
    }

    /** The Maildirs below a data folder, server running or not. */
    public static List<Path> maildirs(Path data, int mailboxes) {
        Path accounts = data.resolve("accounts").resolve(SmtpLoad.DOMAIN);
        return IntStream.rangeClosed(1, mailboxes).mapToObj(n -> accounts.resolve("user" + n).resolve("Maildir")).toList();
    }

    @Override
    public ProcessTree processes() {
        return processes;
    }

    /** Ends it as a power failure would end a process: no warning, no last words. Returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it by SIGTERM. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the server did not stop within " + STOP_LIMIT.toSeconds() + " s of SIGTERM");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
