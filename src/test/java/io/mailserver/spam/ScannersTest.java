package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.net.Endpoint;
import io.mailserver.simulation.ManualTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ScannersTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final String MAIL = "Subject: x\r\n\r\n" + "line\r\n".repeat(30_000) + "the end\r\n";
    private static final Scanner.Envelope ENVELOPE =
            new Scanner.Envelope(InetAddress.getLoopbackAddress(), "client.example", "a@example.net", List.of("b@example.com"), "");

    private final ManualTime time = new ManualTime(Instant.EPOCH);

    /** What a peer does with one connection. */
    private interface Peer {
        void serve(Socket socket) throws IOException;
    }

    @Test
    void clamdGetsTheMessageInChunksAndSaysOk() throws Exception {
        CompletableFuture<String> got = new CompletableFuture<>();
        ScanResult result = scan(endpoint -> new Clamd(endpoint, time), socket -> {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] command = in.readNBytes("zINSTREAM\0".length());
            ByteArrayOutputStream mail = new ByteArrayOutputStream();
            for (int length = in.readInt(); length > 0; length = in.readInt()) {
                mail.write(in.readNBytes(length));
            }
            got.complete(new String(command, StandardCharsets.US_ASCII) + mail.toString(StandardCharsets.US_ASCII));
            socket.getOutputStream().write("stream: OK\0".getBytes(StandardCharsets.US_ASCII));
        });
        assertThat(result).isEqualTo(new ScanResult.Clean());
        assertThat(got.join()).isEqualTo("zINSTREAM\0" + MAIL);
    }

    @ParameterizedTest
    @CsvSource({"stream: Win.Test.EICAR_HDB-1 FOUND, 'Infected[name=Win.Test.EICAR_HDB-1]'",
            "INSTREAM size limit exceeded. ERROR, 'Unavailable[reason=clamd answered: INSTREAM size limit exceeded. ERROR]'",
            "'', 'Unavailable[reason=clamd answered: nothing]'"})
    void clamdsAnswersAreUnderstood(String answer, String result) throws Exception {
        ScanResult got = scan(endpoint -> new Clamd(endpoint, time), socket -> {
            readUntilQuiet(socket, "\0\0\0\0");
            socket.getOutputStream().write((answer + "\0").getBytes(StandardCharsets.US_ASCII));
        });
        assertThat(got).hasToString(result);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "SPAMD/1.1 0 EX_OK\\r\\nSpam: True ; 15.2 / 5.0\\r\\n\\r\\nGTUBE,NO_DATE\\r\\n"
                    + "|Scored[score=15.2, threshold=5.0, rules=[GTUBE, NO_DATE]]",
            "SPAMD/1.1 0 EX_OK\\r\\nSpam: False ; -0.1 / 5.0\\r\\n\\r\\n|Scored[score=-0.1, threshold=5.0, rules=[]]",
            "SPAMD/1.0 76 Bad header line\\r\\n|Unavailable[reason=spamd answered: SPAMD/1.0 76 Bad header line]",
            "SPAMD/1.1 0 EX_OK\\r\\nSpam: True ; ... / 5.0\\r\\n\\r\\n"
                    + "|Unavailable[reason=spamd answered a score that is none: Spam: True ; ... / 5.0]"})
    void spamdsAnswersAreUnderstood(String answer, String result) throws Exception {
        CompletableFuture<String> got = new CompletableFuture<>();
        ScanResult scanned = scan(endpoint -> new Spamd(endpoint, time), socket -> {
            got.complete(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            socket.getOutputStream().write(answer.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        });
        assertThat(scanned.toString().replace("\r", "")).isEqualTo(result);
        assertThat(got.join()).isEqualTo("SYMBOLS SPAMC/1.5\r\nContent-length: " + MAIL.length() + "\r\n\r\n" + MAIL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"action\":\"reject\",\"score\":20,\"messages\":{\"smtp_message\":\"Gtube pattern\"}}|Refused[text=Gtube pattern]",
            "{\"action\":\"rewrite subject\",\"score\":0,\"required_score\":15,\"symbols\":{\"GTUBE\":{\"score\":0}}}"
                    + "|Scored[score=15.0, threshold=15.0, rules=[GTUBE]]",
            "{\"action\":\"greylist\",\"score\":5,\"required_score\":15}|Scored[score=5.0, threshold=15.0, rules=[]]",
            "{\"action\":\"soft reject\",\"score\":1}|PutOff[text=refused by a filter]",
            "{\"action\":\"no action\",\"score\":1.5,\"required_score\":15,\"symbols\":{\"A\":{},\"B\":{}}}"
                    + "|Scored[score=1.5, threshold=15.0, rules=[A, B]]",
            "nonsense|Unavailable[reason=rspamd answered what is no JSON: nonsense]",
            "{}|Unavailable[reason=rspamd answered without an action]"})
    void rspamdsAnswersAreUnderstood(String answer, String result) throws Exception {
        CompletableFuture<String> got = new CompletableFuture<>();
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            ScanResult scanned = scan(endpoint -> new Rspamd(endpoint, client, JsonMapper.shared()), socket -> {
                got.complete(readUntilQuiet(socket, "the end\r\n"));
                socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + answer.length() + "\r\n\r\n"
                        + answer)
                        .getBytes(StandardCharsets.US_ASCII));
            });
            assertThat(scanned).hasToString(result);
        }
        assertThat(got.join()).startsWith("POST /checkv2 ").containsIgnoringCase("\r\nRcpt: b@example.com\r\n")
                .containsIgnoringCase("\r\nFrom: a@example.net\r\n");
    }

    @Test
    void whoDoesNotAnswerInTimeIsUnavailable() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread peer = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    assertThat(socket.isConnected()).isTrue();
                    connected.countDown();
                    over.await();
                } catch (IOException | InterruptedException e) {
                    // The test is over.
                }
            });
            Thread clock = Thread.ofVirtual().start(() -> {
                try {
                    connected.await();
                    time.advance(WITHIN);
                } catch (InterruptedException e) {
                    // The test is over.
                }
            });
            ScanResult result = new Clamd(new Endpoint("127.0.0.1:" + server.getLocalPort()), time)
                    .scan(ENVELOPE, new Text("Subject: x\r\n\r\n"), WITHIN);
            over.countDown();
            peer.join();
            clock.join();
            assertThat(result).isInstanceOfSatisfying(ScanResult.Unavailable.class,
                    unavailable -> assertThat(unavailable.reason()).contains("within 10000 ms"));
        }
    }

    @Test
    void anAnswerThatNeverEndsIsUnavailable() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            Thread peer = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
                    over.await();
                } catch (IOException | InterruptedException e) {
                    // The test is over.
                }
            });
            ScanResult result = new Rspamd(new Endpoint("127.0.0.1:" + server.getLocalPort()), client, JsonMapper.shared())
                    .scan(ENVELOPE, new Text(MAIL), Duration.ofMillis(300));
            over.countDown();
            peer.join();
            assertThat(result).isInstanceOf(ScanResult.Unavailable.class);
        }
    }

    @Test
    void nobodyThereIsUnavailable() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertThat(new Spamd(new Endpoint("127.0.0.1:" + port), time).scan(ENVELOPE, new Text(MAIL), WITHIN))
                .isInstanceOf(ScanResult.Unavailable.class);
        assertThat(new Clamd(new Endpoint("/nonexistent/clamd.sock"), time).scan(ENVELOPE, new Text(MAIL), WITHIN))
                .isInstanceOf(ScanResult.Unavailable.class);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:3310, true", "/run/clamav/clamd.ctl, true", "localhost, false", "host:0, false", "host:70000, false",
            "relative/path, false", "/a/../b, false", "'', false"})
    void endpointsAreHostAndPortOrAPath(String text, boolean valid) {
        assertThat(Endpoint.parse(text).isPresent()).isEqualTo(valid);
    }

    private static ScanResult scan(Function<Endpoint, Scanner> scanner, Peer peer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread thread = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    peer.serve(socket);
                } catch (IOException e) {
                    // The scanner's result shows it.
                }
            });
            ScanResult result = scanner.apply(new Endpoint("127.0.0.1:" + server.getLocalPort())).scan(ENVELOPE, new Text(MAIL), WITHIN);
            thread.join();
            return result;
        }
    }

    private static String readUntilQuiet(Socket socket, String end) throws IOException {
        StringBuilder got = new StringBuilder();
        byte[] buffer = new byte[8 << 10];
        while (!got.toString().endsWith(end)) {
            int read = socket.getInputStream().read(buffer);
            if (read < 0) {
                break;
            }
            got.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
        return got.toString();
    }

    /** A message in memory. */
    private record Text(String text) implements Content {
        @Override
        public long size() {
            return text.length();
        }

        @Override
        public long bareLineFeeds() {
            return 0;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void writeTo(WritableByteChannel channel) throws IOException {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
