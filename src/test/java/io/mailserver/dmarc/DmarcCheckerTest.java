package io.mailserver.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.ZoneText;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DmarcCheckerTest {
    private static final String ZONE = """
            _dmarc.reject.example        TXT "v=DMARC1; p=reject; sp=quarantine; np=none"
            there.reject.example         A 192.0.2.1
            own.reject.example           A 192.0.2.1
            _dmarc.own.reject.example    TXT "v=DMARC1; p=none"
            _dmarc.strict.example        TXT "v=DMARC1; p=reject; adkim=s; aspf=s"
            _dmarc.test.example          TXT "v=DMARC1; p=reject; t=y"
            _dmarc.test2.example         TXT "v=DMARC1; p=quarantine; t=y"
            _dmarc.nop.example           TXT "v=DMARC1; rua=mailto:a@nop.example"
            _dmarc.nop2.example          TXT "v=DMARC1"
            _dmarc.badsp.example         TXT "v=DMARC1; p=reject; sp=junk"
            _dmarc.two.example           TXT "v=DMARC1; p=reject"
            _dmarc.two.example           TXT "v=DMARC1; p=none"
            _dmarc.other.example         TXT "v=DMARC1; p=quarantine"
            _dmarc.bank                  TXT "v=DMARC1; p=reject; psd=y; np=reject; sp=quarantine"
            there.bank                   A 192.0.2.1
            _dmarc.inner.bank            TXT "v=DMARC1; p=none"
            _dmarc.org.own.example       TXT "v=DMARC1; p=none; psd=n"
            _dmarc.own.example           TXT "v=DMARC1; p=reject"
            $SERVFAIL _dmarc.down.example
            $SERVFAIL _dmarc.sub.half.example
            $TIMEOUT  unknown.reject.example
            $SERVFAIL _dmarc.parent-down.test
            _dmarc.x.parent-down.test    TXT "v=DMARC1; p=reject"
            _dmarc.half.example          TXT "v=DMARC1; p=reject"
            """;

    private final ZoneText zone = new ZoneText(ZONE);

    private static SpfResult spf(String spec) {
        String[] words = spec.split(" ", 2);
        return new SpfResult(SpfVerdict.valueOf(words[0]), SpfResult.Identity.MAIL_FROM, words[1], Optional.empty(), Optional.empty(), "",
                List.of());
    }

    private static DkimResult dkim(String spec, long unsignedOctets) {
        String[] words = spec.split(" ", 2);
        return new DkimResult(DkimVerdict.valueOf(words[0]), "", Domain.parse(words[1]), "s", "@" + words[1], "rsa-sha256", "", false,
                unsignedOctets);
    }

    private DmarcResult check(String authors, String spf, DkimResult... dkim) {
        List<Domain> domains = List.of(authors.split(" ", -1)).stream().map(name -> Domain.parse(name).orElseThrow()).toList();
        return new DmarcChecker(zone, new ManualTime(Instant.EPOCH), DmarcLimits.DEFAULTS)
                .check(new AuthorDomains(domains, 0), spf(spf), List.of(dkim));
    }

    @ParameterizedTest(name = "{0}, SPF {1}, DKIM {2}: {3} {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # alignment
            reject.example          | PASS reject.example      | NONE x.example            | PASS      | NONE
            reject.example          | FAIL reject.example      | PASS reject.example       | PASS      | NONE
            reject.example          | FAIL reject.example      | NONE x.example            | FAIL      | REJECT
            reject.example          | PASS there.reject.example| NONE x.example            | PASS      | NONE
            there.reject.example    | PASS reject.example      | NONE x.example            | PASS      | NONE
            there.reject.example    | NONE x.example           | PASS a.b.reject.example   | PASS      | NONE
            reject.example          | PASS other.example       | PASS badreject.example    | FAIL      | REJECT
            reject.example          | SOFTFAIL reject.example  | FAIL reject.example       | FAIL      | REJECT
            strict.example          | PASS sub.strict.example  | PASS sub.strict.example   | FAIL      | REJECT
            strict.example          | PASS strict.example      | NONE x.example            | PASS      | NONE
            # policy of subdomains
            there.reject.example    | NONE x.example           | NONE x.example            | FAIL      | QUARANTINE
            absent.reject.example   | NONE x.example           | NONE x.example            | FAIL      | NONE
            own.reject.example      | NONE x.example           | NONE x.example            | FAIL      | NONE
            unknown.reject.example  | NONE x.example           | NONE x.example            | TEMPERROR | NONE
            a.strict.example        | NONE x.example           | NONE x.example            | FAIL      | REJECT
            # test mode
            test.example            | NONE x.example           | NONE x.example            | FAIL      | QUARANTINE
            test2.example           | NONE x.example           | NONE x.example            | FAIL      | NONE
            # records that are wrong or none
            nop.example             | NONE x.example           | NONE x.example            | FAIL      | NONE
            nop2.example            | NONE x.example           | NONE x.example            | NONE      | NONE
            badsp.example           | NONE x.example           | NONE x.example            | NONE      | NONE
            two.example             | NONE x.example           | NONE x.example            | NONE      | NONE
            nowhere.example         | PASS nowhere.example     | NONE x.example            | NONE      | NONE
            # public suffixes and organizations
            absent.bank             | NONE x.example           | NONE x.example            | FAIL      | REJECT
            there.bank              | NONE x.example           | NONE x.example            | FAIL      | QUARANTINE
            there.bank              | PASS absent.bank         | NONE x.example            | FAIL      | QUARANTINE
            a.there.bank            | PASS b.there.bank        | NONE x.example            | PASS      | NONE
            inner.bank              | NONE x.example           | NONE x.example            | FAIL      | NONE
            a.org.own.example       | PASS org.own.example     | NONE x.example            | PASS      | NONE
            a.org.own.example       | PASS own.example         | NONE x.example            | FAIL      | NONE
            own.example             | PASS a.org.own.example   | NONE x.example            | FAIL      | REJECT
            # the DNS fails
            down.example            | PASS down.example        | NONE x.example            | TEMPERROR | NONE
            reject.example          | TEMPERROR reject.example | NONE x.example            | TEMPERROR | NONE
            reject.example          | TEMPERROR reject.example | PASS reject.example       | PASS      | NONE
            reject.example          | FAIL reject.example      | TEMPERROR reject.example  | TEMPERROR | NONE
            reject.example          | TEMPERROR other.example  | TEMPERROR other.example   | FAIL      | REJECT
            half.example            | PASS sub.half.example    | NONE x.example            | TEMPERROR | NONE
            x.parent-down.test      | PASS x.parent-down.test  | NONE x.example            | PASS      | NONE
            x.parent-down.test      | PASS y.parent-down.test  | NONE x.example            | TEMPERROR | NONE
            y.parent-down.test      | PASS y.parent-down.test  | NONE x.example            | TEMPERROR | NONE
            # several authors
            reject.example other.example | PASS reject.example | NONE x.example            | FAIL      | QUARANTINE
            other.example reject.example | NONE x.example      | NONE x.example            | FAIL      | REJECT
            reject.example other.example | PASS reject.example | PASS other.example        | PASS      | NONE
            """)
    void verdicts(String authors, String spf, String dkim, DmarcVerdict verdict, DmarcPolicy applied) {
        DmarcResult result = check(authors, spf, dkim(dkim, 0));
        assertThat(result.verdict()).as("%s", result).isEqualTo(verdict);
        assertThat(result.applied()).as("%s", result).isEqualTo(applied);
    }

    @Test
    void oneGoodSignatureOfSeveralIsEnough() {
        assertThat(check("reject.example", "NONE x.example", dkim("FAIL reject.example", 0), dkim("PASS other.example", 0),
                dkim("PASS reject.example", 0)).verdict()).isEqualTo(DmarcVerdict.PASS);
    }

    @Test
    void aSignatureThatLeavesOutContentDoesNotCount() {
        assertThat(check("reject.example", "NONE x.example", dkim("PASS reject.example", 17)).verdict()).isEqualTo(DmarcVerdict.FAIL);
    }

    @Test
    void withoutAnAuthorThereIsNothingToCheck() {
        DmarcChecker checker = new DmarcChecker(zone, new ManualTime(Instant.EPOCH), DmarcLimits.DEFAULTS);
        assertThat(checker.check(new AuthorDomains(List.of(), 1), spf("PASS x.example"), List.of()).verdict())
                .isEqualTo(DmarcVerdict.PERMERROR);
        Domain reject = Domain.parse("reject.example").orElseThrow();
        assertThat(checker.check(new AuthorDomains(List.of(reject), 1), spf("PASS reject.example"), List.of()).verdict())
                .isEqualTo(DmarcVerdict.PERMERROR);
    }

    @Test
    void theResultNamesWhereThePolicyCameFrom() {
        DmarcResult result = check("a.there.bank", "NONE x.example");
        assertThat(result.policyDomain()).map(Domain::ascii).contains("bank");
        assertThat(result.organizationalDomain()).map(Domain::ascii).contains("there.bank");
        assertThat(result.requested()).contains(DmarcPolicy.REJECT);
    }

    /** RFC 9989 §4.10. */
    @Test
    void longNamesAreWalkedInEightQuestions() {
        assertThat(TreeWalk.targets(Domain.parse("a.b.c.d.e.f.g.h.i.j.mail.example.com").orElseThrow())).extracting(Domain::ascii)
                .containsExactly("a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com",
                        "i.j.mail.example.com", "j.mail.example.com", "mail.example.com", "example.com", "com");
        assertThat(TreeWalk.targets(Domain.parse("a.example.com").orElseThrow())).extracting(Domain::ascii)
                .containsExactly("a.example.com", "example.com", "com");
    }

    @Test
    void unrelatedIdentifiersCostNoQuestions() {
        check("reject.example", "PASS other.example", dkim("PASS nowhere.test", 0));
        assertThat(zone.asked()).containsExactly("_dmarc.reject.example TXT", "_dmarc.example TXT");
    }
}
