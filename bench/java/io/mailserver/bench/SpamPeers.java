package io.mailserver.bench;

import io.mailserver.base.OctetContent;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.net.Endpoint;
import io.mailserver.spam.Rspamd;
import io.mailserver.spam.ScanResult;
import io.mailserver.spam.Scanner;
import io.mailserver.spam.Spamd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/** Debian's spamd and rspamd with the rules of their packages, without network, each with as many workers as we have threads. */
final class SpamPeers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration ONE_ANSWER = Duration.ofSeconds(20);
    private static final byte[] TRIAL =
            "From: a@example.net\r\nTo: b@example.com\r\nSubject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What asks the network, or others for what it knows. */
    private static final List<String> ASKING = List.of("rbl", "surbl", "fuzzy_check", "spf", "dkim", "dmarc", "arc", "asn", "mx_check",
            "phishing", "url_redirector", "rspamd_update", "greylist", "ratelimit", "history_redis", "dkim_signing", "reputation",
            "replies", "neural", "hfilter");

    private final Path folder;
    private final Time time;
    private final int workers;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Process> running = new ArrayList<>();
    private final Map<String, Scanner> scanners = new LinkedHashMap<>();

    SpamPeers(Path folder, Time time, int workers) {
        this.folder = folder;
        this.time = time;
        this.workers = workers;
    }

    /** By name, those that were added. */
    Map<String, Scanner> scanners() {
        return scanners;
    }

    /** One that was started elsewhere, or Debian's; whether there is one. */
    boolean spamd(Optional<Endpoint> elsewhere) throws IOException {
        Optional<Path> program = program("spamd");
        if (elsewhere.isEmpty() && program.isPresent()) {
            Path own = open(folder.resolve("spamd"));
            Path socket = own.resolve("spamd.sock");
            start(own, List.of(program.get().toString(), "--local", "--nouser-config", "--max-children=" + workers,
                    "--min-children=" + workers, "--max-conn-per-child=100000", "--syslog=null", "--username=nobody",
                    "--helper-home-dir=" + own, "--socketpath=" + socket, "--socketmode=0666"));
            add("spamd", new Spamd(new Endpoint(socket.toString()), time));
        }
        elsewhere.ifPresent(at -> scanners.put("spamd", new Spamd(at, time)));
        return scanners.containsKey("spamd");
    }

    /** The same for rspamd. */
    boolean rspamd(Optional<Endpoint> elsewhere) throws IOException {
        Optional<Path> program = program("rspamd");
        if (elsewhere.isEmpty() && program.isPresent()) {
            Path own = open(folder.resolve("rspamd"));
            Path local = Files.createDirectories(own.resolve("local.d"));
            Path override = Files.createDirectories(own.resolve("override.d"));
            for (String module : ASKING) {
                Files.writeString(local.resolve(module + ".conf"), "enabled = false;\n");
            }
            Files.writeString(local.resolve("options.inc"), "dns { nameserver = [\"127.0.0.1:1\"]; timeout = 100ms; retransmits = 1; }\n");
            int port = PostfixServer.freePort();
            Files.writeString(override.resolve("worker-normal.inc"),
                    "bind_socket = \"127.0.0.1:" + port + "\";\ncount = " + workers + ";\n");
            for (String other : List.of("controller", "proxy", "fuzzy")) {
                Files.writeString(override.resolve("worker-" + other + ".inc"), "enabled = false;\ncount = 0;\n");
            }
            Files.writeString(override.resolve("logging.inc"), "type = \"console\";\nlevel = \"error\";\n");
            start(own, List.of(program.get().toString(), "-f", "-i", "-c", "/etc/rspamd/rspamd.conf", "--var=DBDIR=" + own,
                    "--var=RUNDIR=" + own, "--var=LOGDIR=" + own, "--var=LOCAL_CONFDIR=" + own));
            add("rspamd", new Rspamd(new Endpoint("127.0.0.1:" + port), http, JsonMapper.shared()));
        }
        elsewhere.ifPresent(at -> scanners.put("rspamd", new Rspamd(at, http, JsonMapper.shared())));
        return scanners.containsKey("rspamd");
    }

    private static Optional<Path> program(String name) {
        return List.of("/usr/sbin", "/usr/bin", "/usr/local/bin").stream().map(place -> Path.of(place, name)).filter(Files::isExecutable)
                .findFirst();
    }

    /** A folder that whoever a daemon becomes may use. */
    private static Path open(Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private void start(Path own, List<String> command) throws IOException {
        running.add(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(own.resolve("log").toFile())
                .directory(own.toFile()).start());
    }

    /** Waits until it judges. */
    private void add(String name, Scanner scanner) throws IOException {
        Scanner.Envelope envelope =
                new Scanner.Envelope(InetAddress.getLoopbackAddress(), "x", "a@example.net", List.of("b@example.com"), "");
        long start = time.nanos();
        ScanResult answer = scanner.scan(envelope, new OctetContent(TRIAL), ONE_ANSWER);
        while (answer instanceof ScanResult.Unavailable trouble) {
            if (time.nanos() - start > PATIENCE.toNanos() || !running.getLast().isAlive()) {
                throw new OperatorException(name + " does not answer: " + trouble.reason(),
                        "its log: " + Files.readString(folder.resolve(name).resolve("log")));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            answer = scanner.scan(envelope, new OctetContent(TRIAL), ONE_ANSWER);
        }
        scanners.put(name, scanner);
    }

    @Override
    public void close() {
        for (Process process : running) {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
        http.close();
    }
}
