package io.mailserver.spf;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.ZoneText;
import io.mailserver.spf.SpfResult.Identity;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every section of RFC 7208 with its corners. Records are those of {@code d.example}; the client is 192.0.2.1 unless named. */
class SpfCheckerTest {
    private static final String ZONE = """
            a.example          A 192.0.2.1
            a.example          AAAA 2001:db8::1
            net.example        A 192.0.2.200
            six.example        AAAA 2001:db8:1::1
            mx.example         MX 10 a.example
            mx.example         MX 5 net.example
            nullmx.example     MX 0 .
            alias.example      CNAME a.example
            onlytxt.example    TXT "hello"
            pass.example       TXT "v=spf1 +all"
            fail.example       TXT "v=spf1 -all exp=exp.example"
            soft.example       TXT "v=spf1 ~all"
            neutral.example    TXT "v=spf1 ?all"
            broken.example     TXT "v=spf1 moo"
            two.example        TXT "v=spf1 +all"
            two.example        TXT "v=spf1 -all"
            mixed.example      TXT "v=spf10 -all"
            mixed.example      TXT "v=spf1 +all"
            mixed.example      TXT "V=SPF1"
            split.example      TXT "v=spf1 ip4:192.0" ".2.1 -all"
            loop.example       TXT "v=spf1 include:loop.example"
            loop2.example      TXT "v=spf1 redirect=loop2.example"
            exp.example        TXT "%{i} may not send for %{d}, says %{o}"
            exp2.example       TXT "one"
            exp2.example       TXT "two"
            badexp.example     TXT "%{q}"
            1.2.0.192.in-addr.arpa PTR mail.d.example
            mail.d.example     A 192.0.2.1
            $SERVFAIL          servfail.example
            $TIMEOUT           timeout.example
            $BOGUS             bogus.example
            """;

