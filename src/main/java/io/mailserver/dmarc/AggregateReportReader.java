package io.mailserver.dmarc;

import io.mailserver.dmarc.AggregateReport.Dkim;
import io.mailserver.dmarc.AggregateReport.Metadata;
import io.mailserver.dmarc.AggregateReport.Published;
import io.mailserver.dmarc.AggregateReport.Reason;
import io.mailserver.dmarc.AggregateReport.Row;
import io.mailserver.dmarc.AggregateReport.Spf;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads aggregate reports (RFC 9990 §3.1, and RFC 7489 appendix C, whatever their namespace): strict where it must be to count, else
 * tolerant. Neither DTDs nor entities are read, so nothing is fetched and nothing grows; rows, depth and texts are bounded. One use, one
 * thread.
 */
public final class AggregateReportReader {
    private static final int MAX_ROWS = 50_000;
    private static final int MAX_DEPTH = 20;
    private static final int MAX_TEXT_CHARS = 500;
    private static final int MAX_PER_ROW = 100;
    private static final long MAX_SECONDS = 253_402_300_799L; // The last of the year 9999.

    private final List<String> path = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> once = new HashMap<>();
    private final Map<String, String> inRow = new HashMap<>();
    private final Map<String, String> inPart = new HashMap<>();
    private final List<Reason> reasons = new ArrayList<>();
    private final List<Dkim> signatures = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private Optional<Spf> spf = Optional.empty();

    private AggregateReportReader() {}

    /**
     * Reads a report; the stream is not closed.
     *
     * @throws ReportException it is none
     * @throws IOException the stream failed, or was longer than its own limit
     */
    public static AggregateReport read(InputStream xml) throws IOException, ReportException {
        return new AggregateReportReader().readAll(xml);
    }

    /** A text that is no report. Without a stack: it describes the input. */
    public static final class ReportException extends Exception {
        ReportException(String message) {
            super(message, null, false, false);
        }
    }

    private AggregateReport readAll(InputStream xml) throws IOException, ReportException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("a report that refers to something else");
        });
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(xml);
            while (reader.hasNext()) {
                step(reader, reader.next());
            }
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException trouble) {
                throw trouble;
            }
            throw new ReportException("not well-formed XML");
        }
        return report();
    }

    private void step(XMLStreamReader reader, int event) throws ReportException {
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> {
                if (path.isEmpty() && !reader.getLocalName().equals("feedback")) {
                    throw new ReportException("another document than a report");
                }
                path.add(reader.getLocalName());
                if (path.size() > MAX_DEPTH) {
                    throw new ReportException("elements too deep");
                }
                text.setLength(0);
            }
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                int room = MAX_TEXT_CHARS - text.length();
                text.append(reader.getText(), 0, Math.min(room, reader.getTextLength()));
            }
            case XMLStreamConstants.END_ELEMENT -> {
                end(String.join("/", path.subList(1, path.size())), text.toString().strip());
                path.removeLast();
                text.setLength(0);
            }
            case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw new ReportException("a document type or an entity");
            default -> { }
        }
    }

    private void end(String where, String value) throws ReportException {
        switch (where) {
            case "record" -> endRow();
            case "record/row/policy_evaluated/reason" -> {
                if (reasons.size() < MAX_PER_ROW) {
                    reasons.add(new Reason(part("type"), part("comment")));
                }
                inPart.clear();
            }
            case "record/auth_results/dkim" -> {
                if (signatures.size() < MAX_PER_ROW) {
                    signatures.add(new Dkim(part("domain"), part("selector"), part("result")));
                }
                inPart.clear();
            }
            case "record/auth_results/spf" -> {
                spf = Optional.of(new Spf(part("domain"), part("result")));
                inPart.clear();
            }
            default -> keep(where, value);
        }
    }

    private void keep(String where, String value) {
        String name = where.substring(where.lastIndexOf('/') + 1);
        if (where.startsWith("record/auth_results/") || where.startsWith("record/row/policy_evaluated/reason/")) {
            inPart.put(name, value);
        } else if (where.startsWith("record/")) {
            inRow.put(where.substring("record/".length()), value);
        } else if (where.startsWith("report_metadata/") || where.startsWith("policy_published/")) {
            once.putIfAbsent(where, value);
        }
    }

    private void endRow() throws ReportException {
        if (rows.size() == MAX_ROWS) {
            throw new ReportException("more than " + MAX_ROWS + " records");
        }
        String evaluated = "row/policy_evaluated/";
        rows.add(new Row(
                inRow.getOrDefault("row/source_ip", ""),
                number(inRow.getOrDefault("row/count", ""), "count", Integer.MAX_VALUE),
                inRow.getOrDefault(evaluated + "disposition", ""),
                inRow.getOrDefault(evaluated + "dkim", "").equals("pass"),
                inRow.getOrDefault(evaluated + "spf", "").equals("pass"),
                reasons,
                inRow.getOrDefault("identifiers/header_from", ""),
                inRow.getOrDefault("identifiers/envelope_from", ""),
                signatures,
                spf));
        inRow.clear();
        reasons.clear();
        signatures.clear();
        spf = Optional.empty();
    }

    private AggregateReport report() throws ReportException {
        String metadata = "report_metadata/";
        String policy = "policy_published/";
        String id = once.getOrDefault(metadata + "report_id", "");
        String domain = once.getOrDefault(policy + "domain", "");
        if (id.isEmpty() || domain.isEmpty()) {
            throw new ReportException("a report without an id or a domain");
        }
        return new AggregateReport(
                new Metadata(
                        once.getOrDefault(metadata + "org_name", ""),
                        once.getOrDefault(metadata + "email", ""),
                        id,
                        Instant.ofEpochSecond(number(once.getOrDefault(metadata + "date_range/begin", ""), "begin", MAX_SECONDS)),
                        Instant.ofEpochSecond(number(once.getOrDefault(metadata + "date_range/end", ""), "end", MAX_SECONDS))),
                new Published(
                        domain,
                        once.getOrDefault(policy + "p", ""),
                        once.getOrDefault(policy + "sp", ""),
                        once.getOrDefault(policy + "np", ""),
                        once.getOrDefault(policy + "adkim", ""),
                        once.getOrDefault(policy + "aspf", ""),
                        once.getOrDefault(policy + "testing", "")),
                rows);
    }

    private String part(String name) {
        return inPart.getOrDefault(name, "");
    }

    private static long number(String value, String what, long max) throws ReportException {
        boolean digits = !value.isEmpty() && value.length() <= 12 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(value) > max) {
            throw new ReportException("'" + what + "' is no number");
        }
        return Long.parseLong(value);
    }
}
