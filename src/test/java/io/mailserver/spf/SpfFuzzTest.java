package io.mailserver.spf;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.simulation.Fuzz;
import io.mailserver.simulation.ManualTime;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpfFuzzTest {
    private static final List<String> RECORDS = List.of(
            "v=spf1 include:%{d2} a:x.%{d} mx/24//64 ptr ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{ir}.%{v}.%{l1r+-}.x.example -all",
            "v=spf1 redirect=%{d} exp=%{S}.%{H}.x.example",
            "v=spf1 ?a:%{p}.x.example ~mx:y.example//1 +all x=%%%_%-");

    @Test
    void anyRecordEndsInAVerdictAfterFewQuestions() {
        Fuzz.texts(RECORDS, record -> {
            int[] questions = new int[1];
            Resolver everywhere = new Resolver() {
                @Override
                public <R extends Rdata> Answer<R> resolve(DnsName name, RecordType<R> type, Duration within) {
                    questions[0]++;
                    List<Rdata> records = type == RecordType.TXT ? List.of(new Rdata.Txt(record))
                            : type == RecordType.MX ? List.of(new Rdata.Mx(1, name)) : List.of();
                    @SuppressWarnings("unchecked") // The records are made for the type asked.
                    List<R> typed = (List<R>) records;
                    return typed.isEmpty() ? new Answer.NoData<>(false) : new Answer.Found<>(typed, name, false);
                }
            };
            SpfResult result = new SpfChecker(everywhere, new ManualTime(Instant.EPOCH), SpfLimits.DEFAULTS, "r")
                    .checkMailFrom(new SpfRequest(InetAddress.ofLiteral("2001:db8::1"), "h.example", "a-b+c@x.d.example"));
            assertThat(questions[0]).isLessThan(40);
            assertThat(result.explanation().orElse("")).doesNotContain("\r", "\n");
            assertThat(result.evidence()).allSatisfy(step -> assertThat(step.outcome()).doesNotContain("\r", "\n"));
        });
    }
}
