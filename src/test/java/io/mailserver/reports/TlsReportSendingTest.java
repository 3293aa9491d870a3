package io.mailserver.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.ReportAddress;
import io.mailserver.account.TestAccounts;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.delivery.Outbound;
import io.mailserver.dmarc.ReportDestinations;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueueId;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtp.Handling;
import io.mailserver.smtpclient.TlsFailure;
import io.mailserver.tlsrpt.AppliedPolicy;
import io.mailserver.tlsrpt.TlsReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsReportSendingTest {
    private static final Domain HOST = new Domain("mail.example.net");
    private static final Domain WANTS = new Domain("example.com");
    private static final AppliedPolicy STS = new AppliedPolicy(
            "sts", List.of("version: STSv1", "mode: enforce", "mx: *.example.com", "max_age: 86400"), List.of("*.example.com"));

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-02T12:00:00Z"));
    private final RecordingLog log = new RecordingLog();
    private final ZoneText zone = new ZoneText("""
            _smtp._tls.example.com TXT "v=TLSRPTv1; rua=mailto:tls@reports.example,https://reports.example/tls"
            _smtp._tls.web.example TXT "v=TLSRPTv1;rua=https://reports.example/tls"
            _smtp._tls.port.example TXT "v=TLSRPTv1;rua=https://reports.example:8080/tls"
            _smtp._tls.literal.example TXT "v=TLSRPTv1;rua=https://127.0.0.1/tls"
            _smtp._tls.login.example TXT "v=TLSRPTv1;rua=https://me:you@reports.example/tls"
            _smtp._tls.plain.example TXT "v=TLSRPTv1;rua=http://reports.example/tls"
            _smtp._tls.twice.example TXT "v=TLSRPTv1;rua=mailto:a@twice.example"
            _smtp._tls.twice.example TXT "v=TLSRPTv1;rua=mailto:b@twice.example"
            """);
    private final List<QueueEnvelope> envelopes = new ArrayList<>();
    private final List<byte[]> messages = new ArrayList<>();
    private final Map<String, TlsReport> posted = new LinkedHashMap<>();
    private boolean enabled = true;
    private boolean takes = true;
    private AccountSystem accounts;
    private TlsCounts counts;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        accounts = TestAccounts.open(folder, time, log);
        accounts.domains().add(new Domain("example.net"));
        counts = new TlsCounts(accounts.reports(), time, log);
    }

    @AfterEach
    void close() throws IOException {
        accounts.close();
    }

    @Test
    void aDomainIsToldOfYesterdayOnceWhateverItsTls() throws Exception {
        TlsFailure.Found expired = new TlsFailure.Found(TlsFailure.CERTIFICATE_EXPIRED, "the certificate is not trusted: expired");
        counts.seen(WANTS, STS, "a.example.com", Optional.empty());
        counts.seen(WANTS, STS, "a.example.com", Optional.empty());
        counts.seen(WANTS, STS, "b.example.com", Optional.of(expired));
        counts.write();
        counts.seen(WANTS, STS, "b.example.com", Optional.of(expired));
        counts.seen(WANTS, AppliedPolicy.NONE, "c.example.com", Optional.empty());
        counts.write();
        TlsReportSending sending = sending();
        sending.step();
        assertThat(envelopes).as("the day is not over").isEmpty();
        time.advance(Duration.ofHours(13));
        enabled = false;
        sending.step();
        assertThat(envelopes).isEmpty();
        enabled = true;
        sending.step();
        sending.step();
        assertThat(envelopes).singleElement().satisfies(envelope -> {
            assertThat(envelope.recipients()).extracting(recipient -> recipient.address().toString())
                    .containsExactly("tls@reports.example");
            assertThat(envelope.parameters().handling().tls()).as("RFC 8460 §5.3").isEqualTo(Handling.Tls.OPTIONAL);
        });
        assertThat(new String(messages.getFirst(), StandardCharsets.US_ASCII))
                .contains("TLS-Report-Domain: example.com\r\nTLS-Report-Submitter: mail.example.net\r\nTLS-Required: No\r\n")
                .contains("filename=\"mail.example.net!example.com!1767312000!1767398399.json.gz\"");
        TlsReport report = ((ReportMail.Found.Tls) ReportMail.find(new OctetContent(messages.getFirst()), ReportAddress.TLS)).report();
        assertThat(report.begin()).isEqualTo("2026-01-02T00:00:00Z");
        assertThat(report.successful()).isEqualTo(3);
        assertThat(report.failed()).isEqualTo(2);
        assertThat(report.policies()).extracting(TlsReport.Policy::type).containsExactly("no-policy-found", "sts");
        assertThat(report.policies().getLast().failures()).containsExactly(
                new TlsReport.Failure("certificate-expired", "", "b.example.com", 2, "the certificate is not trusted: expired"));
    }

    @Test
    void whoAsksByHttpsHasItPosted() {
        for (String domain : List.of("example.com", "web.example")) {
            counts.seen(new Domain(domain), AppliedPolicy.NONE, "mx." + domain, Optional.empty());
        }
        counts.write();
        time.advance(Duration.ofHours(13));
        takes = false;
        sending().step();
        assertThat(posted).isEmpty();
        assertThat(envelopes).as("the mail is enough").hasSize(1);
        assertThat(log.events("report.not-posted")).hasSize(2);
        takes = true;
        sending().step();
        sending().step();
        assertThat(posted.keySet()).as("tried again until somebody takes it").containsExactly("https://reports.example/tls");
        assertThat(posted.values()).singleElement().satisfies(report -> {
            assertThat(report.policies()).extracting(TlsReport.Policy::domain).containsExactly("web.example");
            assertThat(report.successful()).isEqualTo(1);
        });
        assertThat(envelopes).hasSize(1);
    }

    @Test
    void whereNobodyMayBeLedNothingIsPosted() {
        for (String domain : List.of("port.example", "literal.example", "login.example", "plain.example")) {
            counts.seen(new Domain(domain), AppliedPolicy.NONE, "mx." + domain, Optional.empty());
        }
        counts.write();
        time.advance(Duration.ofHours(13));
        sending().step();
        assertThat(posted).isEmpty();
        assertThat(log.events("report.not-posted")).isEmpty();
    }

    @Test
    void whoDoesNotAskGetsNothing() {
        for (String domain : List.of("twice.example", "silent.example")) {
            counts.seen(new Domain(domain), AppliedPolicy.NONE, "mx." + domain, Optional.empty());
        }
        counts.write();
        time.advance(Duration.ofHours(13));
        sending().step();
        assertThat(envelopes).isEmpty();
    }

    private void post(URI where, byte[] gzip) throws IOException {
        if (!takes) {
            throw new IOException("status 503");
        }
        posted.put(where.toString(), read(gzip));
    }

    private TlsReportSending sending() {
        Outbound outbound = new Outbound() {
            @Override
            public MailQueue.Accepted accept(QueueEnvelope envelope, String head, Content content) throws IOException {
                envelopes.add(envelope);
                try (InputStream in = content.open()) {
                    messages.add(in.readAllBytes());
                }
                return new Released();
            }

            @Override
            public MailQueue.Accepted pass(QueueEnvelope envelope, String head, Content content) {
                throw new UnsupportedOperationException("our own reports are signed");
            }
        };
        return new TlsReportSending(new ReportSending.Parts(accounts.reports(), accounts.domains(), new ReportDestinations(zone), outbound,
                HOST, "test 1", () -> enabled, time, log), zone, this::post);
    }

    private static TlsReport read(byte[] gzip) throws IOException {
        try (InputStream json = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return TlsReport.read(json);
        } catch (TlsReport.ReportException e) {
            throw new AssertionError(e);
        }
    }

    /** A message that nobody waits for. */
    private static final class Released implements MailQueue.Accepted {
        @Override
        public QueueId id() {
            return new QueueId(1);
        }

        @Override
        public void release() {
            // It was looked at already.
        }

        @Override
        public void withdraw() {
            throw new IllegalStateException("a report is never withdrawn");
        }
    }
}
