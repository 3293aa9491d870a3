package io.mailserver.admin;

import io.mailserver.account.ReceivedReport;
import io.mailserver.account.ReportAddress;
import io.mailserver.account.Reports;
import io.mailserver.base.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code reports}: what other servers say about our domains. */
final class ReportOperations {
    private static final long USUAL_DAYS = 30;
    private static final int MAX_PROBLEMS = 20;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Reports reports;
    private final Time time;

    ReportOperations(Operations.Parts parts) {
        reports = parts.accounts().reports();
        time = parts.time();
    }

    List<Operation> operations() {
        return List.of(new Operation("reports", Set.of("domain", "days"), this::show));
    }

    private Answer show(Arguments arguments) throws IOException {
        long days = arguments.optionalNumber("days").orElse(USUAL_DAYS);
        List<ReceivedReport> found = reports.received(
                arguments.optionalDomain("domain"), time.now().minus(Duration.ofDays(Math.min(days, 3_650))));
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        List<List<String>> rows = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (ReceivedReport report : found) {
            JsonNode details = MAPPER.readTree(report.details());
            data.add(json(report, details));
            rows.add(List.of(Texts.time(report.begin()), report.domain().ascii(), kind(report), Texts.printable(report.organization()),
                    Long.toString(report.good()), Long.toString(report.bad())));
            problems(report, details, problems);
        }
        if (rows.isEmpty()) {
            return Answer.of(List.of("no reports in the last " + days + " days; they come once the records of dns are published"), data);
        }
        List<String> lines = new ArrayList<>(Texts.table(List.of("FROM", "DOMAIN", "KIND", "REPORTED BY", "GOOD", "BAD"), rows));
        if (!problems.isEmpty()) {
            lines.add("");
            lines.addAll(problems.subList(0, Math.min(MAX_PROBLEMS, problems.size())));
        }
        return Answer.of(lines, data);
    }

    /** What was not as it should be, in one line each. */
    private static void problems(ReceivedReport report, JsonNode details, List<String> problems) {
        for (JsonNode row : details.path("rows")) {
            if (!row.path("dkimAligned").asBoolean() && !row.path("spfAligned").asBoolean()) {
                problems.add(Texts.printable(row.path("source").asString()) + " sent " + row.path("count").asLong() + " as "
                        + Texts.printable(row.path("headerFrom").asString()) + ", neither SPF nor DKIM vouches; "
                        + Texts.printable(report.organization()) + " did: " + Texts.printable(row.path("disposition").asString()));
            }
        }
        for (JsonNode policy : details.path("policies")) {
            for (JsonNode failure : policy.path("failures")) {
                problems.add(failure.path("sessions").asLong() + " TLS sessions of " + Texts.printable(report.organization()) + " to "
                        + Texts.printable(failure.path("to").asString()) + " failed: "
                        + Texts.printable(failure.path("result").asString()));
            }
        }
    }

    private static ObjectNode json(ReceivedReport report, JsonNode details) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("domain", report.domain().ascii());
        node.put("kind", kind(report));
        node.put("organization", report.organization());
        node.put("id", report.reportId());
        node.put("begin", report.begin().toString());
        node.put("end", report.end().toString());
        node.put("received", report.received().toString());
        node.put("good", report.good());
        node.put("bad", report.bad());
        node.set("details", details);
        return node;
    }

    private static String kind(ReceivedReport report) {
        return report.kind() == ReportAddress.DMARC ? "dmarc" : report.kind().name().toLowerCase(Locale.ROOT);
    }
}
