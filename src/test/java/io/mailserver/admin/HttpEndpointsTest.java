package io.mailserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.metrics.Metrics;
import io.mailserver.base.SystemTime;
import io.mailserver.base.Time;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.HttpListenerSpec;
import io.mailserver.net.HttpServer;
import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.net.InetAddress;
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
    private final Time time = new SystemTime();
    private final HttpServer server = HttpServer.bind(
            List.of(HttpListenerSpec.onLoopback("test", 0)), new ConnectionLimits(ConnectionLimits.Limits.only(100), time), time,
            new RecordingLog());
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server.start(List.of(endpoints.mounts()));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
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
        try (TestOperations operations = new TestOperations(folder)) {
            operations.accounts.measure(metrics);
            operations.accounts.authenticator().verify("nobody", "nothing", InetAddress.getLoopbackAddress());
            assertThat(get("/metrics").body())
                    .contains("mailserver_logins_rejected_total 1.0", "mailserver_password_hashes_total 1.0", "mailserver_login_locks 0.0");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://localhost:" + server.ports().getFirst() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
