package io.mailserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.Quota;
import io.mailserver.account.RequestLogin;
import io.mailserver.account.RequestLogin.Decision;
import io.mailserver.account.TestAccounts;
import io.mailserver.base.Domain;
import io.mailserver.base.SystemTime;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.HttpListenerSpec;
import io.mailserver.net.HttpMount;
import io.mailserver.net.HttpServer;
import io.mailserver.net.Network;
import io.mailserver.net.TextRoutes.Answer;
import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Signing in, as browsers and programs do it, and who a request is taken for. */
class LoginEndpointsTest {
    private static final String PASSWORD = "correct horse";
    private static final String LOGIN = "{\"username\":\"alice@example.com\",\"password\":\"correct horse\",\"device\":\"test\"";

    private final SystemTime time = new SystemTime();
    private final RecordingLog log = new RecordingLog();
    private final HttpClient client = HttpClient.newHttpClient();
    // The second believes this machine to be a proxy, so that a test can be a client far away, with TLS or without.
    private final HttpServer server = HttpServer.bind(
            List.of(
                    HttpListenerSpec.onLoopback("a", 0),
                    HttpListenerSpec.onLoopback("b", 0).behindForwarders(List.of(Network.parse("127.0.0.1").orElseThrow()))),
            new ConnectionLimits(ConnectionLimits.Limits.only(100), time), time, log);

    @TempDir
    private Path folder;

    private AccountSystem accounts;

    @BeforeEach
    void start() throws IOException {
        accounts = TestAccounts.open(folder, time, log);
        accounts.domains().add(new Domain("example.com"));
        accounts.accounts().add("alice@example.com", PASSWORD, "", Quota.NONE);
        RequestLogin login = accounts.requestLogin();
        List<HttpMount> mounts = List.of(
                new LoginEndpoints(accounts.accessTokens(), login).mount(),
                new HttpMount("/who", 1000, (request, response, callback) -> {
                    switch (login.decide(request)) {
                        case Decision.Known known ->
                            Answer.text(200, known.account().address().toString()).write(request, response, callback);
                        case Decision.Refused refused -> {
                            refused.challenges().forEach(each -> response.getHeaders().add("WWW-Authenticate", each));
                            Answer.text(refused.status(), refused.text()).write(request, response, callback);
                        }
                    }
                    return true;
                }));
        server.start(List.of(mounts, mounts));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
        accounts.close();
        time.close();
    }

    @Test
    void aBrowserGetsACookieThatItsPagesCannotReadAndOtherSitesCannotUse() throws Exception {
        HttpResponse<String> answer = post("/auth/login", LOGIN + "}");
        assertThat(answer.statusCode()).isEqualTo(200);
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).startsWith("session=").contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain("Secure");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(json(answer).get("username").stringValue()).isEqualTo("alice@example.com");
        String csrf = json(answer).get("csrf").stringValue();
        assertThat(csrf).hasSize(43);
        String shown = cookie.substring(0, cookie.indexOf(';'));

        assertThat(send("GET", "/who", "", "Cookie", shown).body()).isEqualTo("alice@example.com");
        assertThat(send("POST", "/who", "x", "Cookie", shown).statusCode()).isEqualTo(403);
        assertThat(send("POST", "/who", "x", "Cookie", shown, "X-CSRF-Token", csrf.substring(1)).statusCode()).isEqualTo(403);
        assertThat(send("POST", "/who", "x", "Cookie", shown, "X-CSRF-Token", csrf).body()).isEqualTo("alice@example.com");
        HttpResponse<String> session = send("GET", "/auth/session", "", "Cookie", shown);
        assertThat(json(session).get("csrf").stringValue()).isEqualTo(csrf);

        assertThat(send("POST", "/auth/logout", "", "Cookie", shown).statusCode()).isEqualTo(403);
        HttpResponse<String> out = send("POST", "/auth/logout", "", "Cookie", shown, "X-CSRF-Token", csrf);
        assertThat(out.statusCode()).isEqualTo(204);
        assertThat(out.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("session=;").contains("Expires=Thu, 01 Jan 1970");
        assertThat(send("GET", "/who", "", "Cookie", shown).statusCode()).isEqualTo(401);
        assertThat(send("GET", "/auth/session", "", "Cookie", shown).statusCode()).isEqualTo(401);
    }

