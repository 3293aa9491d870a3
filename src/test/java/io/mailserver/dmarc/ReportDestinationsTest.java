package io.mailserver.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.simulation.ZoneText;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9990 §4. */
class ReportDestinationsTest {
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            rua=mailto:a@example.com                          | their own             | a@example.com
            rua=mailto:a@reports.example.com                  | within the domain     | a@reports.example.com
            rua=mailto:a@example.com!10m,mailto:b@example.com | several, old sizes    | a@example.com b@example.com
            rua=mailto:a@agreed.example                       | elsewhere, agreed     | a@agreed.example
            rua=mailto:a@any.example                          | elsewhere, wildcard   | a@any.example
            rua=mailto:a@victim.example                       | elsewhere, not agreed | ''
            rua=mailto:a@moved.example                        | another address there | new@moved.example
            rua=mailto:a@astray.example                       | names somebody else   | ''
            rua=mailto:a@silent.example                       | no answer             | ''
            rua=https://example.com/x                         | no mail               | ''
            ruf=mailto:a@example.com                          | no aggregates wanted  | ''
            """)
    void whoWantsAndAgrees(String rua, String name, String expected) {
        ZoneText zone = new ZoneText("""
                _dmarc.example.com TXT "v=DMARC1; p=none; %s"
                example.com._report._dmarc.agreed.example TXT "v=DMARC1"
                *._report._dmarc.any.example TXT "v=DMARC1;"
                example.com._report._dmarc.moved.example TXT "v=DMARC1; rua=mailto:new@moved.example"
                example.com._report._dmarc.astray.example TXT "v=DMARC1; rua=mailto:new@victim.example"
                $SERVFAIL silent.example
                """.formatted(rua));
        List<String> wanted = expected.isEmpty() ? List.of() : List.of(expected.split(" ", -1));
        assertThat(new ReportDestinations(zone).of(new Domain("example.com"))).isEqualTo(wanted);
    }
}
