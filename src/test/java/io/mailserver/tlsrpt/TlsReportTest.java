package io.mailserver.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.tlsrpt.TlsReport.ReportException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsReportTest {
    private static final String REPORT = """
            {"organization-name": "Sender Inc.", "contact-info": "tls@sender.example", "report-id": "2026-01-01T00:00:00Z_example.com",
             "date-range": {"start-datetime": "2026-01-01T00:00:00Z", "end-datetime": "2026-01-01T23:59:59Z"},
             "policies": [{
               "policy": {"policy-type": "sts", "policy-string": ["version: STSv1"], "policy-domain": "example.com"},
               "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 303},
               "failure-details": [
                 {"result-type": "certificate-expired", "sending-mta-ip": "2001:db8::1", "receiving-mx-hostname": "mail.example.com",
                  "failed-session-count": 300},
                 {"result-type": "starttls-not-supported", "failed-session-count": 3, "failure-reason-code": "x"}]}]}
            """;

    @Test
    void aReportIsRead() throws Exception {
        TlsReport report = read(REPORT);
        assertThat(report.organization()).isEqualTo("Sender Inc.");
        assertThat(report.begin()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(report.successful()).isEqualTo(5326);
        assertThat(report.failed()).isEqualTo(303);
        assertThat(report.policies().getFirst().failures().getFirst()).isEqualTo(
                new TlsReport.Failure("certificate-expired", "2001:db8::1", "mail.example.com", 300, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "null", "hello", "{\"report-id\": \"1\"}", "{\"report-id\": \"1\", \"policies\": []}"})
    void whatIsNoReportIsSaidToBeNone(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ReportException.class);
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(ReportException.class);
    }

    private static TlsReport read(String json) throws IOException, ReportException {
        return TlsReport.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
