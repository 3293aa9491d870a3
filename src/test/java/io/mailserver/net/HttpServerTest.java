package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailserver.base.OperatorException;
import io.mailserver.base.SystemTime;
import io.mailserver.net.TextRoutes.Answer;
import io.mailserver.net.TextRoutes.Route;
import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpServerTest {
    private static final int MAX_BODY = 1000;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final SystemTime time = new SystemTime();
    private final RecordingLog log = new RecordingLog();
    private final ConnectionLimits limits = new ConnectionLimits(new ConnectionLimits.Limits(8, 8, 8, 100_000), time);
    private final HttpServer server = bind(HttpListenerSpec.onLoopback("HTTP", 0));
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server.start(List.of(mounts()));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        time.close();
    }

    private HttpServer bind(HttpListenerSpec... specs) {
        return HttpServer.bind(List.of(specs), limits, time, log);
    }

    private static List<HttpMount> mounts() {
        TextRoutes routes = new TextRoutes(List.of(
                new Route(HttpMethod.GET, "/thread", (request, response) -> Answer.text(200, "" + Thread.currentThread().isVirtual())),
                new Route(HttpMethod.POST, "/echo", (request, response) -> Answer.text(200, Content.Source.asString(request))),
                new Route(HttpMethod.GET, "/who", (request, response) -> Answer.text(200, who(request))),
                new Route(HttpMethod.GET, "/broken", (request, response) -> {
                    throw new IOException("secret");
                })));
        return List.of(
                new HttpMount("/", MAX_BODY, routes),
                named("/a"),
                named("/a/b"));
    }

    /** Answers with its prefix and what of the path it saw. */
    private static HttpMount named(String prefix) {
        return new HttpMount(prefix, 0, (request, response, callback) -> {
            Answer.text(200, prefix + " got " + Request.getPathInContext(request)).write(request, response, callback);
            return true;
        });
    }

    private static String who(Request request) {
        InetSocketAddress address = (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
        return address.getAddress().getHostAddress() + " " + request.isSecure() + " " + request.getConnectionMetaData().getHttpVersion();
    }

    @Test
    void answersOnAVirtualThread() throws Exception {
        HttpResponse<String> answer = get("/thread");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("true");
    }

    @Test
    void saysNothingOfItselfAndForbidsSniffingAndStoring() throws Exception {
        var headers = get("/thread").headers();
        assertThat(headers.firstValue("Server")).isEmpty();
        assertThat(headers.firstValue("Cache-Control")).contains("no-store");
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(headers.firstValue("Content-Security-Policy")).contains("default-src 'none'; frame-ancestors 'none'");
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        HttpResponse<String> answer = send("HEAD", "/thread", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains("4");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void anUnknownPathIs404AndTellsNothing() throws Exception {
        HttpResponse<String> answer = get("/thread/x");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("Not Found\n");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void anotherMethodIs405AndNamesTheRightOne() throws Exception {
        HttpResponse<String> answer = send("PUT", "/thread", "x");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET");
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /a got /a",
        "/a/, /a got /a/",
        "/a/x, /a got /a/x",
        "/a/b, /a/b got /a/b",
        "/a/b/c, /a/b got /a/b/c",
        "/a/bc, /a got /a/bc",
        "/a/x/../b, /a/b got /a/b"
    })
    void theLongestPrefixOfWholeSegmentsIsAsked(String path, String expected) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).endsWith("\r\n\r\n" + expected);
    }

    @ParameterizedTest
    @CsvSource({"/a/%2e%2e/b", "/a/..%2fb", "/a//b", "/a/..;x/b", "/%61%2fb", "/a%00b", "/a%5cb"})
    void aPathWithTwoReadingsIsRefused(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 40");
    }

    @Test
    void aBodyAtTheLimitPassesAndOneBeyondIs413() throws Exception {
        assertThat(send("POST", "/echo", "x".repeat(MAX_BODY)).body()).hasSize(MAX_BODY);
        assertThat(send("POST", "/echo", "x".repeat(MAX_BODY + 1)).statusCode()).isEqualTo(413);
    }

    @Test
    void aBodyOfUnknownLengthIsLimitedToo() throws Exception {
        String chunk = "64\r\n" + "x".repeat(100) + "\r\n";
        String request = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        assertThat(raw(request + chunk.repeat(10) + "0\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw(request + chunk.repeat(11) + "0\r\n\r\n")).startsWith("HTTP/1.1 413");
    }

    @Test
    void whatAHandlerThrowsIsReportedAndAnswered500WithoutItsText() throws Exception {
        HttpResponse<String> answer = get("/broken");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret");
        assertThat(log.await("http.failed").cause()).hasMessage("secret");
    }

    @Test
    void aPortInUseNamesTheWayOut() {
        assertThatThrownBy(() -> bind(HttpListenerSpec.onLoopback("HTTP", port())))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining(String.valueOf(port()))
                .extracting(e -> ((OperatorException) e).hint())
                .asString()
                .contains("listeners");
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndLeaveWhenTheyEnd() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket(LOOPBACK, port());
                held.add(socket);
                assertThat(exchange(socket, "GET /thread HTTP/1.1\r\nHost: x\r\n\r\n", "true")).startsWith("HTTP/1.1 200");
            }
            try (Socket tooMany = new Socket(LOOPBACK, port())) {
                assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
            }
            for (Socket socket : held) {
                socket.close();
            }
            await().until(() -> limits.open() == 0);
        }
    }

    @Test
    void overTlsHttp2IsSpokenWithThoseWhoOfferItAndChangedCertificatesAreServed() throws Exception {
        ServerTls tls = tls("one.example");
        try (HttpServer secure = bind(HttpListenerSpec.onLoopback("HTTPS", 0).withTls(tls))) {
            secure.start(List.of(mounts()));
            int port = secure.ports().getFirst();
            HttpResponse<String> answer = ask(port, HttpClient.Version.HTTP_2, "/who", "");
            assertThat(answer.body()).isEqualTo("127.0.0.1 true HTTP/2.0");
            assertThat(names(answer)).contains("one.example");
            assertThat(ask(port, HttpClient.Version.HTTP_2, "/thread", "").body()).isEqualTo("true");
            assertThat(ask(port, HttpClient.Version.HTTP_2, "/echo", "x".repeat(MAX_BODY)).body()).hasSize(MAX_BODY);
            assertThat(ask(port, HttpClient.Version.HTTP_2, "/echo", "x".repeat(MAX_BODY + 1)).statusCode()).isEqualTo(413);
            assertThat(ask(port, HttpClient.Version.HTTP_1_1, "/who", "").body()).isEqualTo("127.0.0.1 true HTTP/1.1");

            tls.change(List.of(TestCertificates.write(folder, "two", TestCertificates.ec(), "localhost", "two.example")));
            assertThat(names(ask(port, HttpClient.Version.HTTP_2, "/who", ""))).contains("two.example");
            assertThat(tls.handshakesCompleted()).isGreaterThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 192.0.2.7, https, 192.0.2.7 true",
        "127.0.0.1, '203.0.113.9, 192.0.2.7', http, 192.0.2.7 false", // the first is what the client wrote itself
        "127.0.0.1, '192.0.2.7, 127.0.0.1', https, 192.0.2.7 true", // two proxies in a row
        "127.0.0.1, nonsense, https, 127.0.0.1 true",
        "198.51.100.1, 192.0.2.7, https, 127.0.0.1 false"
    })
    void onlyConfiguredProxiesAreBelievedAboutTheClient(String proxy, String forwardedFor, String proto, String expected)
            throws Exception {
        List<Network> proxies = List.of(Network.parse(proxy).orElseThrow());
        try (HttpServer behind = bind(HttpListenerSpec.onLoopback("HTTP", 0).behindForwarders(proxies))) {
            behind.start(List.of(mounts()));
            try (Socket socket = new Socket(LOOPBACK, behind.ports().getFirst())) {
                String request = "GET /who HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + forwardedFor + "\r\nX-Forwarded-Proto: " + proto
                        + "\r\n\r\n";
                assertThat(exchange(socket, request, "1.1")).contains("\r\n\r\n" + expected);
            }
        }
    }

    @Test
    void aLoadBalancersHeaderNamesTheClientAndNobodyElseMayCome() throws Exception {
        List<Network> us = List.of(Network.parse("127.0.0.1").orElseThrow());
        List<Network> others = List.of(Network.parse("198.51.100.1").orElseThrow());
        String request = "GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        try (HttpServer behind = bind(
                HttpListenerSpec.onLoopback("a", 0).behindProxies(us), HttpListenerSpec.onLoopback("b", 0).behindProxies(others))) {
            behind.start(List.of(mounts(), mounts()));
            String proxied = "PROXY TCP4 192.0.2.7 192.0.2.1 40000 443\r\n" + request;
            assertThat(raw(behind.ports().getFirst(), proxied)).contains("192.0.2.7 false");
            assertThat(raw(behind.ports().getFirst(), request)).doesNotContain("127.0.0.1");
            assertThat(raw(behind.ports().getLast(), proxied)).isEmpty();
        }
    }

    private ServerTls tls(String name) throws IOException, GeneralSecurityException {
        CertificateFiles files = TestCertificates.write(folder, "one", TestCertificates.ec(), "localhost", name);
        return ServerTls.load(List.of(files), ServerTls.Oldest.TLS_1_2);
    }

    private static String names(HttpResponse<?> answer) throws Exception {
        X509Certificate certificate = (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
        return String.valueOf(certificate.getSubjectAlternativeNames());
    }

    /** A new connection each time. */
    private static HttpResponse<String> ask(int port, HttpClient.Version version, String path, String body) throws Exception {
        try (HttpClient secure = HttpClient.newBuilder()
                .version(version)
                .sslContext(TestCertificates.trustingClient())
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
            return secure.send(
                    body.isEmpty() ? request.build() : request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        }
    }

    private int port() {
        return server.ports().getFirst();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    private HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port() + path);
        var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        return client.send(HttpRequest.newBuilder(uri).method(method, publisher).build(), BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        return raw(port(), request);
    }

    /** Octets there and back until the server closes. */
    private static String raw(int port, String request) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            try {
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (SocketException e) {
                return ""; // reset: what it did not read is thrown away
            }
        }
    }

    /** The answer up to and with {@code end}; the connection stays. */
    private static String exchange(Socket socket, String request, String end) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0 || answer.indexOf(end, answer.indexOf("\r\n\r\n")) < 0) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                break;
            }
            answer.append((char) octet);
        }
        return answer.toString();
    }
}
