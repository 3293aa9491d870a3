package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.SystemTime;
import io.mailserver.simulation.PeerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a server that says what a test lays out, whatever it is asked. */
class HttpsClientTest {
    private static final PeerTls GOOD = PeerTls.of("policy.example");
    private static final PeerTls WRONG_NAME = PeerTls.of("other.example");
    private static final int MAX = 100;

    private final SystemTime time = new SystemTime();
    private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final List<ServerSocket> listening = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (ServerSocket each : listening) {
            each.close();
        }
        time.close();
    }

    private int serve(PeerTls tls, String answer) throws IOException {
        ServerSocket server = tls.server().getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        listening.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    requests.add(request(socket.getInputStream()));
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().flush();
                    if (answer.endsWith("!stall")) {
                        requests.add("closed: " + socket.getInputStream().read());
                    }
                } catch (IOException e) {
                    requests.add("failed");
                }
            }
        });
        return server.getLocalPort();
    }

    /** All of it: a body is as long as its header says. */
    private static String request(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("closed");
            }
            text.append((char) octet);
        }
        int at = text.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf("\r", at)));
        return text + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private HttpsClient client() {
        return new HttpsClient(GOOD.trust(), host -> List.of(InetAddress.getLoopbackAddress()), time);
    }

    private static HttpsClient.Request to(int port, Duration limit) {
        return new HttpsClient.Request("policy.example", port, "/a?b=c", limit, MAX);
    }

    private HttpsClient.Response get(int port) throws IOException {
        return client().get(to(port, Duration.ofSeconds(60)));
    }

    @Test
    void anAnswerIsReadAsItsHeaderSays() throws Exception {
        int port = serve(GOOD, "HTTP/1.1 100 Continue\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Type: Text/Plain\r\nContent-Length: 5\r\n\r\nhello, more");
        HttpsClient.Response response = get(port);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.contentType()).isEqualTo("text/plain");
        assertThat(response.body()).asString().isEqualTo("hello");
        assertThat(requests.take()).startsWith("GET /a?b=c HTTP/1.1\r\nHost: policy.example:" + port + "\r\n");
    }

    @Test
    void chunksAreJoined() throws IOException {
        int port = serve(GOOD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n, and more\r\n0\r\n\r\n");
        assertThat(get(port).body()).asString().isEqualTo("hello, and more");
    }

    @Test
    void withoutALengthAnAnswerEndsWithTheConnection() throws IOException {
        assertThat(get(serve(GOOD, "HTTP/1.0 404 Not Found\r\n\r\n" + "x".repeat(MAX))).body()).hasSize(MAX);
    }

    @Test
    void aBodyIsPosted() throws Exception {
        int port = serve(GOOD, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        byte[] body = "report".getBytes(StandardCharsets.US_ASCII);
        assertThat(client().post(to(port, Duration.ofSeconds(60)), "application/tlsrpt+gzip", body).status()).isEqualTo(201);
        assertThat(requests.take()).startsWith("POST /a?b=c HTTP/1.1\r\n").contains("Content-Type: application/tlsrpt+gzip\r\n")
                .endsWith("Content-Length: 6\r\n\r\nreport");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n60\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "220 mx.example.net ESMTP\r\n",
        ""
    })
    void whatIsNoAnswerIsAnError(String answer) throws IOException {
        int port = serve(GOOD, answer);
        assertThatThrownBy(() -> get(port)).isInstanceOf(IOException.class);
    }

    @Test
    void whatHasNoEndIsCutOff() throws IOException {
        int headers = serve(GOOD, "HTTP/1.1 200 OK\r\n" + "X: yyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(1000));
        assertThatThrownBy(() -> get(headers)).hasMessageContaining("too long");
        int body = serve(GOOD, "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(MAX + 1));
        assertThatThrownBy(() -> get(body)).hasMessageContaining("longer than 100 octets");
    }

    @Test
    void nothingIsSaidToAServerThatIsNotTheOne() throws Exception {
        int port = serve(WRONG_NAME, "HTTP/1.1 200 OK\r\n\r\n");
        HttpsClient trusting = new HttpsClient(WRONG_NAME.trust(), host -> List.of(InetAddress.getLoopbackAddress()), time);
        assertThatThrownBy(() -> trusting.get(to(port, Duration.ofSeconds(60)))).isInstanceOf(SSLException.class);
        assertThat(requests.take()).isEqualTo("failed");
        assertThatThrownBy(() -> get(port)).isInstanceOf(SSLException.class);
        assertThat(requests.take()).isEqualTo("failed");
    }

    @Test
    void aServerThatStallsIsLeft() throws Exception {
        int port = serve(GOOD, "HTTP/1.1 200 OK\r\nX: !stall");
        assertThatThrownBy(() -> client().get(to(port, Duration.ofSeconds(1)))).hasMessage("no answer within 1 s");
    }
}
