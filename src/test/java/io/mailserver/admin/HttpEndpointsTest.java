package io.mailserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.metrics.Metrics;
import io.mailserver.net.HttpListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpEndpointsTest {
    private final Metrics metrics = new Metrics();
    private final HttpEndpoints endpoints = new HttpEndpoints(metrics);
    private final HttpListener listener = HttpListener.bind(
            "test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), endpoints.routes(), 0, (path, e) -> {});
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

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
    void aProcessThatAnswersIsAlive() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/health").body()).isEqualTo("alive\n");
    }

    @Test
    void aServerOnItsWayUpOrDownIsNotReady() throws Exception {
        assertThat(get("/ready").statusCode()).isEqualTo(503);
        assertThat(get("/ready").body()).isEqualTo("server: starting\n");
        endpoints.ready(List.of());
        assertThat(get("/ready").statusCode()).isEqualTo(200);
        endpoints.stopping();
        assertThat(get("/ready").body()).isEqualTo("server: stopping\n");
    }

    @Test
    void allThatIsWrongIsTold() throws Exception {
        endpoints.ready(List.of(
                new HttpEndpoints.Check("listeners", Optional::empty),
                new HttpEndpoints.Check("database", () -> Optional.of("does not answer")),
                new HttpEndpoints.Check("disk", () -> Optional.of("12 MiB free, 100 MiB needed"))));
        HttpResponse<String> answer = get("/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("database: does not answer\ndisk: 12 MiB free, 100 MiB needed\n");
    }

    @Test
    void theFiguresOfTheAccountsAreThere() throws Exception {
        try (TestOperations server = new TestOperations(folder)) {
            server.accounts.measure(metrics);
            server.accounts.authenticator().verify("nobody", "nothing", InetAddress.getLoopbackAddress());
            assertThat(get("/metrics").body())
                    .contains("mailserver_logins_rejected_total 1.0", "mailserver_password_hashes_total 1.0", "mailserver_login_locks 0.0");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://localhost:" + listener.port() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
