package io.mailserver.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.doctor.Finding.Level;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.ZoneText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    private static final Domain EXAMPLE = new Domain("example.com");
    private static final Domain HOST = new Domain("mail.example.com");
    private static final String HEALTHY = """
            $AUTHENTIC .
            . NS a.root-servers.net.
            2.0.0.127.zen.spamhaus.org A 127.0.0.2
            example.com MX 10 mail.example.com.
            example.com TXT "v=spf1 mx -all"
            mail.example.com A 198.51.100.7
            7.100.51.198.in-addr.arpa PTR mail.example.com.
            _dmarc.example.com TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@example.com"
            _smtp._tls.example.com TXT "v=TLSRPTv1; rua=mailto:tls-reports@example.com"
            autoconfig.example.com CNAME mail.example.com.
            mail.example.com CAA 0 issue "letsencrypt.org"
            """;

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));

    @Test
    void aHealthyZonePasses() {
        RecordChecks checks = new RecordChecks(new ZoneText(HEALTHY), patient(List.of()));
        List<InetAddress> addresses = checks.hostAddresses();
        assertThat(checks.mailExchange()).allMatch(DoctorTest::passed);
        assertThat(checks.addresses(addresses)).allMatch(DoctorTest::passed);
        assertThat(checks.reverse(addresses)).allMatch(DoctorTest::passed).hasSize(1);
        assertThat(checks.spf(addresses, time)).allMatch(DoctorTest::passed).hasSize(1);
        assertThat(checks.dmarc()).allMatch(DoctorTest::passed);
        assertThat(checks.others()).allMatch(DoctorTest::passed).hasSize(3);
        assertThat(new ResolverChecks(new ZoneText(HEALTHY)).examine()).allMatch(DoctorTest::passed);
        assertThat(new ResolverChecks(new ZoneText(HEALTHY)).listings(addresses)).allMatch(DoctorTest::passed).hasSize(1);
    }

    @ParameterizedTest(name = "{0} becomes {1}: {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
            example.com MX 10 mail.example.com. | example.com MX 10 other.example.  | FAIL | does not come here
            7.100.51.198.in-addr.arpa PTR       | 8.100.51.198.in-addr.arpa PTR     | FAIL | has no name
            in-addr.arpa PTR mail.example.com.  | in-addr.arpa PTR else.example.    | FAIL | does not lead back
            v=spf1 mx -all                      | v=spf1 -all                       | FAIL | SPF of example.com for 198.51.100.7: fail
            v=spf1 mx -all                      | v=spf1 nonsense -all              | FAIL | permerror
            v=DMARC1; p=quarantine              | v=DMARC1; p=none                  | WARN | p=none
            v=DMARC1; p=quarantine              | v=DMARC2; p=quarantine            | FAIL | no policy
            198.51.100.7                        | 10.0.0.7                          | WARN | cannot reach
            v=TLSRPTv1                          | v=nothing                         | WARN | is missing
            """)
    void whatIsWrongIsSaidWithItsRemedy(String was, String is, Level level, String text) {
        RecordChecks checks = new RecordChecks(new ZoneText(HEALTHY.replace(was, is)), patient(List.of()));
        List<InetAddress> addresses = checks.hostAddresses();
        List<Finding> findings = new ArrayList<>(checks.mailExchange());
        findings.addAll(checks.addresses(addresses));
        findings.addAll(checks.reverse(addresses));
        findings.addAll(checks.spf(addresses, time));
        findings.addAll(checks.dmarc());
        findings.addAll(checks.others());
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.level()).isEqualTo(level);
            assertThat(finding.text()).contains(text);
            assertThat(finding.remedy()).isNotEmpty();
        });
    }

    @Test
    void aDnsThatDoesNotAnswerIsNoMissingRecord() {
        RecordChecks checks = new RecordChecks(new ZoneText("$SERVFAIL com"), patient(List.of()));
        assertThat(checks.mailExchange()).singleElement().matches(finding -> finding.level() == Level.WARN)
                .matches(finding -> finding.text().contains("cannot be looked up"));
        assertThat(checks.dmarc()).singleElement().matches(finding -> finding.level() == Level.WARN);
    }

    @Test
    void anErrorOfABlockListIsNoListing() {
        String refusing = HEALTHY.replace("A 127.0.0.2", "A 127.255.255.254") + "7.100.51.198.zen.spamhaus.org A 127.255.255.254\n";
        assertThat(new ResolverChecks(new ZoneText(refusing)).examine())
                .anyMatch(finding -> finding.level() == Level.WARN && finding.text().contains("refuses this resolver"));
        assertThat(new ResolverChecks(new ZoneText(refusing)).listings(List.of(InetAddress.ofLiteral("198.51.100.7")))).isEmpty();
    }

    @Test
    void aListingIsTold() {
        String listed = HEALTHY + "7.100.51.198.zen.spamhaus.org A 127.0.0.4\n";
        assertThat(new ResolverChecks(new ZoneText(listed)).listings(List.of(InetAddress.ofLiteral("198.51.100.7"))))
                .singleElement().matches(finding -> finding.level() == Level.FAIL);
    }

    @Test
    void smtpIsSpokenUpToTls() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server, "220 mail.example.com", "250 mail.example.com"));
            Doctor.Patient patient = patient(List.of(new ServerFacts.Service("smtp", server.getLocalPort(), false)));
            List<Finding> findings = new ConnectionChecks(patient, time).examine(List.of(InetAddress.getLoopbackAddress()));
            assertThat(findings).extracting(Finding::text).anyMatch(text -> text.endsWith("answers as mail.example.com"))
                    .anyMatch(text -> text.endsWith("offers no STARTTLS"))
                    .anyMatch(text -> text.contains("others deliver to port 25 only"));
        }
    }

    @Test
    void mailCanLeaveWhereOneServerElsewhereAnswers() throws IOException {
        String zone = "dead.example MX 10 mx.dead.example.\nmx.dead.example A 127.0.0.9\n"
                + "alive.example MX 20 mx.dead.example.\nalive.example MX 10 mx.alive.example.\nmx.alive.example A 127.0.0.1\n";
        List<Domain> both = List.of(new Domain("dead.example"), new Domain("alive.example"), new Domain("none.example"));
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server, "220 mx.alive.example", "250 mx.alive.example"));
            OutsideChecks checks = new OutsideChecks(new ZoneText(zone), HOST, server.getLocalPort());
            assertThat(checks.examine(both)).matches(DoctorTest::passed)
                    .matches(finding -> finding.text().contains("a server of alive.example answers"));
            assertThat(checks.examine(both.subList(0, 1))).matches(finding -> finding.level() == Level.FAIL)
                    .matches(finding -> finding.text().contains("no other server can be reached"))
                    .matches(finding -> finding.remedy().contains("block outgoing port 25"));
            assertThat(checks.examine(both.subList(2, 3))).matches(finding -> finding.level() == Level.WARN)
                    .matches(finding -> finding.text().contains("no server could be tried"));
        }
    }

    @Test
    void aServerThatRefusesUsIsNoBlockedPort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server, "554 5.7.1 your address is listed", ""));
            OutsideChecks checks = new OutsideChecks(
                    new ZoneText("a.example MX 10 mx.a.example.\nmx.a.example A 127.0.0.1\n"), HOST, server.getLocalPort());
            assertThat(checks.examine(List.of(new Domain("a.example")))).matches(finding -> finding.level() == Level.WARN)
                    .matches(finding -> finding.text().contains("your address is listed"));
        }
    }

    @Test
    void aClosedPortIsAFailure() throws IOException {
        int closed;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = server.getLocalPort();
        }
        Doctor.Patient patient = patient(List.of(new ServerFacts.Service("smtp", closed, false)));
        assertThat(new ConnectionChecks(patient, time).examine(List.of(InetAddress.getLoopbackAddress())))
                .anyMatch(finding -> finding.level() == Level.FAIL && finding.text().contains("cannot be reached"));
    }

    private static boolean passed(Finding finding) {
        return finding.level() == Level.PASS;
    }

    private static Doctor.Patient patient(List<ServerFacts.Service> services) {
        ServerFacts facts = new ServerFacts(HOST, List.of(), List.of(InetAddress.ofLiteral("198.51.100.7")));
        return new Doctor.Patient(EXAMPLE, HOST, services, DomainRecords.of(EXAMPLE, facts, List.of()));
    }

    /** Says a line at once, and each further one after a line of the client. */
    private static void answer(ServerSocket server, String... lines) {
        try (Socket socket = server.accept();
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line : lines) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                if (in.readLine() == null) {
                    return;
                }
            }
        } catch (IOException e) {
            return; // The test sees it from the other side.
        }
    }
}
