package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import io.mailserver.net.HttpListener.Answer;
import io.mailserver.net.HttpListener.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpListenerTest {
    private static final long MAX_BODY = 1000;

    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final HttpListener listener = bind(0);
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws IOException {
        listener.start();
    }

    @AfterEach
    void stop() {
        client.close();
        listener.close();
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
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        HttpResponse<String> answer = send("HEAD", "/thread", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains("4");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void anUnknownPathIs404() throws Exception {
        assertThat(get("/thread/x").statusCode()).isEqualTo(404);
    }

    @Test
    void anotherMethodIs405AndNamesTheRightOne() throws Exception {
        HttpResponse<String> answer = send("PUT", "/thread", "x");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET");
    }

    @Test
    void aBodyAtTheLimitPassesAndOneBeyondIs413() throws Exception {
        assertThat(send("POST", "/echo", "x".repeat((int) MAX_BODY)).body()).hasSize((int) MAX_BODY);
        assertThat(send("POST", "/echo", "x".repeat((int) MAX_BODY + 1)).statusCode()).isEqualTo(413);
    }

    @Test
    void whatAnEndpointThrowsIsReportedAndAnswered500WithoutItsText() throws Exception {
        HttpResponse<String> answer = get("/broken");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret");
        assertThat(failures).containsExactly("/broken secret");
    }

    @Test
    void aPortInUseNamesTheWayOut() {
        assertThatThrownBy(() -> bind(listener.port()))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining(String.valueOf(listener.port()))
                .extracting(e -> ((OperatorException) e).hint())
                .asString()
                .contains("listeners");
    }

    private HttpListener bind(int port) {
        List<Route> routes = List.of(
                new Route(HttpMethod.GET, "/thread", request -> Answer.text(200, "" + Thread.currentThread().isVirtual())),
                new Route(HttpMethod.POST, "/echo", request -> Answer.text(200, Content.Source.asString(request))),
                new Route(HttpMethod.GET, "/broken", request -> {
                    throw new IOException("secret");
                }));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return HttpListener.bind("HTTP", address, routes, MAX_BODY, (path, e) -> failures.add(path + " " + e.getMessage()));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    private HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + listener.port() + path);
        var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        return client.send(HttpRequest.newBuilder(uri).method(method, publisher).build(), BodyHandlers.ofString());
    }
}
