package io.mailserver.reports;

import io.mailserver.dmarc.AggregateReport;
import io.mailserver.tlsrpt.TlsReport;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is kept of a report besides its sums: the largest groups, what failed first. */
final class ReportJson {
    private static final int MAX_GROUPS = 500;

    private ReportJson() {}

    static String write(AggregateReport report) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("email", report.metadata().email());
        root.put("policyDomain", report.published().domain());
        root.put("policy", report.published().policy());
        ArrayNode rows = root.putArray("rows");
        List<AggregateReport.Row> largest = report.rows().stream()
                .sorted(Comparator.comparing(AggregateReport.Row::passed).thenComparing(Comparator.comparingLong(
                        AggregateReport.Row::count).reversed()))
                .limit(MAX_GROUPS).toList();
        for (AggregateReport.Row row : largest) {
            ObjectNode node = rows.addObject();
            node.put("source", row.source()).put("count", row.count()).put("disposition", row.disposition());
            node.put("dkimAligned", row.dkimAligned()).put("spfAligned", row.spfAligned()).put("headerFrom", row.headerFrom());
            node.put("envelopeFrom", row.envelopeFrom());
            row.spf().ifPresent(spf -> node.put("spf", spf.result() + " " + spf.domain()));
            ArrayNode dkim = node.putArray("dkim");
            row.dkim().forEach(each -> dkim.add(each.result() + " " + each.domain() + " " + each.selector()));
        }
        return root.toString();
    }

    static String write(TlsReport report) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("contact", report.contact());
        ArrayNode policies = root.putArray("policies");
        for (TlsReport.Policy policy : report.policies()) {
            ObjectNode node = policies.addObject();
            node.put("type", policy.type()).put("domain", policy.domain());
            node.put("successful", policy.successful()).put("failed", policy.failed());
            ArrayNode failures = node.putArray("failures");
            policy.failures().stream().limit(MAX_GROUPS).forEach(failure -> failures.addObject()
                    .put("result", failure.result()).put("sessions", failure.sessions()).put("from", failure.sendingAddress())
                    .put("to", failure.receivingHost()).put("reason", failure.reason()));
        }
        return root.toString();
    }
}
