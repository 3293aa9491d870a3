package io.mailserver.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.Account;
import io.mailserver.account.Quota;
import io.mailserver.account.RequestLogin.Decision;
import io.mailserver.base.SystemTime;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.HttpListenerSpec;
import io.mailserver.net.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** JMAP over HTTP (RFC 8620 §2, §3.1, §6, §7.3); who sends the header {@code X-User} is alice. */
class JmapHandlerTest {
    private final SystemTime time = new SystemTime();
    private final HttpClient client = HttpClient.newHttpClient();
    private JmapWorld world;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        world = new JmapWorld();
        server = HttpServer.bind(
                List.of(HttpListenerSpec.onLoopback("HTTP", 0)),
                new ConnectionLimits(new ConnectionLimits.Limits(50, 50, 50, 100_000), time),
                time,
                world.log);
        Account alice = new Account(1, JmapWorld.ALICE.domain(), "alice", "Alice", true, Quota.NONE, Instant.EPOCH);
        server.start(List.of(new Jmap(world.services).mounts(request -> request.getHeaders().contains("X-User")
                ? new Decision.Known(alice, Optional.empty())
                : new Decision.Refused(401, List.of("Basic realm=\"mail\""), Optional.empty(), "Log in"))));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        world.close();
        time.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.ports().getFirst() + path)).header("X-User", "alice");
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws Json.NotJsonException {
        return Json.parse(response.body());
    }

    @Test
    void theSessionSaysWhereEverythingIs() throws Exception {
        HttpResponse<byte[]> response = send(to("/.well-known/jmap").build());
        JsonNode session = json(response);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache, no-store, must-revalidate");
        assertThat(session.get("username").stringValue()).isEqualTo("alice@example.com");
        assertThat(session.get("primaryAccounts").get(Api.MAIL).stringValue()).isEqualTo("a1");
        assertThat(session.get("apiUrl").stringValue()).isEqualTo("http://127.0.0.1:" + server.ports().getFirst() + "/jmap/api");
        assertThat(session.get("capabilities").get(Api.CORE).get("maxCallsInRequest").intValue()).isEqualTo(32);
    }

    @Test
    void whoHasNotLoggedInSeesNothing() throws Exception {
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.ports().getFirst() + "/jmap/api")).build());
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"mail\"");
    }

    @Test
    void requestsAndTheirErrors() throws Exception {
        String request = "{\"using\": [\"" + Api.CORE + "\"], \"methodCalls\": [[\"Core/echo\", {\"a\": 1}, \"c\"]]}";
        HttpResponse<byte[]> echo =
                send(to("/jmap/api").header("Content-Type", "application/json").POST(BodyPublishers.ofString(request)).build());
        assertThat(json(echo).get("methodResponses").get(0).get(1).get("a").intValue()).isEqualTo(1);
        HttpResponse<byte[]> untyped = send(to("/jmap/api").POST(BodyPublishers.ofString(request)).build());
        assertThat(json(untyped).get("type").stringValue()).endsWith(":notJSON");
        world.limits.put("max-size-request", "64KiB");
        HttpResponse<byte[]> tooLarge = send(to("/jmap/api").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(" ".repeat(70_000) + request)).build());
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(json(tooLarge).get("limit").stringValue()).isEqualTo("maxSizeRequest");
        assertThat(send(to("/jmap/api").build()).statusCode()).isEqualTo(405);
        assertThat(send(to("/jmap/nonsense").build()).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsUploadedComesBackAndDoesNotRun() throws Exception {
        JsonNode stored = json(send(to("/jmap/upload/a1").header("Content-Type", "text/html")
                .POST(BodyPublishers.ofString("<script>")).build()));
        assertThat(stored.get("size").intValue()).isEqualTo(8);
        String path = "/jmap/download/a1/" + stored.get("blobId").stringValue();
        HttpResponse<byte[]> back = send(to(path + "/%C3%A4%22.html?accept=text%2Fhtml").build());
        assertThat(new String(back.body(), StandardCharsets.UTF_8)).isEqualTo("<script>");
        assertThat(back.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(back.headers().firstValue("Content-Disposition")).contains("attachment; filename*=UTF-8''%C3%A4%22.html");
        assertThat(back.headers().firstValue("Content-Security-Policy")).contains("default-src 'none'; sandbox");
        assertThat(send(to("/jmap/download/a2/" + stored.get("blobId").stringValue() + "/x").build()).statusCode()).isEqualTo(404);
        assertThat(send(to("/jmap/download/a1/b0/x").build()).statusCode()).isEqualTo(404);
        assertThat(send(to("/jmap/upload/a2").POST(BodyPublishers.ofString("x")).build()).statusCode()).isEqualTo(404);
        world.limits.put("max-size-upload", "64KiB");
        assertThat(send(to("/jmap/upload/a1").POST(BodyPublishers.ofString("x".repeat(70_000))).build()).statusCode()).isEqualTo(413);
    }

    @Test
    void newMailIsToldAtOnce() throws Exception {
        HttpResponse<InputStream> events = client.send(
                to("/jmap/events?types=Email,EmailDelivery&closeafter=state&ping=0").build(), BodyHandlers.ofInputStream());
        assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");
        world.deliver("Subject: x\n\nx\n");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            String data = lines.lines().filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
            JsonNode change = Json.parse(data.substring(6).getBytes(StandardCharsets.UTF_8));
            assertThat(change.get("@type").stringValue()).isEqualTo("StateChange");
            assertThat(change.get("changed").get("a1").propertyNames()).containsExactlyInAnyOrder("Email", "EmailDelivery");
            assertThat(change.get("changed").get("a1").get("Email")).isEqualTo(world.call("Email/get", "{ids: []}").get("state"));
        }
    }
}
