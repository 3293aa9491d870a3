package io.mailserver.reports;

import io.mailserver.account.MailDomain;
import io.mailserver.account.Reports;
import io.mailserver.account.Reports.Counted;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.dns.Resolver;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.tlsrpt.AppliedPolicy;
import io.mailserver.tlsrpt.ReportingPolicy;
import io.mailserver.tlsrpt.TlsReport;
import io.mailserver.tlsrpt.TlsReportWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends our TLS reports of the day before (RFC 8460), one to each domain that asks for it, by mail and by https, each once: to be called
 * from time to time. Mail is signed as all mail of the first domain's postmaster (§3), and goes whatever is wrong with the recipient's
 * TLS, because that is what it tells of (§5.3). Where nobody takes a report, it is tried again until the day is over (§5.5). Blocks for
 * the database, the DNS, the queue and web servers.
 */
public final class TlsReportSending {
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();

    private final ReportSending.Parts parts;
    private final Resolver resolver;
    private final Posting posting;

    /** Hands a packed report to a web server (RFC 8460 §5.4). */
    @FunctionalInterface
    public interface Posting {
        /** @throws IOException it was not taken */
        void post(URI where, byte[] gzip) throws IOException;
    }

    /** @param resolver for the records of domains that want reports */
    public TlsReportSending(ReportSending.Parts parts, Resolver resolver, Posting posting) {
        this.parts = parts;
        this.resolver = resolver;
        this.posting = posting;
    }

    /** Sends what is due and was not sent; trouble is logged and tried again next time. */
    public void step() {
        try {
            Optional<MailDomain> first = parts.domains().first();
            if (first.isEmpty() || !parts.enabled().getAsBoolean()) {
                return;
            }
            long day = AggregateCounts.day(parts.time().now()) - 1;
            Set<Domain> sent = parts.reports().sent(Reports.Kind.TLS, day);
            Map<Domain, List<Counted>> byDomain = new LinkedHashMap<>();
            for (Counted counted : parts.reports().counted(Reports.Kind.TLS, day)) {
                byDomain.computeIfAbsent(counted.seen().policyDomain(), any -> new ArrayList<>()).add(counted);
            }
            Address sender = Address.of("postmaster", first.get().name());
            for (Map.Entry<Domain, List<Counted>> each : byDomain.entrySet()) {
                if (!sent.contains(each.getKey())) {
                    send(each.getKey(), each.getValue(), day, sender);
                }
            }
        } catch (IOException e) {
            parts.log().error("report.send-failed", e);
        }
    }

    private void send(Domain domain, List<Counted> counted, long day, Address sender) throws IOException {
        ReportingPolicy wanted = ReportingPolicy.of(domain, resolver).orElse(new ReportingPolicy(List.of(), List.of()));
        if (wanted.mail().isEmpty() && wanted.https().isEmpty()) {
            return; // asked again until the day is over: a record may be new, or its name server silent
        }
        Instant begin = Instant.ofEpochSecond(day * DAY_SECONDS);
        Instant end = begin.plusSeconds(DAY_SECONDS - 1);
        String id = begin.getEpochSecond() + ".tls." + domain + "@" + parts.host();
        byte[] gzip = gzip(TlsReportWriter.write(parts.host().ascii(), sender.toString(), id, begin, end, results(domain, counted)));
        List<String> took = new ArrayList<>();
        wanted.https().stream().filter(where -> isPosted(where, gzip)).map(URI::toString).forEach(took::add);
        if (!wanted.mail().isEmpty()) {
            // RFC 8460 §5.1
            String name = parts.host() + "!" + domain + "!" + begin.getEpochSecond() + "!" + end.getEpochSecond() + ".json.gz";
            mail(message(domain, sender, wanted.mail(), id, name, gzip), begin, sender, wanted.mail());
            took.addAll(wanted.mail());
        }
        if (!took.isEmpty()) {
            parts.reports().markSent(Reports.Kind.TLS, domain, day);
            parts.log().info("report.tls-sent", "domain", domain, "id", id, "recipients", took);
        }
    }

