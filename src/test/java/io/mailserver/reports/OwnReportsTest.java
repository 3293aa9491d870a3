package io.mailserver.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.ReportAddress;
import io.mailserver.account.TestAccounts;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.PlatformPool;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.config.Config;
import io.mailserver.delivery.Examiner;
import io.mailserver.delivery.Judge;
import io.mailserver.delivery.Judgement;
import io.mailserver.delivery.Outbound;
import io.mailserver.delivery.Transaction;
import io.mailserver.dmarc.AggregateReport;
import io.mailserver.dmarc.AggregateReportReader;
import io.mailserver.dmarc.ReportDestinations;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueueId;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.ZoneText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnReportsTest {
    private static final Domain HOST = new Domain("mail.example.net");
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private final ManualTime time = new ManualTime(NOON);
    private final RecordingLog log = new RecordingLog();
    private final PlatformPool pool = new PlatformPool("files", 1, 10);
    private final ZoneText zone = new ZoneText("""
            _dmarc.example.com TXT "v=DMARC1; p=reject; sp=none; aspf=s; rua=mailto:reports@example.com"
            example.com TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.silent.example TXT "v=DMARC1; p=reject"
            _dmarc.outside.example TXT "v=DMARC1; p=none; rua=mailto:a@victim.example"
            """);
    private AccountSystem accounts;
    private AggregateCounts counts;
    private OwnReports own;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        accounts = TestAccounts.open(folder, time, log);
        counts = new AggregateCounts(accounts.reports(), time, log);
        own = new OwnReports(accounts.reports(), new ReportDestinations(zone), HOST, "postmaster@example.net", "test 1");
    }

    @AfterEach
    void close() throws IOException {
        accounts.close();
        pool.close();
    }

    @Test
    void aDayOfMailIsOneReportADomain() throws Exception {
        counts.count(judge("192.0.2.1", "example.com"));
        counts.count(judge("192.0.2.1", "example.com"));
        counts.write();
        counts.count(judge("192.0.2.1", "example.com"));
        counts.count(judge("198.51.100.1", "sub.example.com"));
        counts.count(judge("198.51.100.1", "silent.example"));
        counts.count(judge("198.51.100.1", "nothing.example"));
        counts.write();
        long day = AggregateCounts.day(NOON);
        OwnReports.Outgoing report = own.due(day, domain -> true).getFirst();
        assertThat(own.due(day, domain -> true)).hasSize(1);
        assertThat(report.recipients()).containsExactly("reports@example.com");
        assertThat(report.fileName()).isEqualTo("mail.example.net!example.com!1767312000!1767398399.xml.gz");
        assertThat(report.subject()).isEqualTo(
                "Report Domain: example.com Submitter: mail.example.net Report-ID: <1767312000.example.com@mail.example.net>");
        AggregateReport read = AggregateReportReader.read(new GZIPInputStream(new ByteArrayInputStream(report.gzip())));
        assertThat(read).isEqualTo(report.report());
        assertThat(read.published()).isEqualTo(new AggregateReport.Published("example.com", "reject", "none", "", "r", "s", "n"));
        assertThat(read.rows()).hasSize(2);
        assertThat(read.passed()).isEqualTo(3);
        assertThat(read.failed()).isEqualTo(1);
        assertThat(read.rows()).anyMatch(row -> row.source().equals("192.0.2.1") && row.disposition().equals("pass") && row.spfAligned())
                .anyMatch(row -> row.headerFrom().equals("sub.example.com"));
    }

    @Test
    void nobodyIsSentWhatHeDidNotAgreeTo() throws Exception {
        counts.count(judge("198.51.100.1", "outside.example"));
        counts.write();
        assertThat(own.of(AggregateCounts.day(NOON))).hasSize(1);
        assertThat(own.due(AggregateCounts.day(NOON), domain -> true)).isEmpty();
        assertThat(own.due(AggregateCounts.day(NOON) - 1, domain -> true)).isEmpty();
    }

    @Test
    void reportsOfYesterdayAreSentOnceAndCanBeRead() throws Exception {
        accounts.domains().add(new Domain("example.net"));
        counts.count(judge("192.0.2.1", "example.com"));
        counts.write();
        List<QueueEnvelope> envelopes = new ArrayList<>();
        List<byte[]> messages = new ArrayList<>();
        boolean[] enabled = {true};
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
        ReportSending sending = new ReportSending(new ReportSending.Parts(accounts.reports(), accounts.domains(),
                new ReportDestinations(zone), outbound, HOST, "test 1", () -> enabled[0], time, log));
        sending.step();
        assertThat(envelopes).isEmpty(); // The day is not over.
        time.advance(Duration.ofHours(13));
        enabled[0] = false;
        sending.step();
        assertThat(envelopes).isEmpty();
        enabled[0] = true;
        sending.step();
        sending.step();
        assertThat(envelopes).singleElement().satisfies(envelope -> {
            assertThat(envelope.sender()).isEqualTo("postmaster@example.net");
            assertThat(envelope.recipients()).extracting(recipient -> recipient.address().toString())
                    .containsExactly("reports@example.com");
        });
        ReportMail.Found found = ReportMail.find(new OctetContent(messages.getFirst()), ReportAddress.DMARC);
        assertThat(found).isInstanceOfSatisfying(ReportMail.Found.Dmarc.class,
                dmarc -> assertThat(dmarc.report().passed()).isEqualTo(1));
        assertThat(new String(messages.getFirst(), StandardCharsets.US_ASCII)).contains("From: postmaster@example.net\r\n")
                .contains("Subject: Report Domain: example.com\r\n Submitter: mail.example.net\r\n Report-ID: <");
    }

    /** A message that nobody waits for. */
    private static final class Released implements MailQueue.Accepted {
        @Override
        public QueueId id() {
            return new QueueId(1);
        }

        @Override
        public void release() {
            // Nothing to do.
        }

        @Override
        public void withdraw() {
            throw new IllegalStateException("released already");
        }
    }

    private Judgement judge(String client, String author) throws IOException {
        ChecksConfig checks = Config.defaults().checks();
        Judge judge = new Judge(new Examiner(zone, pool, time), () -> new Judge.Settings(HOST.ascii(), checks, SpamConfig.defaults()),
                time);
        byte[] message = ("From: a@" + author + "\r\n\r\nHello\r\n").getBytes(StandardCharsets.US_ASCII);
        return judge.judge(new Transaction(InetAddress.ofLiteral(client), "h.example", "a@" + author, List.of()),
                HeaderBlock.split(new ByteArrayInputStream(message), HeaderBlock.Limits.DEFAULTS), message.length, Judge.ContentCheck.NONE);
    }
}
