package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void dataFolder() {
        data = folder.resolve("data");
    }

    @Test
    void storesAMessageAndSaysSoInTheLinesOfTheContract() throws Exception {
        try (RunningServer server = RunningServer.start(data, Map.of())) {
            assertThat(send(server.smtpPort(), "a@gmail.com", "postmaster@example.com")).startsWith("250 2.0.0 ");
            try (Stream<Path> files = Files.list(server.maildir("postmaster").resolve("new"))) {
                Path file = files.toList().getFirst();
                assertThat(file).content().startsWith("Return-Path: <a@gmail.com>").endsWith("\r\n\r\nHello\r\n");
                Awaitility.await().untilAsserted(() -> assertThat(server.output()).containsSubsequence(
                        "[INIT] SMTP inbound :" + server.smtpPort() + "\n",
                        "[INIT] SMTP submission :" + server.submissionPort() + "\n",
                        "[READY] Mail server running\n",
                        "[SMTP:" + server.smtpPort() + "] MAIL FROM:<a@gmail.com> RCPT TO:<postmaster@example.com>\n",
                        "[STORE] Maildir saved: " + file + "\n"));
            }
        }
    }

    @Test
    void makesNewMailReadyToBeSearched() throws Exception {
        try (RunningServer server = RunningServer.start(data, Map.of())) {
            assertThat(send(server.smtpPort(), "a@gmail.com", "postmaster@example.com")).startsWith("250 2.0.0 ");
            Path texts = server.maildir("postmaster").resolveSibling("search-1.text");
            Awaitility.await().untilAsserted(() -> assertThat(texts).content().contains("SUBJECT: X").contains("HELLO"));
        }
    }

    @Test
    void makesWhatIsMissingOnceAndShowsThePasswordOnlyThen() throws IOException {
        try (RunningServer first = RunningServer.start(data, Map.of())) {
            assertThat(first.secrets()).hasSize(1).first().asString().contains("postmaster@example.com");
        }
        assertThat(data.resolve("config.yml")).exists();
        assertThat(data.resolve("tls/self-signed.pem")).exists();
        byte[] certificate = Files.readAllBytes(data.resolve("tls/self-signed.pem"));
        try (RunningServer second = RunningServer.start(data, Map.of())) {
            assertThat(second.secrets()).isEmpty();
        }
        assertThat(data.resolve("tls/self-signed.pem")).hasBinaryContent(certificate);
    }

    @Test
    void refusesASecondServerOnTheSameDataAndSaysWhoHasIt() {
        try (RunningServer server = RunningServer.start(data, Map.of())) {
            assertThat(server.smtpPort()).isPositive();
            assertThatThrownBy(() -> RunningServer.start(data, Map.of()))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("in use by process " + ProcessHandle.current().pid() + " (test) since");
        }
    }

    @Test
    void keepsThePasswordForTheNextStartWhenAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            String listeners = "[{service: smtp, port: " + taken.getLocalPort() + ", address: 127.0.0.1}]";
            assertThatThrownBy(() -> RunningServer.start(data, Map.of("listeners", listeners)))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("cannot listen on port " + taken.getLocalPort());
        }
        try (RunningServer server = RunningServer.start(data, Map.of())) {
            assertThat(server.secrets()).hasSize(1);
        }
    }

    @Test
    void tells421ToWaitingClientsWhenItStops() throws Exception {
        RunningServer server = RunningServer.start(data, Map.of());
        try (Socket client = new Socket(LOOPBACK, server.smtpPort())) {
            BufferedReader in = reader(client);
            assertThat(in.readLine()).startsWith("220 ");
            Instant before = Instant.now();
            server.close();
            assertThat(in.readLine()).startsWith("421 ");
            assertThat(in.readLine()).isNull();
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
        } finally {
            server.close();
        }
    }

    @Test
    void takesANewConfigurationOverForNewSessions() throws Exception {
        try (RunningServer server = RunningServer.start(data, Map.of())) {
            Files.writeString(data.resolve("config.yml"), "smtp:\n  max-message-size: 1MiB\n");
            server.server().reload();
            try (Socket client = new Socket(LOOPBACK, server.smtpPort())) {
                BufferedReader in = reader(client);
                in.readLine();
                client.getOutputStream().write("EHLO me\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(Stream.generate(() -> line(in)).limit(3)).contains("250-SIZE 1048576");
            }
        }
    }

    @Test
    void keepsItsConfigurationWhenTheNewOneHasErrors() throws IOException {
        try (RunningServer server = RunningServer.start(data, Map.of())) {
            Files.writeString(data.resolve("config.yml"), "smtp:\n  max-recipients: none\n");
            assertThatThrownBy(server.server()::reload).isInstanceOf(OperatorException.class).hasMessageContaining("max-recipients");
            assertThat(send(server.smtpPort(), "a@gmail.com", "postmaster@example.com")).startsWith("250 2.0.0 ");
        }
    }

    @Test
    void saysWhichChangesNeedARestart() throws IOException {
        try (RunningServer server = RunningServer.start(data, Map.of())) {
            Files.writeString(data.resolve("config.yml"), "hostname: mx.example.com\n");
            assertThat(server.server().reload()).containsExactly("needs a restart: hostname");
        }
    }

    @Test
    void tellsPrometheusWhatItDid() throws Exception {
        try (RunningServer server = RunningServer.start(data, Map.of()); HttpClient client = HttpClient.newHttpClient()) {
            send(server.smtpPort(), "a@gmail.com", "postmaster@example.com");
            assertThat(get(client, server, "/metrics")).contains("mailserver_messages_accepted_total 1.0\n");
            assertThat(get(client, server, "/ready")).isEqualTo("ready\n");
        }
    }

    private static String get(HttpClient client, RunningServer server, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.httpPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The answer to the message. */
    private static String send(int port, String from, String to) throws IOException {
        try (Socket client = new Socket(LOOPBACK, port)) {
            BufferedReader in = reader(client);
            in.readLine();
            String answer = "";
            for (String command : new String[] {
                "HELO me", "MAIL FROM:<" + from + ">", "RCPT TO:<" + to + ">", "DATA", "Subject: x\r\n\r\nHello\r\n."
            }) {
                client.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
                answer = line(in);
            }
            return answer;
        }
    }

    private static BufferedReader reader(Socket client) throws IOException {
        client.setSoTimeout(20_000);
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static String line(BufferedReader in) {
        try {
            return String.valueOf(in.readLine());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
