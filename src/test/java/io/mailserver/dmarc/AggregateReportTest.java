package io.mailserver.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.dmarc.AggregateReportReader.ReportException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateReportTest {
    /** As reporters of RFC 7489 write it: no namespace, other elements in between. */
    public static final String OLD = """
            <?xml version="1.0" encoding="UTF-8" ?>
            <feedback>
              <report_metadata>
                <org_name>receiver.example</org_name><email>noreply@receiver.example</email>
                <extra_contact_info>https://receiver.example/dmarc</extra_contact_info>
                <report_id>4711</report_id>
                <date_range><begin>1700000000</begin><end>1700086399</end></date_range>
              </report_metadata>
              <policy_published>
                <domain>example.com</domain><adkim>r</adkim><aspf>s</aspf><p>reject</p><sp>none</sp><pct>100</pct>
              </policy_published>
              <record>
                <row><source_ip>192.0.2.1</source_ip><count>12</count>
                  <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
                <identifiers><header_from>example.com</header_from></identifiers>
                <auth_results>
                  <dkim><domain>example.com</domain><result>pass</result><selector>s1</selector></dkim>
                  <dkim><domain>other.example</domain><result>fail</result></dkim>
                  <spf><domain>bounce.example</domain><result>pass</result></spf>
                </auth_results>
              </record>
              <record>
                <row><source_ip>2001:db8::1</source_ip><count>3</count>
                  <policy_evaluated><disposition>reject</disposition><dkim>fail</dkim><spf>fail</spf>
                    <reason><type>local_policy</type><comment>why not</comment></reason></policy_evaluated></row>
                <identifiers><header_from>example.com</header_from><envelope_from>x.example</envelope_from></identifiers>
                <auth_results><spf><domain>x.example</domain><result>none</result></spf></auth_results>
              </record>
            </feedback>
            """;

    @Test
    void oldReportsAreRead() throws Exception {
        AggregateReport report = read(OLD);
        assertThat(report.metadata()).isEqualTo(new AggregateReport.Metadata("receiver.example", "noreply@receiver.example", "4711",
                Instant.ofEpochSecond(1_700_000_000), Instant.ofEpochSecond(1_700_086_399)));
        assertThat(report.published()).isEqualTo(new AggregateReport.Published("example.com", "reject", "none", "", "r", "s", ""));
        assertThat(report.passed()).isEqualTo(12);
        assertThat(report.failed()).isEqualTo(3);
        assertThat(report.rows().getFirst().dkim()).containsExactly(
                new AggregateReport.Dkim("example.com", "s1", "pass"), new AggregateReport.Dkim("other.example", "", "fail"));
        assertThat(report.rows().getLast().reasons()).containsExactly(new AggregateReport.Reason("local_policy", "why not"));
        assertThat(report.rows().getLast().spf()).contains(new AggregateReport.Spf("x.example", "none"));
        assertThat(report.rows().getLast().envelopeFrom()).isEqualTo("x.example");
    }

    @Test
    void whatWeWriteWeRead() throws Exception {
        AggregateReport report = read(OLD);
        AggregateReport odd = new AggregateReport(report.metadata(), report.published(), List.of(new AggregateReport.Row("192.0.2.9", 1,
                "pass", true, true, List.of(), "a&b<c>.example", "", List.of(), Optional.empty())));
        for (AggregateReport each : List.of(report, odd)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            AggregateReportWriter.write(each, "test 1", out);
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">");
            assertThat(read(out.toString(StandardCharsets.UTF_8))).isEqualTo(each);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "hello", "<feedback>", "<other/>", "<feedback/>",
        "<feedback><report_metadata><report_id>1</report_id></report_metadata></feedback>",
        "<!DOCTYPE feedback [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><feedback>&a;</feedback>",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><feedback><report_metadata>&b;</report_metadata></feedback>",
        "<!DOCTYPE feedback SYSTEM \"http://127.0.0.1:1/x.dtd\"><feedback/>"})
    void whatIsNoReportIsSaidToBeNone(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ReportException.class);
    }

    @Test
    void depthAndNumbersAreBounded() {
        assertThatThrownBy(() -> read("<feedback>" + "<a>".repeat(100_000))).isInstanceOf(ReportException.class)
                .hasMessageContaining("deep");
        assertThatThrownBy(() -> read(OLD.replace("<count>12<", "<count>99999999999<"))).isInstanceOf(ReportException.class);
        assertThatThrownBy(() -> read(OLD.replace("<count>12<", "<count>-1<"))).isInstanceOf(ReportException.class);
    }

    @Test
    void longTextsAreCut() throws Exception {
        assertThat(read(OLD.replace(">4711<", ">" + "x".repeat(100_000) + "<")).metadata().id()).hasSize(500);
    }

    private static AggregateReport read(String xml) throws IOException, ReportException {
        return AggregateReportReader.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }
}
