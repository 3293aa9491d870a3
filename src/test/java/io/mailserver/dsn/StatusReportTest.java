package io.mailserver.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.EnhancedStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What notices of other servers say. */
class StatusReportTest {
    private static final String GROUPS = """
            Original-Envelope-Id: the-id
            Reporting-MTA: dns; mx.example.net

            Original-Recipient: rfc822;bob+2Bx@example.net
            Final-Recipient: rfc822; robert@inner.example
            Action: failed
            Status: 5.1.1 (no such mailbox)
            Diagnostic-Code: smtp; 550 5.1.1
              no\u00fc such user

            Final-Recipient: RFC822;<carol@EXAMPLE.net>
            Action: Delivered
            Status: 2.1.5
            """;

    @Test
    void aReportHasAnIdAndWhatBecameOfEach() throws IOException {
        StatusReport report = read("multipart/report", "message/delivery-status", GROUPS).orElseThrow();
        assertThat(report.envelopeId()).isEqualTo("the-id");
        assertThat(report.recipients()).hasSize(2);
        StatusReport.Of bob = report.recipients().getFirst();
        assertThat(bob.names()).extracting(Address::toString)
                .containsExactly("bob+2Bx@example.net", "bob+x@example.net", "robert@inner.example");
        assertThat(bob.action()).isEqualTo(StatusReport.Action.FAILED);
        assertThat(bob.status()).isEqualTo(new EnhancedStatus(5, 1, 1));
        assertThat(bob.reply()).matches("550 5.1.1 no[?]+ such user");
        StatusReport.Of carol = report.recipients().getLast();
        assertThat(carol.names()).containsExactly(Address.of("carol", new Domain("example.net")));
        assertThat(carol.action()).isEqualTo(StatusReport.Action.DELIVERED);
        assertThat(carol.reply()).as("without a diagnostic code").isEqualTo("2.1.5");
    }

    @Test
    void internationalReportsAreReadToo() throws IOException {
        assertThat(read("multipart/report", "message/global-delivery-status", GROUPS)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "Original-Envelope-Id: the-id",
        "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.1.1",
        "Original-Envelope-Id: x\n\nAction: failed\nStatus: 5.1.1",
        "Original-Envelope-Id: x\n\nFinal-Recipient: rfc822;a@b.example\nAction: failed",
        "Original-Envelope-Id: x\n\nFinal-Recipient: rfc822;a@b.example\nAction: eaten\nStatus: 5.1.1",
        "Original-Envelope-Id: x\n\nFinal-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 9.1.1",
        "Original-Envelope-Id: x\n\nFinal-Recipient: rfc822;no address\nAction: failed\nStatus: 5.1.1"
    })
    void whatLacksSomethingIsNone(String groups) throws IOException {
        assertThat(read("multipart/report", "message/delivery-status", groups)).isEmpty();
    }

    @Test
    void onlyReportsAreLookedInto() throws IOException {
        assertThat(read("multipart/mixed", "message/delivery-status", GROUPS)).isEmpty();
        assertThat(read("multipart/report", "text/plain", GROUPS)).isEmpty();
        String id = "Original-Envelope-Id: " + "x".repeat(101) + GROUPS.substring(GROUPS.indexOf('\n'));
        assertThat(read("multipart/report", "message/delivery-status", id)).as("longer than an ENVID can be").isEmpty();
    }

    @Test
    void recipientsAreBounded() throws IOException {
        String groups = "Original-Envelope-Id: x" + "\n\nFinal-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.1.1".repeat(101);
        assertThat(read("multipart/report", "message/delivery-status", groups).orElseThrow().recipients())
                .hasSize(StatusReport.MAX_RECIPIENTS);
    }

    @Test
    void damagedReportsDoNoHarm() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        byte[] whole = message("multipart/report", "message/delivery-status", GROUPS);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(1, 9); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            StatusReport.in(new OctetContent(damaged)).ifPresent(report -> assertThat(report.recipients()).allSatisfy(each -> {
                assertThat(each.names()).isNotEmpty();
                assertThat(each.reply()).matches("[ -~]{0,500}");
            }));
        }
    }

    private static Optional<StatusReport> read(String type, String part, String groups) throws IOException {
        return StatusReport.in(new OctetContent(message(type, part, groups)));
    }

    private static byte[] message(String type, String part, String groups) {
        return ("Content-Type: " + type + "; report-type=delivery-status; boundary=b\n\n--b\n\nWords\n--b\nContent-Type: " + part + "\n\n"
                + groups + "\n--b--\n").replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
