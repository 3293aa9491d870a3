package io.mailserver.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.ReceivedReport;
import io.mailserver.account.ReportAddress;
import io.mailserver.account.Resolution;
import io.mailserver.account.TestAccounts;
import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.smtp.Address;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportDeskTest {
    private static final Domain EXAMPLE = new Domain("example.com");
    private static final String XML = """
            <feedback><report_metadata><org_name>receiver.example</org_name><report_id>1</report_id>
            <date_range><begin>1700000000</begin><end>1700086399</end></date_range></report_metadata>
            <policy_published><domain>example.com</domain><p>none</p></policy_published>
            <record><row><source_ip>192.0.2.1</source_ip><count>7</count><policy_evaluated><disposition>none</disposition>
            <dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>
            <auth_results/></record></feedback>
            """;
    private static final String JSON = """
            {"organization-name": "Sender", "report-id": "9", "date-range": {"start-datetime": "2026-01-01T00:00:00Z",
             "end-datetime": "2026-01-01T23:59:59Z"}, "policies": [{"summary": {"total-successful-session-count": 5}}]}
            """;

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));
    private final RecordingLog log = new RecordingLog();
    private final PlatformPool pool = new PlatformPool("files", 1, 10);
    private AccountSystem accounts;
    private ReportDesk desk;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        accounts = TestAccounts.open(folder, time, log);
        accounts.domains().add(EXAMPLE);
        desk = new ReportDesk(accounts.reports(), pool, time, log);
    }

    @AfterEach
    void close() throws IOException {
        accounts.close();
        pool.close();
    }

    @Test
    void aDomainHasTheAddressesFromItsCreation() throws IOException {
        assertThat(accounts.directory().resolve(Address.of("dmarc-reports", EXAMPLE)))
                .isEqualTo(new Resolution.Reports(ReportAddress.DMARC, EXAMPLE));
        assertThat(accounts.directory().resolve(Address.of("TLS-Reports+x", EXAMPLE)))
                .isEqualTo(new Resolution.Reports(ReportAddress.TLS, EXAMPLE));
        accounts.domains().setEnabled(EXAMPLE, false);
        assertThat(accounts.directory().resolve(Address.of("dmarc-reports", EXAMPLE))).isInstanceOf(Resolution.Disabled.class);
    }

    @Test
    void reportsAreFoundHoweverTheyArePacked() throws IOException {
        assertThat(read(ReportAddress.DMARC, "application/gzip", gzip(bytes(XML)))).isEmpty();
        assertThat(read(ReportAddress.DMARC, "application/zip", zip(bytes(XML.replace(">1<", ">2<"))))).isEmpty();
        assertThat(read(ReportAddress.DMARC, "application/octet-stream", gzip(bytes(XML.replace(">1<", ">3<"))))).isEmpty();
        assertThat(read(ReportAddress.DMARC, "text/xml", bytes(XML.replace(">1<", ">4<")))).isEmpty();
        assertThat(read(ReportAddress.TLS, "application/tlsrpt+gzip", gzip(bytes(JSON)))).isEmpty();
        List<ReceivedReport> kept = accounts.reports().received(Optional.of(EXAMPLE), Instant.EPOCH);
        assertThat(kept).extracting(ReceivedReport::reportId).containsExactlyInAnyOrder("1", "2", "3", "4", "9");
        assertThat(kept).filteredOn(report -> report.kind() == ReportAddress.DMARC).allMatch(report -> report.bad() == 7);
        assertThat(kept.getFirst().details()).contains("192.0.2.1");
    }

    @Test
    void theSameReportAgainReplacesTheFormer() throws IOException {
        read(ReportAddress.DMARC, "text/xml", bytes(XML));
        read(ReportAddress.DMARC, "text/xml", bytes(XML.replace("<count>7<", "<count>8<")));
        assertThat(accounts.reports().received(Optional.empty(), Instant.EPOCH)).singleElement().matches(report -> report.bad() == 8);
    }

    @Test
    void bombsAndDamageAreRefused() throws IOException {
        assertThat(read(ReportAddress.DMARC, "application/gzip", gzip(new byte[80 << 20]))).isPresent();
        byte[] spaces = new byte[80 << 20];
        Arrays.fill(spaces, (byte) ' ');
        assertThat(read(ReportAddress.TLS, "application/gzip", gzip(spaces))).hasValueSatisfying(
                reason -> assertThat(reason).contains("too large when unpacked"));
        byte[] cut = Arrays.copyOf(gzip(bytes(XML)), 60);
        assertThat(read(ReportAddress.DMARC, "application/gzip", cut)).isPresent();
        assertThat(read(ReportAddress.DMARC, "application/zip", new byte[] {'P', 'K', 3, 4, 0})).isPresent();
        assertThat(read(ReportAddress.DMARC, "text/plain", bytes("hello"))).isPresent();
        assertThat(accounts.reports().received(Optional.empty(), Instant.EPOCH)).isEmpty();
    }

    @Test
    void oldReportsAreForgotten() throws IOException {
        read(ReportAddress.DMARC, "text/xml", bytes(XML));
        time.advance(Duration.ofDays(400));
        new AggregateCounts(accounts.reports(), time, log).prune();
        assertThat(accounts.reports().received(Optional.empty(), Instant.EPOCH)).isEmpty();
    }

    private Optional<String> read(ReportAddress kind, String type, byte[] attachment) throws IOException {
        String message = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello.\r\n"
                + "--x\r\nContent-Type: " + type + "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(attachment) + "\r\n--x--\r\n";
        ContentSpool spool = new ContentSpool(folder, pool, 4 << 20, 8 << 20);
        byte[] octets = message.getBytes(StandardCharsets.US_ASCII);
        try (ContentWriter writer = spool.newContent()) {
            writer.write(octets, 0, octets.length);
            try (Content content = writer.finish()) {
                return desk.read(kind, EXAMPLE, content);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] octets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(octets);
        }
        return out.toByteArray();
    }

    private static byte[] zip(byte[] octets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("report.xml"));
            zip.write(octets);
            zip.closeEntry();
        }
        return out.toByteArray();
    }
}