    private boolean isPosted(URI where, byte[] gzip) {
        try {
            posting.post(where, gzip);
            return true;
        } catch (IOException e) {
            parts.log().info("report.not-posted", "url", where, "cause", e.toString());
            return false;
        }
    }

    private void mail(String text, Instant begin, Address sender, List<String> addresses) throws IOException {
        List<Recipient> recipients = addresses.stream().map(TlsReportSending::recipient).toList();
        QueueEnvelope envelope = new QueueEnvelope("tls-report-" + begin.getEpochSecond(), "", Optional.of(sender),
                MailParameters.NONE.with(Handling.USUAL.with(Handling.Tls.OPTIONAL)), recipients);
        try (OctetContent content = new OctetContent(text.getBytes(StandardCharsets.US_ASCII))) {
            parts.outbound().accept(envelope, "", content).release();
        }
    }

    private static Recipient recipient(String address) {
        int at = address.lastIndexOf('@');
        return Recipient.of(Address.of(address.substring(0, at), Domain.parse(address.substring(at + 1)).orElseThrow()));
    }

    /** One for each policy that held on that day. */
    static List<TlsReportWriter.Result> results(Domain domain, List<Counted> counted) {
        Map<String, List<Counted>> byPolicy = new LinkedHashMap<>();
        counted.forEach(each -> byPolicy.computeIfAbsent(each.seen().policy(), any -> new ArrayList<>()).add(each));
        List<TlsReportWriter.Result> results = new ArrayList<>();
        byPolicy.forEach((policy, rows) -> {
            long successful = 0;
            List<TlsReport.Failure> failures = new ArrayList<>();
            for (Counted row : rows) {
                JsonNode kind = MAPPER.readTree(row.seen().row());
                String result = kind.path("result").asString("");
                if (result.isEmpty()) {
                    successful += row.messages();
                } else {
                    failures.add(new TlsReport.Failure(
                            result, "", kind.path("host").asString(""), row.messages(), kind.path("reason").asString("")));
                }
            }
            results.add(new TlsReportWriter.Result(applied(policy), domain.ascii(), successful, failures));
        });
        return results;
    }

    private static AppliedPolicy applied(String json) {
        JsonNode node = MAPPER.readTree(json);
        return new AppliedPolicy(node.path("type").asString(), texts(node.path("text")), texts(node.path("mx")));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asString()));
        return texts;
    }

    private static byte[] gzip(byte[] json) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(json);
        }
        return packed.toByteArray();
    }

    /** RFC 8460 §5.3. */
    private String message(Domain domain, Address sender, List<String> recipients, String id, String fileName, byte[] gzip) {
        String boundary = "tls-report-" + parts.time().now().getEpochSecond();
        return String.join("\r\n",
                "Date: " + DATE.format(parts.time().now().atOffset(ZoneOffset.UTC)),
                "From: " + sender,
                "To: " + String.join(",\r\n ", recipients),
                "Subject: Report Domain: " + domain + "\r\n Submitter: " + parts.host() + "\r\n Report-ID: <" + id + ">",
                "Message-ID: <" + id + ">",
                "TLS-Report-Domain: " + domain,
                "TLS-Report-Submitter: " + parts.host(),
                "TLS-Required: No",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: multipart/report; report-type=\"tlsrpt\";\r\n boundary=\"" + boundary + "\"",
                "",
                "--" + boundary,
                "Content-Type: text/plain; charset=us-ascii",
                "",
                "This is a report on TLS of connections from " + parts.host() + " to the mail servers of",
                domain + ".",
                "",
                "--" + boundary,
                "Content-Type: application/tlsrpt+gzip",
                "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment;\r\n filename=\"" + fileName + "\"",
                "",
                Base64.getMimeEncoder().encodeToString(gzip),
                "--" + boundary + "--",
                "");
    }
}
