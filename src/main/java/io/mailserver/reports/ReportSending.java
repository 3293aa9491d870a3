package io.mailserver.reports;

import io.mailserver.account.Domains;
import io.mailserver.account.MailDomain;
import io.mailserver.account.Reports;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.Time;
import io.mailserver.delivery.Outbound;
import io.mailserver.dmarc.ReportDestinations;
import io.mailserver.log.EventLog;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.reports.OwnReports.Outgoing;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Sends our aggregate reports of the day before, each once: to be called from time to time. They come from the postmaster of the first
 * domain, whose keys sign them, so that they pass DMARC themselves (RFC 9990 §3.5.1). Blocks for the database, the DNS and the queue.
 */
public final class ReportSending {
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;
    private static final String POSTMASTER = "postmaster";

    private final Parts parts;

    /**
     * What it stands on.
     *
     * @param host of this server
     * @param generator name and version of the program
     * @param enabled asked each time
     */
    public record Parts(
            Reports reports,
            Domains domains,
            ReportDestinations destinations,
            Outbound outbound,
            Domain host,
            String generator,
            BooleanSupplier enabled,
            Time time,
            EventLog log) {}

    public ReportSending(Parts parts) {
        this.parts = parts;
    }

    /** Sends what is due and was not sent; trouble is logged and tried again next time. */
    public void step() {
        try {
            Optional<MailDomain> first = parts.domains().first();
            if (first.isEmpty() || !parts.enabled().getAsBoolean()) {
                return;
            }
            long day = AggregateCounts.day(parts.time().now()) - 1;
            Set<Domain> sent = parts.reports().sent(Reports.Kind.DMARC, day);
            Address sender = Address.of(POSTMASTER, first.get().name());
            OwnReports own = new OwnReports(parts.reports(), parts.destinations(), parts.host(), sender.toString(), parts.generator());
            for (Outgoing report : own.due(day, domain -> !sent.contains(domain))) {
                send(report, sender);
                parts.reports().markSent(Reports.Kind.DMARC, new Domain(report.report().published().domain()), day);
            }
        } catch (IOException e) {
            parts.log().error("report.send-failed", e);
        }
    }

    private void send(Outgoing report, Address sender) throws IOException {
        List<Recipient> recipients = report.recipients().stream().map(ReportSending::recipient).toList();
        String id = report.report().metadata().id();
        QueueEnvelope envelope = new QueueEnvelope("report-" + report.report().metadata().begin().getEpochSecond(), "",
                Optional.of(sender), MailParameters.NONE, recipients);
        byte[] octets = message(report, sender).getBytes(StandardCharsets.US_ASCII);
        try (OctetContent content = new OctetContent(octets)) {
            parts.outbound().accept(envelope, "", content).release();
        }
        parts.log().info("report.sent", "domain", report.report().published().domain(), "id", id, "recipients", report.recipients(),
                "rows", report.report().rows().size());
    }

    private static Recipient recipient(String address) {
        int at = address.lastIndexOf('@');
        return Recipient.of(Address.of(address.substring(0, at), Domain.parse(address.substring(at + 1)).orElseThrow()));
    }

    private String message(Outgoing report, Address sender) {
        String domain = report.report().published().domain();
        String boundary = "report-" + report.report().metadata().begin().getEpochSecond();
        return String.join("\r\n",
                "Date: " + DATE.format(parts.time().now().atOffset(ZoneOffset.UTC)),
                "From: " + sender,
                "To: " + String.join(",\r\n ", report.recipients()),
                "Subject: " + report.subject().replace(" Submitter:", "\r\n Submitter:").replace(" Report-ID:", "\r\n Report-ID:"),
                "Message-ID: <" + report.report().metadata().id() + ">",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"",
                "",
                "--" + boundary,
                "Content-Type: text/plain; charset=us-ascii",
                "",
                "This is a DMARC aggregate report on " + domain + " by " + parts.host() + ".",
                "",
                "--" + boundary,
                "Content-Type: application/gzip",
                "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment;\r\n filename=\"" + report.fileName() + "\"",
                "",
                Base64.getMimeEncoder().encodeToString(report.gzip()),
                "--" + boundary + "--",
                "");
    }
}
