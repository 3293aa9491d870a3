package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.base.OctetContent;
import io.mailserver.base.SystemTime;
import io.mailserver.simulation.ScriptedPeer;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtpclient.ClientTls;
import io.mailserver.smtpclient.Dialogue;
import io.mailserver.smtpclient.MessageShape;
import io.mailserver.smtpclient.OutgoingMessage;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.SmtpClient;
import io.mailserver.smtpclient.Timeouts;
import io.mailserver.smtpclient.TlsPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Identities, submissions, undo and quotas over HTTP; a whole server and another one to send to. */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class SendingByJmapTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final String FROM = "{\"email\": \"postmaster@example.com\", \"name\": \"The Master\"}";

    private final HttpClient client = HttpClient.newHttpClient();
    private ScriptedPeer peer;
    private RunningServer server;
    private String password = "";
    private String account = "";
    private String drafts = "";
    private String sent = "";

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        peer = ScriptedPeer.usual();
        server = RunningServer.start(data, Map.of(
                "sending.routes", "[{domain: example.net, to: \"127.0.0.1:" + peer.address().getPort() + "\"}]"));
        Matcher found = Pattern.compile("postmaster@\\S+ has the password (\\S+)").matcher(server.secrets().getFirst());
        assertThat(found.find()).isTrue();
        password = found.group(1);
        JsonNode session = get("/.well-known/jmap");
        account = session.path("primaryAccounts").path("urn:ietf:params:jmap:submission").stringValue("");
        assertThat(account).isNotEmpty();
        JsonNode mailboxes = call("Mailbox/get", "\"ids\": null").getFirst();
        for (JsonNode mailbox : mailboxes.path("list")) {
            switch (mailbox.path("role").stringValue("")) {
                case "drafts" -> drafts = mailbox.path("id").stringValue("");
                case "sent" -> sent = mailbox.path("id").stringValue("");
                default -> { }
            }
        }
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        server.close();
        peer.close();
    }

    /** RFC 8620 §7.3 with the types of RFC 8621 §6 and §7. */
    @Test
    void identitiesAndSubmissionsAreTold() throws Exception {
        HttpResponse<InputStream> events = client.send(
                request("/jmap/events?types=Identity,EmailSubmission&closeafter=no&ping=0").build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            call("Identity/set", "\"update\": {\"main\": {\"name\": \"The Master\"}}");
            assertThat(told(lines, "Identity")).isEqualTo(call("Identity/get", "\"ids\": []").getFirst().path("state").stringValue(""));
            String email = draft(FROM, "told of", "bob@example.net", "carol@example.net");
            call("EmailSubmission/set", "\"create\": {\"s\": {\"identityId\": \"main\", \"emailId\": \"" + email + "\"}}");
            assertThat(told(lines, "EmailSubmission"))
                    .isEqualTo(call("EmailSubmission/get", "\"ids\": []").getFirst().path("state").stringValue(""));
        }
    }

    /** The state of the next event, which names that type alone. */
    private String told(BufferedReader lines, String type) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith("data: ")) {
            line = lines.readLine();
        }
        assertThat(line).as("an event").isNotNull();
        JsonNode changed = JsonMapper.shared().readTree(String.valueOf(line).substring(6)).path("changed").path(account);
        assertThat(changed.propertyNames()).containsExactly(type);
        return changed.path(type).stringValue("");
    }

    @Test
    void aDraftIsSentAndFiledAndBccIsSeenByNobody() throws Exception {
        String email = draft(FROM, "hello there", "bob@example.net", "secret@example.net");
        List<JsonNode> answers = call("EmailSubmission/set",
                "\"create\": {\"s\": {\"identityId\": \"main\", \"emailId\": \"" + email + "\"}},"
                        + "\"onSuccessUpdateEmail\": {\"#s\": {\"mailboxIds/" + drafts + "\": null, \"mailboxIds/" + sent + "\": true,"
                        + "\"keywords/$draft\": null}}");
        JsonNode created = answers.get(0).path("created").path("s");
        assertThat(created.path("undoStatus").stringValue("")).isEqualTo("final");
        assertThat(created.path("envelope").path("rcptTo").size()).isEqualTo(2);
        assertThat(answers.get(1).path("updated").has(email)).as("%s", answers).isTrue();
        await().atMost(WAIT).until(() -> peer.messages().stream().anyMatch(text -> text.contains("hello there")));
        String message = peer.messages().stream().filter(text -> text.contains("hello there")).findFirst().orElseThrow();
        assertThat(message).contains("DKIM-Signature: ", "To: ").doesNotContain("secret@").doesNotContainIgnoringCase("bcc:");

        JsonNode shown = call("Email/get", "\"ids\": [\"" + email + "\"], \"properties\": [\"mailboxIds\", \"keywords\", \"bcc\"]")
                .getFirst().path("list").get(0);
        assertThat(shown.path("mailboxIds").has(sent)).isTrue();
        assertThat(shown.path("mailboxIds").has(drafts)).isFalse();
        assertThat(shown.path("bcc").size()).isEqualTo(1);
        String id = created.path("id").stringValue("");
        await().atMost(WAIT).until(() -> submission(id).path("deliveryStatus").path("bob@example.net").path("delivered").stringValue("")
                .equals("unknown"));
        assertThat(call("EmailSubmission/query", "\"filter\": {\"emailIds\": [\"" + email + "\"]}").getFirst().path("ids").toString())
                .isEqualTo("[\"" + id + "\"]");
    }

    @Test
    void aReportThatComesBackShowsOnTheSubmissionAndAForgedOneDoesNot() throws Exception {
        String email = draft(FROM, "to somebody who left", "gone@example.net", "here@example.net");
        // RET tells its transaction from those of other messages on their way.
        String envelope = "\"envelope\": {\"mailFrom\": {\"email\": \"postmaster@example.com\", \"parameters\": {\"RET\": \"HDRS\"}},"
                + "\"rcptTo\": [{\"email\": \"gone@example.net\"}, {\"email\": \"here@example.net\"}]}";
        String id = submit(email, envelope).path("created").path("s").path("id").stringValue("");
        await().atMost(WAIT).until(() -> peer.messages().stream().anyMatch(text -> text.contains("to somebody who left")));
        assertThat(peer.commands()).contains("RCPT TO:<gone@example.net> ORCPT=rfc822;gone@example.net");
        String mail = peer.commands().stream().filter(line -> line.contains(" RET=HDRS")).findFirst().orElseThrow();
        Matcher envid = Pattern.compile(" ENVID=(\\S+)").matcher(mail);
        assertThat(envid.find()).as(mail).isTrue();
        report(envid.group(1), "victim@example.net", "5.1.1");
        report(envid.group(1).substring(0, envid.group(1).length() - 24) + "a".repeat(24), "gone@example.net", "5.1.1");
        assertThat(submission(id).path("deliveryStatus").path("gone@example.net").path("delivered").stringValue("")).isNotEqualTo("no");
        report(envid.group(1), "Gone@example.net", "5.1.1");
        await().atMost(WAIT).until(() ->
                submission(id).path("deliveryStatus").path("gone@example.net").path("delivered").stringValue("").equals("no"));
        assertThat(submission(id).path("deliveryStatus").path("gone@example.net").path("smtpReply").stringValue(""))
                .isEqualTo("550 5.1.1 She left");
        assertThat(submission(id).path("deliveryStatus").path("here@example.net").path("delivered").stringValue("")).isNotEqualTo("no");
        JsonNode again = submit(draft(FROM, "again", "gone@example.net", "victim@example.net"), "").path("notCreated").path("s");
        assertThat(again.path("invalidRecipients").toString()).isEqualTo("[\"gone@example.net\"]");
        assertThat(again.path("description").stringValue("")).contains("It said: 550 5.1.1 She left");
        assertThat(inbox()).as("as usual").filteredOn(text -> text.contains("She left")).hasSize(3);
    }

    /** A notice of the other server on what it had taken. */
    private void report(String envid, String recipient, String status) throws IOException {
        String text = "From: <mailer-daemon@example.net>\r\nTo: <postmaster@example.com>\r\nSubject: Undelivered\r\n"
                + "Date: Tue, 1 Dec 2026 06:00:00 +0000\r\nMessage-ID: <" + Integer.toHexString((recipient + envid).hashCode())
                + "@example.net>\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt did not arrive.\r\n"
                + "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\nOriginal-Envelope-Id: " + envid
                + "\r\n\r\nOriginal-Recipient: rfc822; " + recipient + "\r\nFinal-Recipient: rfc822; x@inner.example\r\nAction: failed\r\n"
                + "Status: " + status + "\r\nDiagnostic-Code: smtp; 550 " + status + " She left\r\n\r\n--b--\r\n";
        SmtpClient.Settings settings = new SmtpClient.Settings("mx.example.net", Optional.empty(), Timeouts.RFC_5321, Optional.empty());
        SmtpClient.Peer to =
                new SmtpClient.Peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.smtpPort()), "localhost", false, false);
        OctetContent content = new OctetContent(text.getBytes(StandardCharsets.US_ASCII));
        try (SystemTime time = new SystemTime();
                SmtpClient sender = SmtpClient.connect(to, settings, new TlsPolicy.None(), new ClientTls(null), time, Dialogue.NONE)) {
            RecipientResult result = sender.send(new OutgoingMessage(Optional.empty(), MailParameters.NONE,
                    List.of(Recipient.of(Address.of("postmaster", RunningServer.DOMAIN))), content, MessageShape.of(content))).getFirst();
            assertThat(result.kind()).as(result.text()).isEqualTo(RecipientResult.Kind.DELIVERED);
        }
    }

    private List<String> inbox() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(server.maildir("postmaster"))) {
            for (Path file : files.filter(Files::isRegularFile).filter(file -> file.toString().contains(",S=")).toList()) {
                texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return texts;
    }

    @Test
    void whatIsHeldCanBeTakenBack() throws Exception {
        String email = draft(FROM, "never to be seen", "bob@example.net", "carol@example.net");
        String envelope = "\"envelope\": {\"mailFrom\": {\"email\": \"postmaster@example.com\", \"parameters\": {\"HOLDFOR\": \"3600\"}},"
                + "\"rcptTo\": [{\"email\": \"bob@example.net\"}, {\"email\": \"postmaster@example.com\"}]}";
        JsonNode created = submit(email, envelope).path("created").path("s");
        String id = created.path("id").stringValue("");
        assertThat(created.path("undoStatus").stringValue("")).isEqualTo("pending");
        assertThat(submission(id).path("undoStatus").stringValue("")).isEqualTo("pending");
        assertThat(submission(id).path("deliveryStatus").path("bob@example.net").path("delivered").stringValue("")).isEqualTo("queued");
        String before = call("EmailSubmission/get", "\"ids\": []").getFirst().path("state").stringValue("");

        JsonNode undone = call("EmailSubmission/set", "\"update\": {\"" + id + "\": {\"undoStatus\": \"canceled\"}}").getFirst();
        assertThat(undone.path("updated").has(id)).as("%s", undone).isTrue();
        assertThat(submission(id).path("undoStatus").stringValue("")).isEqualTo("canceled");
        JsonNode changes = call("EmailSubmission/changes", "\"sinceState\": \"" + before + "\"").getFirst();
        assertThat(changes.path("updated").toString()).contains(id);
        assertThat(changes.path("destroyed").size()).isZero();

        JsonNode gone = call("EmailSubmission/set", "\"destroy\": [\"" + id + "\"]").getFirst();
        assertThat(gone.path("destroyed").toString()).contains(id);
        assertThat(call("EmailSubmission/changes", "\"sinceState\": \"" + before + "\"").getFirst().path("destroyed").toString())
                .contains(id);
        assertThat(peer.messages()).noneMatch(text -> text.contains("never to be seen"));
    }

    @Test
    void whatIsOnItsWayCannot() throws Exception {
        String email = draft(FROM, "too late", "bob@example.net", "carol@example.net");
        String id = submit(email, "").path("created").path("s").path("id").stringValue("");
        JsonNode late = call("EmailSubmission/set", "\"update\": {\"" + id + "\": {\"undoStatus\": \"canceled\"}}").getFirst();
        assertThat(late.path("notUpdated").path(id).path("type").stringValue("")).isEqualTo("cannotUnsend");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            other@example.com      | bob@example.net                 | forbiddenMailFrom
            postmaster@example.com |                                 | noRecipients
            postmaster@example.com | not an address                  | invalidRecipients
            postmaster@example.com | x@y.example>\\r\\nDATA          | invalidRecipients
            postmaster@example.com | nobody@example.com              | invalidRecipients
            postmaster@example.com>\\r\\nRSET | bob@example.net     | invalidProperties
            """)
    void nothingIsSentThatSubmissionWouldRefuse(String from, String to, String error) throws Exception {
        String email = draft(FROM, "refused", "bob@example.net", "carol@example.net");
        String recipients = to == null ? "" : "{\"email\": \"" + to + "\"}";
        String envelope = "\"envelope\": {\"mailFrom\": {\"email\": \"" + from + "\"}, \"rcptTo\": [" + recipients + "]}";
        JsonNode answer = submit(email, envelope);
        assertThat(answer.path("notCreated").path("s").path("type").stringValue("")).as("%s", answer).isEqualTo(error);
        assertThat(peer.messages()).noneMatch(text -> text.contains("refused"));
    }

    @ParameterizedTest
    @CsvSource({"BY, 59;R", "BY, 3600", "MT-PRIORITY, 10", "HOLDFOR, 99999999"})
    void wishesThatSubmissionWouldRefuseAreRefused(String parameter, String value) throws Exception {
        String email = draft(FROM, "wished in vain", "bob@example.net", "carol@example.net");
        String envelope = "\"envelope\": {\"mailFrom\": {\"email\": \"postmaster@example.com\", \"parameters\": {\"" + parameter
                + "\": \"" + value + "\"}}, \"rcptTo\": [{\"email\": \"bob@example.net\"}]}";
        JsonNode answer = submit(email, envelope);
        assertThat(answer.path("notCreated").path("s").path("type").stringValue("")).as("%s", answer).isEqualTo("invalidProperties");
    }

    @Test
    void nobodyWritesInTheNameOfOthers() throws Exception {
        String email = draft("{\"email\": \"boss@example.net\"}", "forged", "bob@example.net", "carol@example.net");
        JsonNode answer = submit(email, "");
        assertThat(answer.path("notCreated").path("s").path("type").stringValue("")).as("%s", answer).isEqualTo("forbiddenFrom");
        JsonNode identity = call("Identity/set", "\"create\": {\"i\": {\"email\": \"boss@example.net\"}}").getFirst();
        assertThat(identity.path("notCreated").path("i").path("type").stringValue("")).isEqualTo("forbiddenFrom");
    }

    @Test
    void identitiesAreKept() throws Exception {
        String before = call("Identity/get", "\"ids\": []").getFirst().path("state").stringValue("");
        JsonNode made = call("Identity/set",
                "\"create\": {\"i\": {\"email\": \"postmaster@example.com\", \"name\": \"Hans\", \"textSignature\": \"-- \\nHans\"}},"
                        + "\"update\": {\"main\": {\"name\": \"Master\"}}").getFirst();
        String id = made.path("created").path("i").path("id").stringValue("");
        assertThat(id).as("%s", made).isNotEmpty();
        JsonNode all = call("Identity/get", "\"ids\": null").getFirst().path("list");
        assertThat(all.size()).isEqualTo(2);
        assertThat(all.get(0).path("name").stringValue("")).isEqualTo("Master");
        assertThat(all.get(0).path("mayDelete").booleanValue(true)).isFalse();
        assertThat(all.get(1).path("textSignature").stringValue("")).isEqualTo("-- \nHans");
        JsonNode changes = call("Identity/changes", "\"sinceState\": \"" + before + "\"").getFirst();
        assertThat(changes.path("created").toString()).isEqualTo("[\"" + id + "\"]");
        assertThat(changes.path("updated").toString()).isEqualTo("[\"main\"]");
        JsonNode refused = call("Identity/set", "\"update\": {\"" + id + "\": {\"email\": \"x@example.com\"}}, \"destroy\": [\"main\"]")
                .getFirst();
        assertThat(refused.path("notUpdated").path(id).path("type").stringValue("")).isEqualTo("invalidProperties");
        assertThat(refused.path("notDestroyed").path("main").path("type").stringValue("")).isEqualTo("forbidden");
        call("Identity/set", "\"destroy\": [\"" + id + "\"]");
        assertThat(call("Identity/get", "\"ids\": null").getFirst().path("list").size()).isEqualTo(1);
    }

    @Test
    void withoutALimitThereIsNoQuota() throws Exception {
        assertThat(call("Quota/get", "\"ids\": null").getFirst().path("list").size()).isZero();
    }

    private JsonNode submission(String id) throws Exception {
        return call("EmailSubmission/get", "\"ids\": [\"" + id + "\"]").getFirst().path("list").get(0);
    }

    private JsonNode submit(String email, String envelope) throws Exception {
        return call("EmailSubmission/set", "\"create\": {\"s\": {\"identityId\": \"main\", \"emailId\": \"" + email + "\""
                + (envelope.isEmpty() ? "" : ", " + envelope) + "}}").getFirst();
    }

    private String draft(String from, String subject, String to, String bcc) throws Exception {
        JsonNode answer = call("Email/set",
                "\"create\": {\"d\": {\"mailboxIds\": {\"" + drafts + "\": true}, \"keywords\": {\"$draft\": true},"
                + "\"from\": [" + from + "], \"to\": [{\"email\": \"" + to + "\"}], \"bcc\": [{\"email\": \"" + bcc + "\"}],"
                + "\"subject\": \"" + subject + "\", \"bodyValues\": {\"1\": {\"value\": \"text\\n\"}},"
                + "\"textBody\": [{\"partId\": \"1\", \"type\": \"text/plain\"}]}}").getFirst();
        String id = answer.path("created").path("d").path("id").stringValue("");
        assertThat(id).as("%s", answer).isNotEmpty();
        return id;
    }

    /** The arguments of all responses. */
    private List<JsonNode> call(String method, String arguments) throws Exception {
        String request = "{\"using\": [\"urn:ietf:params:jmap:core\", \"urn:ietf:params:jmap:mail\","
                + "\"urn:ietf:params:jmap:submission\", \"urn:ietf:params:jmap:quota\"],"
                + "\"methodCalls\": [[\"" + method + "\", {\"accountId\": \"" + account + "\", " + arguments + "}, \"0\"]]}";
        HttpResponse<String> answer = client.send(
                request("/jmap/api").header("Content-Type", "application/json").POST(BodyPublishers.ofString(request)).build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<JsonNode> responses = new ArrayList<>();
        for (JsonNode response : JsonMapper.shared().readTree(answer.body()).path("methodResponses")) {
            assertThat(response.get(0).stringValue("")).as("%s", response).isNotEqualTo("error");
            responses.add(response.get(1));
        }
        return responses;
    }

    private JsonNode get(String path) throws Exception {
        return JsonMapper.shared().readTree(client.send(request(path).build(), BodyHandlers.ofString()).body());
    }

    private HttpRequest.Builder request(String path) {
        String pair = "postmaster@example.com:" + password;
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
