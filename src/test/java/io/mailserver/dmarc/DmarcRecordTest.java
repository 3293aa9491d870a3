package io.mailserver.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dmarc.DmarcRecord.PublicSuffix;
import java.net.URI;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DmarcRecordTest {
    @Test
    void everyTagIsRead() {
        DmarcRecord record = DmarcRecord.parse("v=DMARC1; p=reject; sp=Quarantine ;np=none; adkim=s; aspf=S; psd=n; t=y; "
                + "fo=1:d:s; rua=mailto:a@example.com!10m , https://example.com/r,nonsense; "
                + "ruf=mailto:f@example.com; pct=50; ri=3600; rf=afrf; x=y;");
        assertThat(record.policy()).contains(DmarcPolicy.REJECT);
        assertThat(record.subdomainPolicy()).contains(DmarcPolicy.QUARANTINE);
        assertThat(record.absentSubdomainPolicy()).contains(DmarcPolicy.NONE);
        assertThat(record.wrongPolicy()).isFalse();
        assertThat(record.strictDkim()).isTrue();
        assertThat(record.strictSpf()).isTrue();
        assertThat(record.publicSuffix()).isEqualTo(PublicSuffix.NO);
        assertThat(record.testing()).isTrue();
        assertThat(record.aggregateReports()).containsExactly(URI.create("mailto:a@example.com"), URI.create("https://example.com/r"));
        assertThat(record.failureReports()).hasSize(1);
        assertThat(record.failureOptions()).containsExactly("1", "d", "s");
        assertThat(record.percent()).isEqualTo(OptionalInt.of(50));
        assertThat(record.reportIntervalSeconds()).isEqualTo(OptionalInt.of(3600));
    }

    @Test
    void whatIsWrongCountsAsAbsent() {
        DmarcRecord record = DmarcRecord.parse("v=DMARC1; p=reject; adkim=x; aspf; psd=z; t=maybe; fo=q; pct=101; =; ;;");
        assertThat(record.strictDkim()).isFalse();
        assertThat(record.publicSuffix()).isEqualTo(PublicSuffix.UNKNOWN);
        assertThat(record.testing()).isFalse();
        assertThat(record.failureOptions()).containsExactly("0");
        assertThat(record.percent()).isEmpty();
        assertThat(record.wrongPolicy()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            v=DMARC1; p=none            | true
            v=DMARC1                    | true
            v = DMARC1 ; p=none         | true
            v=dmarc1; p=none            | false
            V=DMARC1; p=none            | false
            v=DMARC2; p=none            | false
            v=DMARC1.0; p=none          | false
            p=none; v=DMARC1            | false
            ''                          | false
            """)
    void theVersionComesFirst(String text, boolean dmarc) {
        assertThat(DmarcRecord.isDmarc(text)).isEqualTo(dmarc);
    }

    @Test
    void theOldWayOfTestingIsUnderstood() {
        assertThat(DmarcRecord.parse("v=DMARC1; p=reject; pct=0").testing()).isTrue();
        assertThat(DmarcRecord.parse("v=DMARC1; p=reject; pct=0; t=n").testing()).isFalse();
        assertThat(DmarcRecord.parse("v=DMARC1; p=reject; pct=1").testing()).isFalse();
    }
}
