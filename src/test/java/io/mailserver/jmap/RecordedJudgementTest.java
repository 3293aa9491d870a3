package io.mailserver.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.mime.HeaderBlock;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Why a message was judged so, from what stands on top of it. */
class RecordedJudgementTest {
    private static final String OURS = """
            Return-Path: <a@b.example>
            Authentication-Results: mx.example.com;
             dmarc=fail (p=none dis=accept by no-objection) reason="nothing aligned" header.from=bank.example;
             spf=softfail smtp.mailfrom=a@b.example; dkim=fail header.d=other.example; dkim=pass header.d=b.example
            X-Spam-Status: Yes, score=6.2 required=5
            \ttests=SPF_SOFTFAIL=0.8,DMARC_FAIL=1.8,
            \tMY_OWN=3.6
            Received: from b.example by mx.example.com; Mon, 30 Nov 2026 12:00:00 +0000
            """;

    private static JsonNode judgement(String header) {
        byte[] octets = (header + "Subject: x\n\n").replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        return RecordedJudgement.in(HeaderBlock.parse(octets, HeaderBlock.Limits.DEFAULTS), "MX.example.com").toJson();
    }

    @Test
    void theResultsAreToldInWords() {
        JsonNode told = judgement(OURS);
        assertThat(told.path("lines").valueStream().map(line -> line.path("good") + " " + line.path("text").stringValue("")))
                .containsExactly(
                        "false It was not shown that bank.example sent this: the sender may be forged.",
                        "false b.example does not name the sending server as its own.",
                        "true It is signed by b.example and unchanged.",
                        "false 6.2 points of the spam filter; spam from 5.",
                        "false The sender's domain says that this server probably may not send for it (0.8).",
                        "false Nothing proves that it comes from the author's domain, whose owner asks for proof (1.8).",
                        "false MY_OWN (3.6).");
        assertThat(told.path("lines").get(0).path("code").stringValue("")).isEqualTo("dmarcFail");
        assertThat(told.path("lines").get(0).path("values").path("domain").stringValue("")).isEqualTo("bank.example");
        assertThat(told.path("authentication").get(0).path("reason").stringValue("")).isEqualTo("nothing aligned");
        assertThat(told.path("spam").path("isSpam").booleanValue(false)).isTrue();
        assertThat(told.path("spam").path("score").doubleValue(0)).isEqualTo(6.2);
        assertThat(told.path("spam").path("findings").size()).isEqualTo(3);
    }

    @Test
    void whatCameWithTheMessageIsNotBelieved() {
        JsonNode below = judgement("Received: from x by y; Mon, 30 Nov 2026 12:00:00 +0000\n" + OURS);
        assertThat(below.path("lines").size()).isZero();
        assertThat(below.path("spam").isNull()).isTrue();
        JsonNode foreign = judgement("Authentication-Results: mx.example.org; dmarc=pass header.from=bank.example\n");
        assertThat(foreign.path("authentication").size()).isZero();
    }

    @Test
    void whatIsDamagedIsLeftOut() {
        JsonNode told = judgement("Authentication-Results: mx.example.com; dmarc==\n"
                + "X-Spam-Status: Yes, score=1.2.3 required=5 tests=A=1\n");
        assertThat(told.path("lines").size()).isZero();
        assertThat(told.path("spam").isNull()).isTrue();
    }
}