    @Test
    void overTlsTheCookieIsBoundToThisHost() throws Exception {
        HttpResponse<String> answer = send(1, "POST", "/auth/login", LOGIN + "}", "Content-Type", "application/json",
                "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("__Host-session=").contains("Secure", "Path=/");
    }

    @Test
    void aProgramGetsTokensAndNoCookie() throws Exception {
        HttpResponse<String> answer = post("/auth/login", LOGIN + ",\"grant\":\"token\"}");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        JsonNode tokens = json(answer);
        assertThat(tokens.get("expiresIn").intValue()).isEqualTo(3600);
        assertThat(bearer(tokens).body()).isEqualTo("alice@example.com");

        JsonNode next = json(post("/auth/refresh", "{\"refreshToken\":\"" + tokens.get("refreshToken").stringValue() + "\"}"));
        assertThat(bearer(next).body()).isEqualTo("alice@example.com");
        assertThat(post("/auth/refresh", "{\"refreshToken\":\"" + "x".repeat(43) + "\"}").statusCode()).isEqualTo(401);

        assertThat(send("POST", "/auth/logout", "", "Authorization", "Bearer " + next.get("accessToken").stringValue()).statusCode())
                .isEqualTo(204);
        HttpResponse<String> gone = bearer(next);
        assertThat(gone.statusCode()).isEqualTo(401);
        assertThat(gone.headers().firstValue("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
    }

    @Test
    void aNameAndPasswordAreTakenWithEveryRequest() throws Exception {
        String right = basic("alice@example.com:" + PASSWORD);
        assertThat(send("POST", "/who", "x", "Authorization", right).body()).isEqualTo("alice@example.com");
        HttpResponse<String> wrong = send("GET", "/who", "", "Authorization", basic("alice@example.com:wrong"));
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().allValues("WWW-Authenticate")).containsExactly("Basic realm=\"mail\", charset=\"UTF-8\"", "Bearer");
        // A page's own request must not make the browser open a window.
        assertThat(send("GET", "/who", "", "Sec-Fetch-Mode", "cors").headers().allValues("WWW-Authenticate")).containsExactly("Bearer");
    }

    @ParameterizedTest
    @CsvSource({"Basic", "Basic !!", "Basic YWxpY2U=", "Bearer", "Bearer x", "Digest x", "Basic /////w=="})
    void whatIsNoCredentialIs401(String authorization) throws Exception {
        assertThat(send("GET", "/who", "", "Authorization", authorization).statusCode()).isEqualTo(401);
    }

    @Test
    void nothingSecretIsTakenInPlainFromElsewhere() throws Exception {
        String cookie = post("/auth/login", LOGIN + "}").headers().firstValue("Set-Cookie").orElseThrow();
        String[] far = {"X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "http"};
        String right = basic("alice@example.com:" + PASSWORD);
        assertThat(send(1, "GET", "/who", "", with(far, "Authorization", right)).statusCode()).isEqualTo(403);
        assertThat(send(1, "POST", "/auth/login", LOGIN + "}", with(far, "Content-Type", "application/json")).statusCode()).isEqualTo(403);
        assertThat(send(1, "GET", "/who", "", with(far, "Cookie", cookie.substring(0, cookie.indexOf(';')))).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            text/plain       | {"username":"a","password":"b"} | 415
            application/json | {"username":"a"}                | 400
            application/json | {"username":5,"password":"b"}   | 400
            application/json | []                              | 400
            application/json | {"username":"a                  | 400
            application/json | {"username":"a","password":"b","grant":"x"} | 400
            application/json | {"username":"alice@example.com","password":"wrong"} | 401
            """)
    void mistakesAreTold(String type, String body, int status) throws Exception {
        HttpResponse<String> answer = send("POST", "/auth/login", body, "Content-Type", type);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).get("error").stringValue()).isNotEmpty();
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void tooManyFailuresLockAsElsewhere() throws Exception {
        String wrong = "{\"username\":\"alice@example.com\",\"password\":\"wrong%d\"}";
        for (int i = 0; i < 10; i++) {
            post("/auth/login", wrong.formatted(i));
        }
        HttpResponse<String> locked = post("/auth/login", wrong.formatted(10));
        assertThat(locked.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(locked.headers().firstValue("Retry-After").orElseThrow())).isPositive();
    }

    private HttpResponse<String> bearer(JsonNode tokens) throws Exception {
        return send("POST", "/who", "x", "Authorization", "Bearer " + tokens.get("accessToken").stringValue());
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String[] with(String[] headers, String... more) {
        String[] all = Arrays.copyOf(headers, headers.length + more.length);
        System.arraycopy(more, 0, all, headers.length, more.length);
        return all;
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, body, "Content-Type", "application/json");
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        return send(0, method, path, body, headers);
    }

    private HttpResponse<String> send(int listener, String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.ports().get(listener) + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }
}
