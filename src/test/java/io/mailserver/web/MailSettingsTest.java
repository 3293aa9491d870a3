package io.mailserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.base.SystemTime;
import io.mailserver.mtasts.OwnPolicy;
import io.mailserver.mtasts.Policy;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.HttpListenerSpec;
import io.mailserver.net.HttpServer;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.web.MailServices.Protocol;
import io.mailserver.web.MailServices.Service;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What Thunderbird, Outlook, Apple's programs and other mail servers ask for. */
class MailSettingsTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Domain OURS = new Domain("example.com");
    private static final OwnPolicy POLICY = new OwnPolicy(Policy.Mode.ENFORCE, new Domain("mail.example.com"));
    private static final MailServices SERVICES = new MailServices(new Domain("mail.example.com"), List.of(
            new Service(Protocol.IMAP, 993, true), new Service(Protocol.SMTP, 465, true), new Service(Protocol.IMAP, 143, false)));

    private final SystemTime time = new SystemTime();
    private final RecordingLog log = new RecordingLog();
    private final HttpServer server = HttpServer.bind(
            List.of(HttpListenerSpec.onLoopback("a", 0)), new ConnectionLimits(ConnectionLimits.Limits.only(100), time), time, log);

    @BeforeEach
    void start() throws IOException {
        server.start(List.of(new MailSettings(() -> SERVICES, OURS::equals, () -> Optional.of(POLICY.text())).mounts()));
    }

    @AfterEach
    void stop() {
        server.close();
        time.close();
        log.assertNoErrors();
    }

    @ParameterizedTest
    @CsvSource({
        "autoconfig.example.com, /mail/config-v1.1.xml?emailaddress=alice%40example.com",
        "autoconfig.example.com, /mail/config-v1.1.xml",
        "example.com, /.well-known/autoconfig/mail/config-v1.1.xml",
        "mail.other.example, /.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=x@example.com"
    })
    void thunderbirdFindsTheServers(String host, String path) throws Exception {
        Document xml = xml(get(host, path));
        assertThat(xml.getDocumentElement().getAttribute("version")).isEqualTo("1.1");
        assertThat(text(xml, "hostname", 0)).isEqualTo("mail.example.com");
        assertThat(text(xml, "port", 0)).isEqualTo("993");
        assertThat(text(xml, "socketType", 0)).isEqualTo("SSL");
        assertThat(text(xml, "socketType", 1)).isEqualTo("STARTTLS");
        assertThat(text(xml, "username", 0)).isEqualTo("%EMAILADDRESS%");
        assertThat(xml.getElementsByTagName("outgoingServer").getLength()).isEqualTo(1);
    }

    @Test
    void outlookFindsTheServers() throws Exception {
        Document xml = xml(autodiscover("alice&amp;bob@example.com"));
        assertThat(text(xml, "Type", 0)).isEqualTo("IMAP");
        assertThat(text(xml, "LoginName", 0)).isEqualTo("alice&bob@example.com");
        assertThat(xml.getElementsByTagName("Protocol").getLength()).isEqualTo(3);
    }

    @Test
    void appleGetsAProfile() throws Exception {
        String answer = get("mail.example.com", "/apple.mobileconfig?email=%3Calice%26%3E@example.com");
        assertThat(answer).contains("application/x-apple-aspen-config", "&lt;alice&amp;&gt;@example.com").doesNotContain("<alice");
        assertThat(answer).contains("com.apple.mail.managed");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, /.well-known/autoconfig/mail/config-v1.1.xml",
        "autoconfig.example.com, /mail/config-v1.1.xml?emailaddress=alice@elsewhere.example",
        "autoconfig.example.com, /mail/config-v1.1.xml?emailaddress=%0d%0a@example.com",
        "x, /apple.mobileconfig",
        "x, /apple.mobileconfig?email=alice@elsewhere.example",
        "mta-sts.elsewhere.example, /.well-known/mta-sts.txt",
        "x, /autodiscover/autodiscover.xml"
    })
    void nothingIsToldAboutOthers(String host, String path) throws Exception {
        assertThat(get(host, path)).startsWith("HTTP/1.1 404");
    }

    @Test
    void entitiesAndOtherXmlAreNoRequests() throws Exception {
        String external = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                + "<Autodiscover><Request><EMailAddress>&x;@example.com</EMailAddress></Request></Autodiscover>";
        for (String body : List.of(external, "", "<", "<a/>", "<EMailAddress><b/></EMailAddress>")) {
            assertThat(post("/autodiscover/autodiscover.xml", body)).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void thePolicyIsWhatOurOwnSenderUnderstands() throws Exception {
        String answer = get("mta-sts.example.com", "/.well-known/mta-sts.txt");
        assertThat(answer).contains("Content-Type: text/plain");
        Policy policy = Policy.parse(answer.substring(answer.indexOf("\r\n\r\n") + 4)).orElseThrow();
        assertThat(policy.mode()).isEqualTo(Policy.Mode.ENFORCE);
        assertThat(policy.allows("mail.example.com")).isTrue();
        assertThat(policy.allows("evil.example")).isFalse();
    }

    @Test
    void anotherPolicyHasAnotherId() {
        assertThat(POLICY.id()).matches("[0-9a-f]{16}").isEqualTo(new OwnPolicy(POLICY.mode(), POLICY.mx()).id());
        assertThat(new OwnPolicy(Policy.Mode.TESTING, POLICY.mx()).id()).isNotEqualTo(POLICY.id());
        assertThat(new OwnPolicy(POLICY.mode(), new Domain("mx.example.com")).id()).isNotEqualTo(POLICY.id());
    }

    private String autodiscover(String address) throws IOException {
        return post("/Autodiscover/Autodiscover.xml", """
                <?xml version="1.0" encoding="utf-8"?>
                <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
                <Request><EMailAddress>%s</EMailAddress></Request></Autodiscover>""".formatted(address));
    }

    private String get(String host, String path) throws IOException {
        return raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    private String post(String path, String body) throws IOException {
        return raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body);
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, server.ports().getFirst())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Document xml(String answer) throws Exception {
        assertThat(answer).startsWith("HTTP/1.1 200");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }

    private static String text(Document xml, String name, int index) {
        return xml.getElementsByTagName(name).item(index).getTextContent();
    }
}
