package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.admin.Answer;
import io.mailserver.admin.ControlClient;
import io.mailserver.app.RunningServer;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.SystemTime;
import io.mailserver.simulation.PeerTls;
import io.mailserver.simulation.Unbound;
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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Two servers of ours and Debian's Postfix send each other mail on loopback, each at an address of its own, all at one port. Their DNS is
 * unbound's: {@code secure.example} is signed, and its servers are held to DANE; {@code plain.example} is not, and has an MTA-STS policy
 * that the server itself serves. What Postfix gets, opendkim looks at. Postfix asks no DNS: it is told where the others are, and that their
 * certificates must be good.
 */
@Tag("peer")
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class ExchangeTest {
    private static final Duration WAIT = Duration.ofSeconds(40);
    private static final String ONE = "127.0.0.21";
    private static final String TWO = "127.0.0.22";
    private static final String THREE = "127.0.0.23";
    private static final Domain ONE_DOMAIN = new Domain("one.secure.example");
    private static final Domain TWO_DOMAIN = new Domain("two.plain.example");
    private static final Domain THREE_DOMAIN = new Domain("three.secure.example");
    private static final Domain WRONG_DOMAIN = new Domain("wrong.secure.example");

    private final PeerTls tlsOfOne = PeerTls.of("mx.one.secure.example");
    private final PeerTls tlsOfTwo = PeerTls.of("mx.two.plain.example", "mta-sts.two.plain.example");
    private final PeerTls tlsOfThree = PeerTls.of("mx.three.secure.example");
    private final PeerTls tlsOfNobody = PeerTls.of("mx.elsewhere.example");
    private final List<AutoCloseable> open = new ArrayList<>();
    private Path folder;
    private int mail;
    private RunningServer one;
    private RunningServer two;
    private Postfix three;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Program opendkim = Program.require("opendkim", "opendkim");
        Path authorities = Files.writeString(folder.resolve("authorities.pem"),
                tlsOfOne.pem() + tlsOfTwo.pem() + tlsOfThree.pem() + tlsOfNobody.pem());
        mail = Unbound.freePort();
        int dns = Unbound.freePort();
        int https = Unbound.freePort();
        int milter = Unbound.freePort();
        Map<String, String> both = Map.of(
                "dns.servers", "['127.0.0.1:" + dns + "']", "sending.port", Integer.toString(mail), "sending.authorities",
                authorities.toString(), "sending.https-port", Integer.toString(https), "sending.https-to-private", "true",
                "tls.mta-sts", "enforce", "spam.enabled", "false");
        one = server(ONE_DOMAIN, ONE, 0, tlsOfOne, both);
        two = server(TWO_DOMAIN, TWO, https, tlsOfTwo, both);
        three = Postfix.start(folder.resolve("postfix"), THREE_DOMAIN.ascii(), THREE, mail, postfixSettings(authorities, milter));
        open.add(three);
        List<String> keys = keys();
        serveZones(dns, keys);
        Process process = opendkim.start(Map.of(), "-f", "-x", opendkimSettings(milter, keys).toString());
        open.add(process::destroy);
        await().atMost(WAIT).until(() -> isListening(milter));
    }

    private RunningServer server(Domain domain, String address, int https, PeerTls tls, Map<String, String> both) throws IOException {
        Path pem = tls.write(folder.resolve(domain + ".pem"));
        Map<String, String> sets = new HashMap<>(both);
        sets.putAll(Map.of(
                "listeners", RunningServer.listeners(address, mail, https), "hostname", "mx." + domain, "sending.from", address,
                "tls.certificates", "[{chain: '" + pem + "', key: '" + pem + "'}]"));
        RunningServer server = RunningServer.start(data(domain), domain, sets);
        open.add(server);
        return server;
    }

    private Path data(Domain domain) {
        return folder.resolve(domain.ascii());
    }

    private List<String> postfixSettings(Path authorities, int milter) throws IOException {
        Path pem = tlsOfThree.write(folder.resolve("three.pem"));
        return List.of(
                "myhostname = mx.three.secure.example", "smtpd_peername_lookup = no", "smtpd_tls_received_header = yes",
                "smtpd_tls_cert_file = " + pem, "smtpd_tls_key_file = " + pem,
                "smtpd_milters = inet:127.0.0.1:" + milter, "milter_default_action = tempfail",
                "smtp_tls_loglevel = 1", "smtp_bind_address = " + THREE,
                "smtp_tls_security_level = secure", "smtp_tls_CAfile = " + authorities,
                "smtp_tls_secure_cert_match = mx.one.secure.example, mx.two.plain.example",
                "transport_maps = inline:{ {one.secure.example = smtp:[" + ONE + "]:" + mail + "}, "
                        + "{two.plain.example = smtp:[" + TWO + "]:" + mail
                        + "} }");
    }

    /** DKIM keys of both servers, as lines of a zone file. */
    private List<String> keys() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Domain domain : List.of(ONE_DOMAIN, TWO_DOMAIN)) {
            lines.addAll(run(domain, "dns.records", "domain", domain.ascii()).stream()
                    .filter(line -> line.contains("._domainkey.")).toList());
        }
        assertThat(lines).hasSize(4);
        return lines;
    }

    private void serveZones(int port, List<String> keys) throws Exception {
        String allowed = " 300 IN TXT \"v=spf1 ip4:%s -all\"\n";
        Map<Boolean, String> bySigned = keys.stream().collect(
                Collectors.partitioningBy(line -> line.contains("secure.example"), Collectors.joining("\n")));
        Files.writeString(folder.resolve("secure.example"), head("secure.example")
                + host("one", ONE) + host("three", THREE) + host("wrong", THREE)
                + "_%d._tcp.mx.one 300 IN TLSA 3 1 1 %s%n".formatted(mail, tlsOfOne.tlsa311())
                + "_%d._tcp.mx.three 300 IN TLSA 3 1 1 %s%n".formatted(mail, tlsOfThree.tlsa311())
                + "_%d._tcp.mx.wrong 300 IN TLSA 3 1 1 %s%n".formatted(mail, tlsOfNobody.tlsa311())
                + "one" + allowed.formatted(ONE) + "three" + allowed.formatted(THREE)
                + "_dmarc.one 300 IN TXT \"v=DMARC1; p=reject\"\n_dmarc.three 300 IN TXT \"v=DMARC1; p=none\"\n" 
                + bySigned.get(true) + "\n");
        Files.writeString(folder.resolve("plain"), head("plain.example")
                + host("two", TWO) + "mta-sts.two 300 IN A " + TWO + "\n_mta-sts.two 300 IN TXT \"v=STSv1; id=1\"\n"
                + "two" + allowed.formatted(TWO) + "_dmarc.two 300 IN TXT \"v=DMARC1; p=reject\"\n" + bySigned.get(false) + "\n");
        Unbound.sign(folder, "secure.example", "signed");
        open.add(Unbound.start(folder, port, "validator iterator", false, List.of("secure.example signed", "plain.example plain")));
        await().atMost(WAIT).until(() -> isListening(port));
    }

    private static String head(String zone) {
        return """
                $ORIGIN %s.
                @ 300 IN SOA ns hostmaster 1 3600 600 86400 60
                @ 300 IN NS ns
                ns 300 IN A 127.0.0.1
                """.formatted(zone);
    }

    private static String host(String name, String address) {
        return "%1$s 300 IN MX 10 mx.%1$s%nmx.%1$s 300 IN A %2$s%n".formatted(name, address);
    }

    private Path opendkimSettings(int port, List<String> keys) throws IOException {
        StringBuilder known = new StringBuilder();
        Pattern quoted = Pattern.compile("\"([^\"]*)\"");
        for (String line : keys) {
            String record = quoted.matcher(line).results().map(match -> match.group(1)).collect(Collectors.joining());
            known.append(line, 0, line.indexOf(". ")).append(' ').append(record).append('\n');
        }
        Path keyFile = Files.writeString(folder.resolve("opendkim.keys"), known);
        Path internal = Files.writeString(folder.resolve("opendkim.internal"), "192.0.2.1\n");
        return Files.writeString(folder.resolve("opendkim.conf"), """
                Mode v
                Socket inet:%d@127.0.0.1
                Background no
                Syslog no
                AlwaysAddARHeader yes
                AuthservID mx.three.secure.example
                InternalHosts %s
                TestPublicKeys %s
                """.formatted(port, internal, keyFile));
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void postfixGetsSignedMailOverTlsThatDaneHasVerified() throws IOException {
        submit(ONE_DOMAIN, one, "user1", THREE_DOMAIN, "by DANE");
        String message = await().atMost(WAIT).until(() -> arrived(three.messages(), "by DANE"), text -> !text.isEmpty());
        assertThat(message)
                .contains("using TLSv1.3")
                .containsPattern("Authentication-Results: mx\\.three\\.secure\\.example;\\s+"
                        + "dkim=pass[^;]*header\\.d=one\\.secure\\.example")
                .doesNotContain("dkim=fail", "dkim=permerror");
    }

    @Test
    void postfixDeliversToBoth() throws IOException {
        for (Domain to : List.of(ONE_DOMAIN, TWO_DOMAIN)) {
            send(new SmtpClient.Peer(new InetSocketAddress(InetAddress.ofLiteral(THREE), mail), THREE, false, false), Optional.empty(),
                    Address.of("user1", THREE_DOMAIN), Address.of("postmaster", to), "from Postfix");
        }
        for (Map.Entry<Domain, RunningServer> to : Map.of(ONE_DOMAIN, one, TWO_DOMAIN, two).entrySet()) {
            String message = await().atMost(WAIT).until(
                    () -> arrived(Postfix.messages(to.getValue().maildir("postmaster")), "from Postfix"), text -> !text.isEmpty());
            assertThat(message).contains("with ESMTPS").contains("Authentication-Results: mx." + to.getKey() + ";").contains("spf=pass");
        }
        assertThat(three.log()).contains("Verified TLS connection established to " + ONE);
    }

    @Test
    void oursSendEachOtherMailByDaneAndByMtaSts() throws IOException {
        submit(ONE_DOMAIN, one, "postmaster", TWO_DOMAIN, "by MTA-STS");
        submit(TWO_DOMAIN, two, "postmaster", ONE_DOMAIN, "by DANE, the other way");
        assertProven(two, "by MTA-STS");
        assertProven(one, "by DANE, the other way");
        assertThat(Files.readString(data(ONE_DOMAIN).resolve("mta-sts/two.plain.example")))
                .as("fetched from the server that it is about").contains("mode: enforce\r\nmx: mx.two.plain.example\r\n");
    }

    private static void assertProven(RunningServer server, String subject) {
        String message = await().atMost(WAIT).until(
                () -> arrived(Postfix.messages(server.maildir("postmaster")), subject), text -> !text.isEmpty());
        assertThat(message).contains("with ESMTPS").contains("dkim=pass", "spf=pass", "dmarc=pass");
    }

    @Test
    void aCertificateThatDaneDoesNotNameGetsNoMail() throws IOException {
        submit(ONE_DOMAIN, one, "user1", WRONG_DOMAIN, "to nobody by DANE");
        await().atMost(WAIT).until(() -> String.join("\n", run(ONE_DOMAIN, "queue.list", "destination", WRONG_DOMAIN.ascii()))
                .contains("the certificate is not the one that DANE demands"));
        assertThat(three.messages()).noneMatch(text -> text.contains("to nobody by DANE"));
    }

    @Test
    void aCertificateThatMtaStsDoesNotAllowGetsNoMailUntilItIsMended() throws IOException {
        submit(ONE_DOMAIN, one, "postmaster", TWO_DOMAIN, "before");
        assertProven(two, "before");
        Path pem = tlsOfNobody.write(folder.resolve(TWO_DOMAIN + ".pem"));
        try {
            run(TWO_DOMAIN, "reload", "", "");
            submit(ONE_DOMAIN, one, "postmaster", TWO_DOMAIN, "while it is wrong");
            await().atMost(WAIT).until(() -> String.join("\n", run(ONE_DOMAIN, "queue.list", "destination", TWO_DOMAIN.ascii()))
                    .contains("the certificate is for [mx.elsewhere.example] and not for [mx.two.plain.example]"));
        } finally {
            tlsOfTwo.write(pem);
            run(TWO_DOMAIN, "reload", "", "");
        }
        run(ONE_DOMAIN, "queue.flush", "", "");
        assertProven(two, "while it is wrong");
    }

    private static String arrived(List<String> messages, String subject) {
        return messages.stream().filter(text -> text.contains("\nSubject: " + subject + "\n")).findFirst().orElse("");
    }

    private List<String> run(Domain domain, String operation, String name, String value) throws IOException {
        try (ControlClient control = ControlClient.connect(data(domain)).orElseThrow()) {
            ObjectNode arguments = JsonNodeFactory.instance.objectNode();
            Answer answer = control.run(operation, name.isEmpty() ? arguments : arguments.put(name, value));
            assertThat(answer.ok()).as("%s", answer.lines()).isTrue();
            return answer.lines();
        }
    }

    private static void submit(Domain domain, RunningServer server, String to, Domain toDomain, String subject) throws IOException {
        Matcher password = Pattern.compile("(postmaster@\\S+) has the password (\\S+)").matcher(server.secrets().getFirst());
        assertThat(password.find()).as("%s", server.secrets()).isTrue();
        String address = domain.equals(ONE_DOMAIN) ? ONE : TWO;
        InetSocketAddress where = new InetSocketAddress(InetAddress.ofLiteral(address), server.submissionsPort());
        send(new SmtpClient.Peer(where, "mx." + domain, false, true),
                Optional.of(new SmtpClient.Credentials(password.group(1), password.group(2))), Address.of("postmaster", domain),
                Address.of(to, toDomain), subject);
    }

    private static void send(SmtpClient.Peer peer, Optional<SmtpClient.Credentials> login, Address from, Address to, String subject)
            throws IOException {
        SmtpClient.Settings settings = new SmtpClient.Settings("client.example", Optional.empty(), Timeouts.RFC_5321, login);
        String text = "From: " + from + "\r\nTo: " + to + "\r\nDate: Tue, 01 Dec 2026 01:00:00 +0000\r\nMessage-ID: <"
                + subject.hashCode() + "." + to + ">\r\nSubject: " + subject + "\r\n\r\nhello\r\n";
        OctetContent content = new OctetContent(text.getBytes(StandardCharsets.US_ASCII));
        try (SystemTime time = new SystemTime();
                SmtpClient client = SmtpClient.connect(
                        peer, settings, login.isPresent() ? new TlsPolicy.Encrypted() : new TlsPolicy.None(), new ClientTls(null), time,
                        Dialogue.NONE)) {
            assertThat(client.send(new OutgoingMessage(
                    Optional.of(from), MailParameters.NONE, List.of(Recipient.of(to)), content, MessageShape.of(content))))
                    .extracting(RecipientResult::kind).containsExactly(RecipientResult.Kind.DELIVERED);
        }
    }
}