    /** Record and verdict. */
    private static final String VERDICTS = """
            # §4.5, §4.6.1 the record and its terms
            v=spf1                                 | NEUTRAL
            v=spf1 -all                            | FAIL
            V=sPf1 -ALL                            | FAIL
            v=spf1   ?all                          | NEUTRAL
            v=spf1 ~all                            | SOFTFAIL
            v=spf1 -all                            | FAIL
            v=spf10 -all                           | NONE
            v=spf1; -all                           | NONE
            v=spf1 moo                             | PERMERROR
            v=spf1 +all moo                        | PERMERROR
            v=spf1 all:x.example                   | PERMERROR
            v=spf1 all/8                           | PERMERROR
            v=spf1 all.                            | PERMERROR
            v=spf1 --all                           | PERMERROR
            v=spf1 =x -all                         | PERMERROR
            v=spf1 x=%{d} y= Z-9._=a:b/c -all      | FAIL
            v=spf1 x=%{q} -all                     | PERMERROR
            v=spf1 x=% -all                        | PERMERROR
            v=spf1 9=x -all                        | PERMERROR
            # §5.2 include
            v=spf1 include:pass.example -all       | PASS
            v=spf1 ~include:pass.example -all      | SOFTFAIL
            v=spf1 include:fail.example ?all       | NEUTRAL
            v=spf1 include:soft.example ?all       | NEUTRAL
            v=spf1 include:neutral.example -all    | FAIL
            v=spf1 include:broken.example +all     | PERMERROR
            v=spf1 include:nowhere.example +all    | PERMERROR
            v=spf1 include:servfail.example +all   | TEMPERROR
            v=spf1 include +all                    | PERMERROR
            v=spf1 include: +all                   | PERMERROR
            v=spf1 include:pass.example/24 +all    | PERMERROR
            v=spf1 include:a..example +all         | PERMERROR
            v=spf1 include:loop.example +all       | PERMERROR
            # §5.3 a
            v=spf1 a:a.example -all                | PASS
            v=spf1 a:alias.example -all            | PASS
            v=spf1 a:net.example -all              | FAIL
            v=spf1 a:net.example/24 -all           | PASS
            v=spf1 a:net.example/0 -all            | PASS
            v=spf1 a:net.example/24//64 -all       | PASS
            v=spf1 a:net.example//0 -all           | FAIL
            v=spf1 a:net.example/33 -all           | PERMERROR
            v=spf1 a:net.example/024 -all          | PERMERROR
            v=spf1 a:net.example/ -all             | PERMERROR
            v=spf1 a:net.example//129 -all         | PERMERROR
            v=spf1 a:net.example/24/64 -all        | PERMERROR
            v=spf1 a:net.example//64/24 -all       | PERMERROR
            v=spf1 a: -all                         | PERMERROR
            v=spf1 a:a.example:25 -all             | PERMERROR
            v=spf1 a:111.222 -all                  | PERMERROR
            v=spf1 a=x -all                        | FAIL
            v=spf1 a:servfail.example +all         | TEMPERROR
            v=spf1 a:timeout.example +all          | TEMPERROR
            v=spf1 a:bogus.example +all            | TEMPERROR
            v=spf1 a:nowhere.example +all          | PASS
            v=spf1 a:a..example +all               | PASS
            # §5.4 mx
            v=spf1 mx:mx.example -all              | PASS
            v=spf1 mx:a.example -all               | FAIL
            v=spf1 mx:nullmx.example -all          | FAIL
            v=spf1 mx:servfail.example +all        | TEMPERROR
            v=spf1 mx/24:mx.example -all           | PERMERROR
            # §5.5 ptr
            v=spf1 ptr -all                        | PASS
            v=spf1 ptr:example -all                | PERMERROR
            v=spf1 ptr:d.example -all              | PASS
            v=spf1 ptr:other.example -all          | FAIL
            v=spf1 ptr: -all                       | PERMERROR
            v=spf1 ptr/24 -all                     | PERMERROR
            # §5.6 ip4, ip6
            v=spf1 ip4:192.0.2.1 -all              | PASS
            v=spf1 IP4:192.0.2.128/24 -all         | PASS
            v=spf1 ip4:192.0.2.128/25 -all         | FAIL
            v=spf1 ip4:0.0.0.0/0 -all              | PASS
            v=spf1 ip4:192.0.2 -all                | PERMERROR
            v=spf1 ip4:192.0.2.01 -all             | PERMERROR
            v=spf1 ip4:192.0.2.256 -all            | PERMERROR
            v=spf1 ip4:192.0.2.1/33 -all           | PERMERROR
            v=spf1 ip4:192.0.2.1/ -all             | PERMERROR
            v=spf1 ip4:192.0.2.1//32 -all          | PERMERROR
            v=spf1 ip4:192.0.2.1:25 -all           | PERMERROR
            v=spf1 ip4 -all                        | PERMERROR
            v=spf1 ip4/24 -all                     | PERMERROR
            v=spf1 ip4:2001:db8::1 -all            | PERMERROR
            v=spf1 ip6:192.0.2.1 -all              | PERMERROR
            v=spf1 ip6:[2001:db8::1] -all          | PERMERROR
            v=spf1 ip6:2001:db8::1%1 -all          | PERMERROR
            v=spf1 ip6:2001:db8::1::1 -all         | PERMERROR
            v=spf1 ip6:::/0 -all                   | FAIL
            # §5.7 exists
            v=spf1 exists:a.example -all           | PASS
            v=spf1 exists:six.example -all         | FAIL
            v=spf1 exists:%{i}.example -all        | FAIL
            v=spf1 exists -all                     | PERMERROR
            v=spf1 exists:a.example/24 -all        | PERMERROR
            v=spf1 exists:%{l}.%{d} -all           | FAIL
            # §6.1 redirect
            v=spf1 redirect=pass.example           | PASS
            v=spf1 redirect=fail.example           | FAIL
            v=spf1 redirect=pass.example -all      | FAIL
            v=spf1 redirect=pass.example a:a.example | PASS
            v=spf1 redirect=nowhere.example        | PERMERROR
            v=spf1 redirect=a..example             | PERMERROR
            v=spf1 redirect=loop2.example          | PERMERROR
            v=spf1 redirect=pass.example redirect=pass.example | PERMERROR
            v=spf1 redirect= -all                  | PERMERROR
            v=spf1 redirect:pass.example           | PERMERROR
            # §6.2 exp
            v=spf1 exp=exp.example exp=exp.example -all | PERMERROR
            v=spf1 exp= -all                       | PERMERROR
            v=spf1 exp=%{q}.example -all           | PERMERROR
            v=spf1 exp=servfail.example -all       | FAIL
            """;

