package io.mailserver.tlsrpt;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a report of ours (RFC 8460 §4.4). */
public final class TlsReportWriter {
    private static final JsonMapper MAPPER = new JsonMapper();

    private TlsReportWriter() {}

    /** What was seen under one policy. */
    public record Result(AppliedPolicy policy, String domain, long successful, List<TlsReport.Failure> failures) {
        public Result {
            failures = List.copyOf(failures);
        }
    }

    /**
     * The report as JSON.
     *
     * @param contact an address
     * @param id unique among ours
     */
    public static byte[] write(
            String organization, String contact, String id, Instant begin, Instant end, List<Result> results) {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("organization-name", organization);
        report.putObject("date-range").put("start-datetime", begin.toString()).put("end-datetime", end.toString());
        report.put("contact-info", contact).put("report-id", id);
        ArrayNode policies = report.putArray("policies");
        for (Result result : results) {
            ObjectNode node = policies.addObject();
            ObjectNode policy = node.putObject("policy");
            policy.put("policy-type", result.policy().type());
            if (!result.policy().text().isEmpty()) {
                result.policy().text().forEach(policy.putArray("policy-string")::add);
            }
            policy.put("policy-domain", result.domain());
            if (!result.policy().mx().isEmpty()) {
                // The RFC's text has one, its erratum and everybody's reports an array.
                result.policy().mx().forEach(policy.putArray("mx-host")::add);
            }
            long failed = result.failures().stream().mapToLong(TlsReport.Failure::sessions).sum();
            node.putObject("summary").put("total-successful-session-count", result.successful()).put("total-failure-session-count", failed);
            ArrayNode details = node.putArray("failure-details");
            for (TlsReport.Failure failure : result.failures()) {
                ObjectNode detail = details.addObject().put("result-type", failure.result());
                if (!failure.sendingAddress().isEmpty()) {
                    detail.put("sending-mta-ip", failure.sendingAddress());
                }
                detail.put("receiving-mx-hostname", failure.receivingHost());
                detail.put("failed-session-count", failure.sessions()).put("failure-reason-code", failure.reason());
            }
        }
        return MAPPER.writeValueAsBytes(report);
    }
}
