package io.mailserver.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.simulation.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DmarcFuzzTest {
    @Test
    void anyFromIsRead() {
        Fuzz.texts(List.of("A \"q\\\"@x\" (c(d)) <@r:a@x.example>, G: b@y.example, <c@z.example>;"), value -> {
            byte[] header = ("From: " + value.replaceAll("[\r\n]", " ") + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
            AuthorDomains read = AuthorDomains.of(HeaderBlock.parse(header, HeaderBlock.Limits.DEFAULTS));
            assertThat(read.domains().size() + read.unreadable()).isLessThanOrEqualTo(101);
        });
    }

    @Test
    void anyRecordIsRead() {
        Fuzz.texts(List.of("v=DMARC1; p=reject; sp=none; rua=mailto:a@b.example!10m,x:y; fo=0:d; pct=10; psd=y"),
                text -> assertThat(DmarcRecord.parse(text).aggregateReports().size()).isLessThanOrEqualTo(20));
    }
}