    private final ManualTime time = new ManualTime(Instant.EPOCH);

    private SpfResult check(Resolver resolver, String ip, String helo, String mailFrom) {
        return new SpfChecker(resolver, time, SpfLimits.DEFAULTS, "mx.test")
                .checkMailFrom(new SpfRequest(InetAddress.ofLiteral(ip), helo, mailFrom));
    }

    private SpfResult check(String record, String ip) {
        return check(new ZoneText(ZONE + "d.example TXT \"" + record + "\""), ip, "helo.example", "user@d.example");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = VERDICTS)
    void verdicts(String record, SpfVerdict verdict) {
        SpfResult result = check(record, "192.0.2.1");
        assertThat(result.verdict()).as(result.problem()).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0} from {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            v=spf1 ip6:2001:db8::/32 -all          | 2001:db8::5      | PASS
            v=spf1 ip6:2001:db8::/127 -all         | 2001:db8::1      | PASS
            v=spf1 ip6:2001:db8::/127 -all         | 2001:db8::2      | FAIL
            v=spf1 ip4:0.0.0.0/0 -all              | 2001:db8::2      | FAIL
            v=spf1 a:a.example -all                | 2001:db8::1      | PASS
            v=spf1 a:a.example//64 -all            | 2001:db8::2      | PASS
            v=spf1 a:a.example/0 -all              | 2001:db8::2      | FAIL
            v=spf1 exists:a.example -all           | 2001:db8::2      | PASS
            v=spf1 ip4:192.0.2.0/24 -all           | ::ffff:192.0.2.9 | PASS
            """)
    void verdictsForIpv6Clients(String record, String ip, SpfVerdict verdict) {
        assertThat(check(record, ip).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "<{0}> helo {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            u@pass.example        | h.example     | PASS
            u@PASS.Example.       | h.example     | PASS
            ''                    | pass.example  | PASS
            ''                    | localhost     | NONE
            ''                    | [192.0.2.1]   | NONE
            u@[192.0.2.1]         | pass.example  | NONE
            u@example             | pass.example  | NONE
            u@a..example          | pass.example  | NONE
            u@nowhere.example     | pass.example  | NONE
            u@onlytxt.example     | pass.example  | NONE
            u@two.example         | pass.example  | PERMERROR
            u@mixed.example       | pass.example  | PERMERROR
            u@split.example       | pass.example  | PASS
            u@servfail.example    | pass.example  | TEMPERROR
            u@timeout.example     | pass.example  | TEMPERROR
            "a@b"@pass.example    | h.example     | PASS
            @pass.example         | h.example     | PASS
            pass.example          | h.example     | PASS
            """)
    void identities(String mailFrom, String helo, SpfVerdict verdict) {
        assertThat(check(new ZoneText(ZONE), "192.0.2.1", helo, mailFrom).verdict()).isEqualTo(verdict);
    }

    @Test
    void heloIsCheckedAsAnIdentityOfItsOwn() {
        SpfChecker checker = new SpfChecker(new ZoneText(ZONE), time, SpfLimits.DEFAULTS, "mx.test");
        SpfResult result = checker.checkHelo(new SpfRequest(InetAddress.ofLiteral("192.0.2.1"), "fail.example", "u@pass.example"));
        assertThat(result.verdict()).isEqualTo(SpfVerdict.FAIL);
        assertThat(result.identity()).isEqualTo(Identity.HELO);
        assertThat(result.mechanism()).contains("-all");
    }

