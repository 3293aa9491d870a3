package io.mailserver.spf;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.ZoneText;
import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7208 appendix A. */
class SpfExamplesTest {
    private static final String HOSTS = """
            $ORIGIN example.com.
            @           MX  10 mail-a
                        MX  20 mail-b
                        A   192.0.2.10
                        A   192.0.2.11
            amy         A   192.0.2.65
            bob         A   192.0.2.66
            mail-a      A   192.0.2.129
            mail-b      A   192.0.2.130
            www         CNAME example.com.
            $ORIGIN example.org.
            @           MX  10 mail-c
            mail-c      A   192.0.2.140
            $ORIGIN 2.0.192.in-addr.arpa.
            10          PTR example.com.
            11          PTR example.com.
            65          PTR amy.example.com.
            66          PTR bob.example.com.
            129         PTR mail-a.example.com.
            130         PTR mail-b.example.com.
            140         PTR mail-c.example.org.
            $ORIGIN 0.0.10.in-addr.arpa.
            4           PTR bob.example.com.
            $ORIGIN _spf.example.com.
            mary.mobile-users                   A 127.0.0.2
            fred.mobile-users                   A 127.0.0.2
            15.15.168.192.joel.remote-users     A 127.0.0.2
            16.15.168.192.joel.remote-users     A 127.0.0.2
            $ORIGIN .
            """;

    static SpfVerdict check(String zone, String ip, String mailFrom) {
        SpfChecker checker = new SpfChecker(new ZoneText(zone), new ManualTime(Instant.EPOCH), SpfLimits.DEFAULTS, "mx.test");
        return checker.checkMailFrom(new SpfRequest(InetAddress.ofLiteral(ip), "helo.example.com", mailFrom)).verdict();
    }

    @ParameterizedTest(name = "{0} from {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            v=spf1 +all                     | 203.0.113.9  | PASS
            v=spf1 a -all                   | 192.0.2.10   | PASS
            v=spf1 a -all                   | 192.0.2.11   | PASS
            v=spf1 a -all                   | 192.0.2.12   | FAIL
            v=spf1 a:example.org -all       | 192.0.2.140  | FAIL
            v=spf1 mx -all                  | 192.0.2.129  | PASS
            v=spf1 mx -all                  | 192.0.2.130  | PASS
            v=spf1 mx -all                  | 192.0.2.10   | FAIL
            v=spf1 mx:example.org -all      | 192.0.2.140  | PASS
            v=spf1 mx mx:example.org -all   | 192.0.2.130  | PASS
            v=spf1 mx mx:example.org -all   | 192.0.2.140  | PASS
            v=spf1 mx/30 mx:example.org/30 -all | 192.0.2.131 | PASS
            v=spf1 mx/30 mx:example.org/30 -all | 192.0.2.143 | PASS
            v=spf1 mx/30 mx:example.org/30 -all | 192.0.2.132 | FAIL
            v=spf1 ptr -all                 | 192.0.2.65   | PASS
            v=spf1 ptr -all                 | 192.0.2.140  | FAIL
            v=spf1 ptr -all                 | 10.0.0.4     | FAIL
            v=spf1 ip4:192.0.2.128/28 -all  | 192.0.2.65   | FAIL
            v=spf1 ip4:192.0.2.128/28 -all  | 192.0.2.129  | PASS
            """)
    void simpleExamples(String record, String ip, SpfVerdict verdict) {
        assertThat(check(HOSTS + "example.com TXT \"" + record + "\"", ip, "x@example.com")).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0} from {1}: {2}")
    @CsvSource({"example.org,192.0.2.10,PASS", "la.example.org,192.0.2.10,PASS", "ny.example.org,192.0.2.99,FAIL"})
    void severalDomains(String domain, String ip, SpfVerdict verdict) {
        String zone = HOSTS + """
                example.com    TXT "v=spf1 a -all"
                example.net    TXT "v=spf1 -all"
                example.org    TXT "v=spf1 include:example.com include:example.net -all"
                la.example.org TXT "v=spf1 redirect=example.org"
                ny.example.org TXT "v=spf1 redirect=example.org"
                """;
        assertThat(check(zone, ip, "x@" + domain)).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0} from {1}: {2}")
    @CsvSource({"mary,203.0.113.5,PASS", "fred+tag,203.0.113.5,PASS", "joel,192.168.15.15,PASS", "joel,192.168.15.17,FAIL",
        "eve,203.0.113.5,FAIL", "eve,192.0.2.129,PASS"})
    void listsInTheDns(String user, String ip, SpfVerdict verdict) {
        String zone = HOSTS + """
                example.com TXT "v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all"
                mobile-users._spf.example.com TXT "v=spf1 exists:%{l1r+}.%{d}"
                remote-users._spf.example.com TXT "v=spf1 exists:%{ir}.%{l1r+}.%{d}"
                """;
        assertThat(check(zone, ip, user + "@example.com")).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"192.0.2.65,PASS", "192.0.2.77,FAIL", "10.0.0.4,FAIL"})
    void severalRequirements(String ip, SpfVerdict verdict) {
        String zone = HOSTS + """
                example.com TXT "v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all"
                ip4._spf.example.com TXT "v=spf1 -ip4:192.0.2.0/24 +all"
                ptr._spf.example.com TXT "v=spf1 -ptr:example.com +all"
                """;
        assertThat(check(zone, ip, "x@example.com")).isEqualTo(verdict);
    }
}
