package io.mailserver.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailserver.base.Domain;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.PeerProcess;
import io.mailserver.simulation.ZoneText;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/**
 * libopendmarc's opinion on generated cases. Both know relaxed alignment, p and sp. It is of RFC 7489, so t, np and psd are left out; so is
 * strict alignment, where its answer depends on the length of labels: c.example.com is example.com to it, sub.example.com is not;
 * and so are several signatures, of which it lets one that fails, but is closer, hide one that passes.
 */
@Tag("peer")
class DmarcPeerTest {
    private static final int CASES = 300;
    private static final List<String> DOMAINS =
            List.of("example.com", "a.example.com", "b.a.example.com", "c.example.com", "other.com", "ample.com");

    private final Random random = new Random(20260102);
    private final ObjectMapper json = new ObjectMapper();
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));

    private record Case(String from, String spfDomain, SpfVerdict spf, List<DkimResult> dkim, String record) {
        Map<String, Object> data() {
            List<List<Object>> signatures = dkim.stream().map(each ->
                    List.<Object>of(each.domain().orElseThrow().ascii(), each.verdict() == DkimVerdict.PASS ? 1 : 2)).toList();
            return Map.of("from", from, "spf", List.of(spfDomain, spf == SpfVerdict.PASS ? 1 : 2), "dkim", signatures,
                    "record", record, "domain", "example.com");
        }
    }

    @Test
    void libopendmarcAgrees() throws Exception {
        assumeTrue(hasLibrary(), "missing: apt install libopendmarc2");
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            cases.add(make());
        }
        List<String> theirs = PeerProcess.python("/peers/opendmarc_cases.py",
                cases.stream().map(each -> json.writeValueAsString(each.data())).toList());
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            String ours = judge(cases.get(i));
            if (!ours.equals(theirs.get(i))) {
                differences.add(cases.get(i) + ": we say " + ours + ", libopendmarc " + theirs.get(i));
            }
        }
        assertThat(differences).isEmpty();
        assertThat(theirs).contains("pass", "reject", "quarantine", "none");
    }

    private Case make() {
        List<DkimResult> dkim = new ArrayList<>();
        if (random.nextBoolean()) {
            DkimVerdict verdict = random.nextBoolean() ? DkimVerdict.PASS : DkimVerdict.FAIL;
            dkim.add(new DkimResult(verdict, "", Optional.of(new Domain(pick(DOMAINS))), "s", "", "rsa-sha256", "", false, 0));
        }
        String record = "v=DMARC1; p=" + pick(List.of("none", "quarantine", "reject"))
                + pick(List.of("", "; sp=none", "; sp=quarantine", "; sp=reject"))
                + pick(List.of("", "; adkim=r")) + pick(List.of("", "; aspf=r"));
        return new Case(pick(DOMAINS.subList(0, 3)), pick(DOMAINS), random.nextBoolean() ? SpfVerdict.PASS : SpfVerdict.FAIL, dkim, record);
    }

    private String judge(Case given) {
        ZoneText zone = new ZoneText("""
                _dmarc.example.com TXT "%s"
                a.example.com A 192.0.2.1
                b.a.example.com A 192.0.2.1
                """.formatted(given.record()));
        SpfResult spf = new SpfResult(given.spf(), SpfResult.Identity.MAIL_FROM, given.spfDomain(), Optional.empty(), Optional.empty(), "",
                List.of());
        DmarcResult result = new DmarcChecker(zone, time, DmarcLimits.DEFAULTS)
                .check(new AuthorDomains(List.of(new Domain(given.from())), 0), spf, given.dkim());
        return result.verdict() == DmarcVerdict.PASS ? "pass" : result.applied().word();
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static boolean hasLibrary() throws Exception {
        return PeerProcess.run("import ctypes; ctypes.CDLL('libopendmarc.so.2')".getBytes(StandardCharsets.US_ASCII),
                List.of("/usr/bin/python3", "-")).exitCode() == 0;
    }
}
