package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.simulation.ScriptedPeer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What users change of their own accounts by JMAP: automatic answers, devices, passwords; and why mail was judged so. A whole server. */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class OwnerByJmapTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final String USER = "postmaster@example.com";

    private final HttpClient client = HttpClient.newHttpClient();
    private ScriptedPeer peer;
    private RunningServer server;
    private String password = "";

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        peer = ScriptedPeer.usual();
        server = RunningServer.start(data, Map.of(
                "sending.routes", "[{domain: example.net, to: \"127.0.0.1:" + peer.address().getPort() + "\"}]"));
        password = ImapConversation.password(server);
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        server.close();
        peer.close();
    }

    @Test
    void anAutomaticAnswerThatIsSetHereIsSent() throws Exception {
        JsonNode before = call(basic(), "VacationResponse/get", "\"ids\": null").path("list").get(0);
        assertThat(before.path("id").stringValue("")).isEqualTo("singleton");
        assertThat(before.path("isEnabled").booleanValue(true)).isFalse();
        JsonNode set = set("VacationResponse", "\"update\": {\"singleton\": {\"isEnabled\": true, \"fromDate\": \"2020-01-01T00:00:00Z\","
                + "\"subject\": \"Away\", \"textBody\": \"Back in May.\"}}");
        assertThat(set.path("updated").has("singleton")).as("%s", set).isTrue();
        assertThat(set.path("newState")).isNotEqualTo(set.path("oldState"));
        deliver("bob@example.net", "To: " + USER + "\r\nSubject: Are you there?\r\n");
        await().atMost(WAIT).until(() -> peer.messages().stream().anyMatch(text -> text.contains("Back in May.")));
        String answer = peer.messages().stream().filter(text -> text.contains("Back in May.")).findFirst().orElseThrow();
        assertThat(answer).contains("Subject: Away", "Auto-Submitted: auto-replied", "To: <bob@example.net>");
        set("VacationResponse", "\"update\": {\"singleton\": {\"isEnabled\": false}}");
        JsonNode after = call(basic(), "VacationResponse/get", "\"ids\": [\"singleton\", \"x\"]");
        assertThat(after.path("list").get(0).path("textBody").stringValue("")).isEqualTo("Back in May.");
        assertThat(after.path("list").get(0).path("fromDate").stringValue("")).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(after.path("notFound").toString()).isEqualTo("[\"x\"]");
    }

    @Test
    void whatNoAutomaticAnswerCanBeIsRefused() throws Exception {
        JsonNode refused = set("VacationResponse", "\"create\": {\"a\": {}}, \"destroy\": [\"singleton\"], \"update\": {\"other\": {}}");
        assertThat(refused.path("notCreated").path("a").path("type").stringValue("")).isEqualTo("singleton");
        assertThat(refused.path("notDestroyed").path("singleton").path("type").stringValue("")).isEqualTo("singleton");
        assertThat(refused.path("notUpdated").path("other").path("type").stringValue("")).isEqualTo("notFound");
        for (String patch : new String[] {
            "\"isEnabled\": null", "\"fromDate\": \"2026-01-01T00:00:00+01:00\"", "\"fromDate\": \"soon\"", "\"subject\": \"a\\r\\nb\"",
            "\"subject\": \"" + "x".repeat(501) + "\"", "\"textBody\": \"" + "x".repeat(100_001) + "\"", "\"colour\": \"red\"",
            "\"fromDate\": \"2026-01-02T00:00:00Z\", \"toDate\": \"2026-01-01T00:00:00Z\"", "\"htmlBody\": 5"
        }) {
            JsonNode one = set("VacationResponse", "\"update\": {\"singleton\": {" + patch + "}}").path("notUpdated").path("singleton");
            assertThat(one.path("type").stringValue("")).as("%s", one).isEqualTo("invalidProperties");
        }
    }

    @Test
    void devicesAreListedAndSignedOut() throws Exception {
        String phone = signIn("Phone");
        String laptop = signIn("Laptop");
        JsonNode devices = call(bearer(phone), "Device/get", "\"ids\": null").path("list");
        String other = "";
        for (JsonNode device : devices) {
            assertThat(device.path("kind").stringValue("")).isEqualTo("program");
            assertThat(device.path("isCurrent").booleanValue(false)).isEqualTo(device.path("name").stringValue("").equals("Phone"));
            other = device.path("name").stringValue("").equals("Laptop") ? device.path("id").stringValue("") : other;
        }
        JsonNode set = call(bearer(phone), "Device/set", "\"destroy\": [\"" + other + "\", \"d999999\", \"x\"]");
        assertThat(set.path("destroyed").toString()).isEqualTo("[\"" + other + "\"]");
        assertThat(set.path("notDestroyed").propertyNames()).containsExactlyInAnyOrder("d999999", "x");
        assertThat(status(bearer(laptop))).isEqualTo(401);
        assertThat(status(bearer(phone))).isEqualTo(200);
    }

    @Test
    void whoKnowsThePasswordChangesItAndIsSignedOutElsewhere() throws Exception {
        String here = signIn("Here");
        String elsewhere = signIn("Elsewhere");
        String update = "\"update\": {\"main\": {\"password\": \"a new passphrase\"}}";
        JsonNode without = call(bearer(here), "Password/set", update);
        assertThat(without.path("notUpdated").path("main").path("type").stringValue("")).isEqualTo("wrongPassword");
        JsonNode wrong = call(bearer(here), "Password/set", "\"currentPassword\": \"guessed wrong\", " + update);
        assertThat(wrong.path("notUpdated").path("main").path("type").stringValue("")).isEqualTo("wrongPassword");
        JsonNode tooShort = call(bearer(here), "Password/set",
                "\"currentPassword\": \"" + password + "\", \"update\": {\"main\": {\"password\": \"short\"}}");
        assertThat(tooShort.path("notUpdated").path("main").path("description").stringValue("")).contains("shorter than 8");
        assertThat(status(bearer(elsewhere))).isEqualTo(200);

        JsonNode done = call(bearer(here), "Password/set", "\"currentPassword\": \"" + password + "\", " + update);
        assertThat(done.path("updated").has("main")).as("%s", done).isTrue();
        assertThat(status(bearer(here))).isEqualTo(200);
        assertThat(status(bearer(elsewhere))).isEqualTo(401);
        assertThat(status(basic())).isEqualTo(401);
        password = "a new passphrase";
        assertThat(status(basic())).isEqualTo(200);
    }

    @Test
    void passwordsForProgramsAreMadeAndTakenAway() throws Exception {
        JsonNode made = call(basic(), "Password/set", "\"currentPassword\": \"" + password + "\", "
                + "\"create\": {\"p\": {\"label\": \"phone\"}, \"q\": {\"label\": \"main\"}, \"r\": {\"label\": \"a/b\"}}");
        JsonNode created = made.path("created").path("p");
        assertThat(made.path("notCreated").propertyNames()).containsExactlyInAnyOrder("q", "r");
        String phone = created.path("password").stringValue("");
        assertThat(status(basic(phone))).isEqualTo(200);
        String id = created.path("id").stringValue("");
        JsonNode shown = call(basic(), "Password/get", "\"ids\": [\"" + id + "\"]").path("list").get(0);
        assertThat(shown.toString()).contains("phone").doesNotContain(phone);
        // A password for a program is not its owner.
        JsonNode change = call(basic(phone), "Password/set",
                "\"currentPassword\": \"" + phone + "\", \"update\": {\"main\": {\"password\": \"stolen account\"}}");
        assertThat(change.path("notUpdated").path("main").path("type").stringValue("")).isEqualTo("wrongPassword");
        JsonNode gone = call(basic(), "Password/set", "\"currentPassword\": \"" + password + "\", \"destroy\": [\"" + id + "\", \"main\"]");
        assertThat(gone.path("destroyed").toString()).isEqualTo("[\"" + id + "\"]");
        assertThat(gone.path("notDestroyed").path("main").path("type").stringValue("")).isEqualTo("forbidden");
        assertThat(status(basic(phone))).isEqualTo(401);
    }

    @Test
    void whyMailWasJudgedSoIsTold() throws Exception {
        deliver("eve@example.net", "X-Spam-Status: No, score=-9.0 required=5 tests=FORGED=-9.0\r\nSubject: judged\r\n");
        String id = call(basic(), "Email/query", "\"filter\": {\"subject\": \"judged\"}").path("ids").get(0).stringValue();
        JsonNode told = call(basic(), "EmailJudgement/get", "\"ids\": [\"" + id + "\"]").path("list").get(0);
        assertThat(told.path("authentication").toString()).contains("\"method\":\"spf\"", "\"method\":\"dmarc\"");
        assertThat(told.path("spam").path("score").isNumber()).isTrue();
        assertThat(told.toString()).doesNotContain("FORGED");
        assertThat(told.path("lines").get(0).path("text").stringValue("")).isNotEmpty();
    }

    @Test
    void htmlComesWithoutWhatCouldHarm() throws Exception {
        deliver("eve@example.net", "Subject: colourful\r\nContent-Type: text/html; charset=utf-8\r\n"
                + "\r\n<p onclick=x>Hello <script>alert(1)</script><img src=https://t.example/pixel.png></p>\r\n");
        deliver("eve@example.net", "Subject: plain\r\n");
        String html = call(basic(), "Email/query", "\"filter\": {\"subject\": \"colourful\"}").path("ids").get(0).stringValue();
        String plain = call(basic(), "Email/query", "\"filter\": {\"subject\": \"plain\"}").path("ids").get(0).stringValue();
        JsonNode safe = call(basic(), "EmailHtml/get", "\"ids\": [\"" + html + "\", \"" + plain + "\"]").path("list");
        assertThat(safe.get(0).path("html").stringValue("")).contains("Hello <img>").doesNotContain("alert", "t.example", "onclick");
        assertThat(safe.get(0).path("remotePictures").intValue(0)).isEqualTo(1);
        assertThat(safe.get(1).path("html").isNull()).isTrue();
        JsonNode with = call(basic(), "EmailHtml/get", "\"ids\": [\"" + html + "\"], \"withRemotePictures\": true").path("list");
        assertThat(with.get(0).path("html").stringValue("")).contains("https://t.example/pixel.png");
    }

    private void deliver(String from, String header) throws IOException {
        try (ImapConversation smtp = new ImapConversation(server.smtpPort())) {
            smtp.send("EHLO c.example\r\nMAIL FROM:<" + from + ">\r\nRCPT TO:<" + USER + ">\r\nDATA\r\n"
                    + "From: " + from + "\r\n" + header + "\r\ntext\r\n.\r\nQUIT");
            String line = smtp.readLine();
            while (line != null && !line.startsWith("221")) {
                assertThat(line).doesNotStartWith("5").doesNotStartWith("4");
                line = smtp.readLine();
            }
        }
    }

    private String signIn(String device) throws Exception {
        String body = "{\"username\": \"" + USER + "\", \"password\": \"" + password + "\", \"grant\": \"token\", \"device\": \"" + device
                + "\"}";
        HttpResponse<String> answer = client.send(to("/auth/login").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        return JsonMapper.shared().readTree(answer.body()).path("accessToken").stringValue("");
    }

    private JsonNode set(String type, String arguments) throws Exception {
        return call(basic(), type + "/set", arguments);
    }

    /** The arguments of the response, which is no error. */
    private JsonNode call(String authorization, String method, String arguments) throws Exception {
        HttpResponse<String> session = client.send(
                to("/.well-known/jmap").header("Authorization", authorization).build(), BodyHandlers.ofString());
        String account = JsonMapper.shared().readTree(session.body()).path("primaryAccounts").path("urn:mailserver:jmap").stringValue("");
        String request = "{\"using\": [\"urn:ietf:params:jmap:core\", \"urn:ietf:params:jmap:mail\","
                + "\"urn:ietf:params:jmap:vacationresponse\", \"urn:mailserver:jmap\"],"
                + "\"methodCalls\": [[\"" + method + "\", {\"accountId\": \"" + account + "\", " + arguments + "}, \"0\"]]}";
        HttpResponse<String> answer = client.send(to("/jmap/api").header("Content-Type", "application/json")
                .header("Authorization", authorization).POST(BodyPublishers.ofString(request)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode response = JsonMapper.shared().readTree(answer.body()).path("methodResponses").get(0);
        assertThat(response.get(0).stringValue("")).as("%s", response).isEqualTo(method);
        return response.get(1);
    }

    private int status(String authorization) throws Exception {
        return client.send(to("/.well-known/jmap").header("Authorization", authorization).build(), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path));
    }

    private String basic() {
        return basic(password);
    }

    private static String basic(String password) {
        return "Basic " + Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }
}