    @Test
    void tenTermsMayAskTheDnsAndNotEleven() {
        String fine = IntStream.range(0, 10).mapToObj(i -> "a:net.example").collect(Collectors.joining(" "));
        assertThat(check(new ZoneText(ZONE + "d.example TXT \"v=spf1 " + fine + " -all\""), "192.0.2.1", "h", "u@d.example").verdict())
                .isEqualTo(SpfVerdict.FAIL);
        assertThat(check(new ZoneText(ZONE + "d.example TXT \"v=spf1 " + fine + " mx:mx.example -all\""), "192.0.2.1", "h", "u@d.example")
                .verdict()).isEqualTo(SpfVerdict.PERMERROR);
    }

    @Test
    void theElevenTermsAreCountedAcrossIncludesAndRedirects() {
        String zone = ZONE + """
                i.example TXT "v=spf1 a:net.example a:net.example a:net.example a:net.example ?all"
                r.example TXT "v=spf1 include:i.example a:net.example a:net.example -all"
                d.example TXT "v=spf1 include:i.example redirect=r.example"
                """;
        assertThat(check(new ZoneText(zone), "192.0.2.1", "h", "u@d.example").problem()).contains("more than 10");
    }

    @Test
    void twoLookupsMayFindNothingAndNotThree() {
        assertThat(check("v=spf1 a:no1.example mx:no2.example +all", "192.0.2.1").verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(check("v=spf1 a:no1.example mx:no2.example exists:no3.example +all", "192.0.2.1").verdict())
                .isEqualTo(SpfVerdict.PERMERROR);
    }

    @Test
    void tenMailExchangesAreLookedAtAndNotEleven() {
        String ten = IntStream.range(0, 10).mapToObj(i -> "many.example MX " + (i == 9 ? "99 a.example" : i + " net.example") + "\n")
                .distinct().collect(Collectors.joining());
        String record = "d.example TXT \"v=spf1 mx:many.example -all\"\n";
        assertThat(check(new ZoneText(ZONE + ten + record), "192.0.2.1", "h", "u@d.example").verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(check(new ZoneText(ZONE + ten + "many.example MX 50 net.example\n" + record), "192.0.2.1", "h", "u@d.example").verdict())
                .isEqualTo(SpfVerdict.PERMERROR);
    }

    @Test
    void onlyTenNamesOfTheClientAreTried() {
        String names = IntStream.range(0, 12).mapToObj(i -> "7.2.0.192.in-addr.arpa PTR h" + i + ".d.example\n"
                + "h" + i + ".d.example A 192.0.2." + (i == 11 ? 7 : 99) + "\n").collect(Collectors.joining());
        String record = "d.example TXT \"v=spf1 ptr -all\"\n";
        assertThat(check(new ZoneText(ZONE + names + record), "192.0.2.7", "h", "u@d.example").verdict()).isEqualTo(SpfVerdict.FAIL);
        assertThat(check(new ZoneText(ZONE + names.replace("h0.d.example A 192.0.2.99", "h0.d.example A 192.0.2.7") + record),
                "192.0.2.7", "h", "u@d.example").verdict()).isEqualTo(SpfVerdict.PASS);
    }

    @Test
    void failuresWhileLookingForTheClientsNamesMatchNothing() {
        String zone = ZONE + "9.2.0.192.in-addr.arpa PTR x.servfail.example\n8.2.0.192.in-addr.arpa CNAME p.servfail.example\n"
                + "d.example TXT \"v=spf1 ptr ~all\"";
        assertThat(check(new ZoneText(zone), "192.0.2.9", "h", "u@d.example").verdict()).isEqualTo(SpfVerdict.SOFTFAIL);
        assertThat(check(new ZoneText(zone), "192.0.2.8", "h", "u@d.example").verdict()).isEqualTo(SpfVerdict.SOFTFAIL);
    }

    @Test
    void theExplanationIsThatOfTheDomainThatFails() {
        assertThat(check("v=spf1 -all exp=exp.example", "192.0.2.1").explanation())
                .contains("192.0.2.1 may not send for d.example, says d.example");
        assertThat(check("v=spf1 redirect=fail.example exp=none.example", "192.0.2.1").explanation())
                .contains("192.0.2.1 may not send for fail.example, says d.example");
        assertThat(check("v=spf1 include:fail.example -all", "192.0.2.1").explanation()).isEmpty();
        assertThat(check("v=spf1 ~all exp=exp.example", "192.0.2.1").explanation()).isEmpty();
    }

    @Test
    void aWrongExplanationIsNone() {
        assertThat(check("v=spf1 -all exp=exp2.example", "192.0.2.1").explanation()).isEmpty();
        assertThat(check("v=spf1 -all exp=badexp.example", "192.0.2.1").explanation()).isEmpty();
        assertThat(check("v=spf1 -all exp=nowhere.example", "192.0.2.1").explanation()).isEmpty();
    }

    @Test
    void longNamesLoseTheirLeftLabels() {
        String zone = ZONE + "d.example TXT \"v=spf1 exists:" + "%{d}.".repeat(30) + "a.example -all\"\n*.a.example A 192.0.2.7\n";
        assertThat(check(new ZoneText(zone), "192.0.2.1", "h", "u@d.example").verdict()).isEqualTo(SpfVerdict.PASS);
    }

    @Test
    void localPartsOutsideAsciiMatchNothing() {
        ZoneText zone = new ZoneText(ZONE + "d.example TXT \"v=spf1 exists:%{l}.a.example ~all\"\n*.a.example A 192.0.2.7\n");
        assertThat(check(zone, "192.0.2.1", "h", "jörg@d.example").verdict()).isEqualTo(SpfVerdict.SOFTFAIL);
        assertThat(check(zone, "192.0.2.1", "h", "joerg@d.example").verdict()).isEqualTo(SpfVerdict.PASS);
    }

    @Test
    void unicodeDomainsAreAskedAsALabels() {
        ZoneText zone = new ZoneText("xn--bcher-kva.example TXT \"v=spf1 +all\"");
        assertThat(check(zone, "192.0.2.1", "h", "u@bücher.example").verdict()).isEqualTo(SpfVerdict.PASS);
    }

    @Test
    void aSlowDnsEndsTheCheckInTime() {
        ZoneText zone = new ZoneText(ZONE + "d.example TXT \"v=spf1 a:net.example a:net.example a:net.example +all\"");
        Resolver slow = new Resolver() {
            @Override
            public <R extends Rdata> Answer<R> resolve(DnsName name, RecordType<R> type, Duration within) {
                time.advance(Duration.ofSeconds(8));
                return zone.resolve(name, type, within);
            }
        };
        SpfResult result = check(slow, "192.0.2.1", "h", "u@d.example");
        assertThat(result.verdict()).isEqualTo(SpfVerdict.TEMPERROR);
        assertThat(result.problem()).contains("longer than 20 s");
    }

    @Test
    void theEvidenceNamesEveryTermLookedAt() {
        SpfResult result = check("v=spf1 a:net.example include:neutral.example -all", "192.0.2.1");
        assertThat(result.evidence()).extracting(step -> step.domain() + " " + step.term() + ": " + step.outcome()).containsExactly(
                "d.example record: v=spf1 a:net.example include:neutral.example -all",
                "d.example a:net.example: no match",
                "neutral.example record: v=spf1 ?all",
                "neutral.example ?all: match",
                "d.example include:neutral.example: no match",
                "d.example -all: match");
    }

    @Test
    void recordsWithOtherThanVisibleAsciiAreWrong() {
        assertThat(check("v=spf1 a:\\195\\164.example -all", "192.0.2.1").verdict()).isEqualTo(SpfVerdict.PERMERROR);
        assertThat(check("v=spf1\\009-all", "192.0.2.1").verdict()).isEqualTo(SpfVerdict.NONE);
    }
}
