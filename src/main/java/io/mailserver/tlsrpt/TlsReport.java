package io.mailserver.tlsrpt;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A report on TLS connections to a domain's mail exchanges (RFC 8460 §4).
 *
 * @param id unique among the reporter's
 */
public record TlsReport(String organization, String contact, String id, Instant begin, Instant end, List<Policy> policies) {
    private static final int MAX_POLICIES = 1_000;
    private static final int MAX_FAILURES = 10_000;
    private static final int MAX_TEXT_CHARS = 500;
    private static final int MAX_DEPTH = 20;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build()).build()).build();

    public TlsReport {
        policies = List.copyOf(policies);
    }

    /**
     * What was seen under one policy.
     *
     * @param type {@code sts}, {@code tlsa} or {@code no-policy-found}
     */
    public record Policy(String type, String domain, long successful, long failed, List<Failure> failures) {
        public Policy {
            failures = List.copyOf(failures);
        }
    }

    /**
     * Connections that failed in the same way.
     *
     * @param result such as {@code certificate-expired}
     */
    public record Failure(String result, String sendingAddress, String receivingHost, long sessions, String reason) {}

    /** A text that is no report. Without a stack: it describes the input. */
    public static final class ReportException extends Exception {
        ReportException(String message) {
            super(message, null, false, false);
        }
    }

    /** How many sessions went well. */
    public long successful() {
        return policies.stream().mapToLong(Policy::successful).sum();
    }

    /** How many did not. */
    public long failed() {
        return policies.stream().mapToLong(Policy::failed).sum();
    }

    /**
     * Reads a report; the stream is not closed.
     *
     * @throws ReportException it is none
     * @throws IOException the stream failed, or was longer than its own limit
     */
    public static TlsReport read(InputStream json) throws IOException, ReportException {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JacksonIOException e) {
            throw e.getCause() == null ? new IOException(e) : e.getCause();
        } catch (JacksonException e) {
            throw new ReportException("not JSON");
        }
        String id = text(root.path("report-id"));
        if (id.isEmpty() || !root.path("policies").isArray()) {
            throw new ReportException("a report without an id or policies");
        }
        List<Policy> policies = new ArrayList<>();
        for (JsonNode each : root.path("policies")) {
            if (policies.size() < MAX_POLICIES) {
                policies.add(policy(each));
            }
        }
        JsonNode range = root.path("date-range");
        return new TlsReport(text(root.path("organization-name")), text(root.path("contact-info")), id,
                time(range.path("start-datetime")), time(range.path("end-datetime")), policies);
    }

    private static Policy policy(JsonNode node) {
        List<Failure> failures = new ArrayList<>();
        for (JsonNode each : node.path("failure-details")) {
            if (failures.size() < MAX_FAILURES) {
                failures.add(new Failure(text(each.path("result-type")), text(each.path("sending-mta-ip")),
                        text(each.path("receiving-mx-hostname")), number(each.path("failed-session-count")),
                        text(each.path("failure-reason-code"))));
            }
        }
        JsonNode summary = node.path("summary");
        return new Policy(text(node.path("policy").path("policy-type")), text(node.path("policy").path("policy-domain")),
                number(summary.path("total-successful-session-count")), number(summary.path("total-failure-session-count")), failures);
    }

    private static Instant time(JsonNode node) throws ReportException {
        try {
            return OffsetDateTime.parse(text(node)).toInstant();
        } catch (DateTimeException e) {
            throw new ReportException("a date that is none");
        }
    }

    private static long number(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? Math.max(0, node.longValue()) : 0;
    }

    private static String text(JsonNode node) {
        String text = node.isString() ? node.asString() : "";
        return text.substring(0, Math.min(text.length(), MAX_TEXT_CHARS));
    }
}
