package io.mailserver.reports;

import io.mailserver.account.Reports;
import io.mailserver.account.Reports.Counted;
import io.mailserver.base.Domain;
import io.mailserver.dmarc.AggregateReport;
import io.mailserver.dmarc.AggregateReport.Dkim;
import io.mailserver.dmarc.AggregateReport.Metadata;
import io.mailserver.dmarc.AggregateReport.Published;
import io.mailserver.dmarc.AggregateReport.Reason;
import io.mailserver.dmarc.AggregateReport.Row;
import io.mailserver.dmarc.AggregateReport.Spf;
import io.mailserver.dmarc.AggregateReportWriter;
import io.mailserver.dmarc.ReportDestinations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import javax.xml.stream.XMLStreamException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes our aggregate reports of a day, one for each domain where a policy was found (RFC 9990 §3.1.2), ready to be sent. Blocks for
 * the database and the DNS.
 */
public final class OwnReports {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();

    private final Reports reports;
    private final ReportDestinations destinations;
    private final Domain host;
    private final String contact;
    private final String generator;

    /**
     * @param host of this server, who reports
     * @param contact the address of who answers for them
     * @param generator name and version of the program
     */
    public OwnReports(Reports reports, ReportDestinations destinations, Domain host, String contact, String generator) {
        this.reports = reports;
        this.destinations = destinations;
        this.host = host;
        this.contact = contact;
        this.generator = generator;
    }

    /**
     * A report ready to be sent.
     *
     * @param recipients mail addresses that want it and agreed to it; at least one
     * @param fileName of the attachment, of type application/gzip (RFC 9990 §3.5.1)
     * @param gzip its octets; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    public record Outgoing(AggregateReport report, List<String> recipients, String subject, String fileName, byte[] gzip) {}

    /** What was counted on a day, as reports; also those that nobody wants. */
    public List<AggregateReport> of(long day) throws IOException {
        Map<Domain, List<Counted>> byDomain = new LinkedHashMap<>();
        for (Counted counted : reports.counted(Reports.Kind.DMARC, day)) {
            byDomain.computeIfAbsent(counted.seen().policyDomain(), any -> new ArrayList<>()).add(counted);
        }
        return byDomain.entrySet().stream().map(each -> report(each.getKey(), day, each.getValue())).toList();
    }

    /**
     * Those of a day that somebody wants and may have.
     *
     * @param wanted on which domains; the DNS is asked about these only
     */
    public List<Outgoing> due(long day, Predicate<Domain> wanted) throws IOException {
        List<Outgoing> due = new ArrayList<>();
        for (AggregateReport report : of(day)) {
            Domain domain = new Domain(report.published().domain());
            List<String> recipients = wanted.test(domain) ? destinations.of(domain) : List.of();
            if (!recipients.isEmpty()) {
                due.add(outgoing(report, recipients));
            }
        }
        return due;
    }

    private Outgoing outgoing(AggregateReport report, List<String> recipients) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            AggregateReportWriter.write(report, generator, gzip);
        } catch (XMLStreamException e) {
            throw new IOException("the report cannot be written", e);
        }
        String domain = report.published().domain();
        String name = host + "!" + domain + "!" + report.metadata().begin().getEpochSecond() + "!"
                + report.metadata().end().getEpochSecond() + ".xml.gz";
        String subject = "Report Domain: " + domain + " Submitter: " + host + " Report-ID: <" + report.metadata().id() + ">";
        return new Outgoing(report, recipients, subject, name, packed.toByteArray());
    }

    /** The policy that most mail met stands for the day. */
    private AggregateReport report(Domain domain, long day, List<Counted> counted) {
        Map<String, Long> policies = new LinkedHashMap<>();
        counted.forEach(each -> policies.merge(each.seen().policy(), each.messages(), Long::sum));
        String usual = policies.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
        JsonNode policy = MAPPER.readTree(usual);
        Instant begin = Instant.ofEpochSecond(day * DAY_SECONDS);
        String id = begin.getEpochSecond() + "." + domain + "@" + host; // The same when it is made again.
        return new AggregateReport(
                new Metadata(host.ascii(), contact, id, begin, begin.plusSeconds(DAY_SECONDS - 1)),
                new Published(domain.ascii(), policy.path("p").asString(), policy.path("sp").asString(""), policy.path("np").asString(""),
                        policy.path("adkim").asString(), policy.path("aspf").asString(), policy.path("testing").asString()),
                counted.stream().map(OwnReports::row).toList());
    }

    private static Row row(Counted counted) {
        JsonNode row = MAPPER.readTree(counted.seen().row());
        List<Reason> reasons = new ArrayList<>();
        row.path("reasons").forEach(each -> reasons.add(new Reason(each.path("type").asString(), each.path("comment").asString())));
        List<Dkim> dkim = new ArrayList<>();
        row.path("dkim").forEach(each -> dkim.add(
                new Dkim(each.path("domain").asString(), each.path("selector").asString(), each.path("result").asString())));
        JsonNode spf = row.path("spf");
        return new Row(row.path("source").asString(), counted.messages(), row.path("disposition").asString(),
                row.path("dkimAligned").asBoolean(), row.path("spfAligned").asBoolean(), reasons, row.path("headerFrom").asString(),
                row.path("envelopeFrom").asString(), dkim,
                Optional.of(new Spf(spf.path("domain").asString(), spf.path("result").asString())));
    }
}
