package io.mailserver.app;

import io.mailserver.base.Domain;
import io.mailserver.base.SystemTime;
import io.mailserver.log.Level;
import io.mailserver.log.LogFormat;
import io.mailserver.log.ServerLog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole server on free loopback ports in a folder of the test, for tests of its wiring and of peers. Closed by the test. */
public final class RunningServer implements AutoCloseable {
    public static final Domain DOMAIN = new Domain("example.com");

    private static final String SOME_LISTENERS = """
            [{service: smtp, port: SMTP, address: 127.0.0.1, label: a},
             {service: submission, port: 0, address: 127.0.0.1, label: b},
             {service: submissions, port: 0, address: 127.0.0.1, label: c},
             {service: imap, port: 0, address: 127.0.0.1, label: d},
             {service: imaps, port: 0, address: 127.0.0.1, label: e},
             {service: http, port: 0, address: 127.0.0.1, label: f},
             {service: https, port: HTTPS, address: 127.0.0.1, label: g},
             {service: pop3, port: 0, address: 127.0.0.1, label: h},
             {service: pop3s, port: 0, address: 127.0.0.1, label: i}]""";

    private final SystemTime time = new SystemTime();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final List<String> secrets = new ArrayList<>();
    private final ServerLog log;
    private final Server server;
    private final Path data;
    private final Domain domain;

    private RunningServer(Path data, Domain domain, Map<String, String> sets) {
        this.data = data;
        this.domain = domain;
        log = LogFormat.CONSOLE.open(output, time, Level.INFO);
        // No test asks the machine's resolver: at port 1 nobody answers, at once.
        // Run by root on a machine with a user mailserver, the server would become that user, and all other tests of this JVM with it.
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "listeners", listeners("127.0.0.1", 0, 0), "user", "root", "dns.servers", "[127.0.0.1:1]"));
        all.putAll(sets);
        Locations locations = Locations.find(Optional.empty(), Optional.of(data), all, false);
        server = Server.start(new ServerOptions(locations, Optional.of(domain), "test", false, secrets::add), log, time);
    }

    /** @param sets configuration besides the listeners */
    public static RunningServer start(Path data, Map<String, String> sets) {
        return new RunningServer(data, DOMAIN, sets);
    }

    /** @param domain its first domain, instead of {@link #DOMAIN} */
    public static RunningServer start(Path data, Domain domain, Map<String, String> sets) {
        return new RunningServer(data, domain, sets);
    }

    /** The listeners that this class knows, elsewhere; ports that are 0 are chosen by the system. */
    public static String listeners(String address, int smtpPort, int httpsPort) {
        return SOME_LISTENERS.replace("127.0.0.1", address).replace("HTTPS", Integer.toString(httpsPort))
                .replace("SMTP", Integer.toString(smtpPort));
    }

    public Server server() {
        return server;
    }

    public int smtpPort() {
        return server.listeners().get(0).port();
    }

    public int submissionPort() {
        return server.listeners().get(1).port();
    }

    public int submissionsPort() {
        return server.listeners().get(2).port();
    }

    public int imapPort() {
        return server.listeners().get(3).port();
    }

    public int imapsPort() {
        return server.listeners().get(4).port();
    }

    public int pop3Port() {
        return server.listeners().get(5).port();
    }

    public int pop3sPort() {
        return server.listeners().get(6).port();
    }

    public int httpPort() {
        return server.listeners().get(7).port();
    }

    public int httpsPort() {
        return server.listeners().get(8).port();
    }

    /** The line with the postmaster's password. */
    public List<String> secrets() {
        return List.copyOf(secrets);
    }

    /** What the server printed so far. */
    public String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /** The Maildir of an account of its first domain. */
    public Path maildir(String user) {
        return data.resolve("accounts").resolve(domain.ascii()).resolve(user).resolve("Maildir");
    }

    @Override
    public void close() {
        server.close();
        log.close();
        time.close();
    }
}
