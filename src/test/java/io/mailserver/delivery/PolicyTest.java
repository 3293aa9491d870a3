package io.mailserver.delivery;

import static io.mailserver.dmarc.DmarcPolicy.NONE;
import static io.mailserver.dmarc.DmarcPolicy.QUARANTINE;
import static io.mailserver.dmarc.DmarcPolicy.REJECT;
import static io.mailserver.dmarc.DmarcVerdict.FAIL;
import static io.mailserver.dmarc.DmarcVerdict.PASS;
import static io.mailserver.dmarc.DmarcVerdict.PERMERROR;
import static io.mailserver.dmarc.DmarcVerdict.TEMPERROR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Reply;
import io.mailserver.spf.SpfVerdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PolicyTest {
    private static final String TRUST = "[lists.example]";
    private static final String GOOD = "dmarc=pass header.from=author.example";

    /** A line of a table: what is known, the configuration, and "verdict rule". */
    private record Line(String what, EvidenceFixture evidence, Map<String, String> config, String verdict) {
        DynamicTest test() {
            return DynamicTest.dynamicTest(what + " -> " + verdict, () -> {
                Verdict decided = new Policy(ChecksConfig.of(config), SpamConfig.defaults()).decide(evidence.get(),
                        Optional.of(recipient()));
                assertThat(decided.word() + " " + decided.rule()).isEqualTo(verdict);
            });
        }
    }

    private static Address recipient() {
        return Address.of("alice", new Domain("example.com"));
    }

    private static EvidenceFixture mail() {
        return new EvidenceFixture();
    }

    private static EvidenceFixture spoofed() {
        return mail().dmarc(FAIL, REJECT);
    }

    private static Line line(String what, EvidenceFixture evidence, String verdict) {
        return new Line(what, evidence, Map.of(), verdict);
    }

    private static Line line(String what, EvidenceFixture evidence, Map<String, String> config, String verdict) {
        return new Line(what, evidence, config, verdict);
    }

    @TestFactory
    List<DynamicTest> whatTheOwnerAsksFor() {
        return List.of(
                line("proven", mail().dmarc(PASS, REJECT), "accept no-objection"),
                line("no policy", mail().dmarc(DmarcVerdict.NONE), "accept no-objection"),
                line("no author", mail().dmarc(PERMERROR), "accept no-objection"),
                line("SPF alone never refuses", mail().spf(SpfVerdict.FAIL).dmarc(DmarcVerdict.NONE), "accept no-objection"),
                line("p=none", mail().dmarc(FAIL, NONE), "accept no-objection"),
                line("p=quarantine", mail().dmarc(FAIL, QUARANTINE), "junk dmarc-quarantine"),
                line("p=quarantine of a list's", mail().dmarc(FAIL, QUARANTINE).list(), "junk dmarc-quarantine"),
                line("p=quarantine tested", mail().dmarc(FAIL, QUARANTINE).testing(), "accept no-objection"),
                line("p=reject", spoofed(), "reject dmarc-reject"),
                line("p=reject tested", spoofed().testing(), "junk dmarc-quarantine"),
                line("p=reject of a list's", spoofed().list(), "junk mailing-list"),
                line("p=reject of a list's, configured", spoofed().list(), Map.of("reject-lists", "true"), "reject dmarc-reject"),
                line("a header without end", mail().headerCut(), "reject header-too-large"))
                .stream().map(Line::test).toList();
    }

    @TestFactory
    List<DynamicTest> whatIsUnknown() {
        return List.of(
                line("with p=reject", mail().dmarc(TEMPERROR, REJECT), "defer dmarc-unknown"),
                line("of a list's with p=reject", mail().dmarc(TEMPERROR, REJECT).list(), "accept no-objection"),
                line("with p=quarantine", mail().dmarc(TEMPERROR, QUARANTINE), "accept no-objection"),
                line("with an unknown policy", mail().dmarc(TEMPERROR), "defer dmarc-unknown"),
                line("without any DNS, from afar", mail().dmarc(TEMPERROR).dnsDead(), "defer dmarc-unknown"),
                line("without any DNS, from near", mail().dmarc(TEMPERROR).dnsDead().client("10.1.2.3"), "accept no-objection"),
                line("from near, with DNS", mail().dmarc(TEMPERROR).client("127.0.0.1"), "defer dmarc-unknown"),
                line("where nothing is refused", mail().dmarc(TEMPERROR), Map.of("mode", "quarantine"), "accept no-objection"))
                .stream().map(Line::test).toList();
    }

    @TestFactory
    List<DynamicTest> modes() {
        Map<String, String> other = Map.of("mode", "report", "modes", "[{domain: example.com, mode: enforce}]");
        return List.of(
                line("quarantine", spoofed(), Map.of("mode", "quarantine"), "junk mode"),
                line("report", spoofed(), Map.of("mode", "report"), "accept mode"),
                line("report of p=quarantine", mail().dmarc(FAIL, QUARANTINE), Map.of("mode", "report"), "accept mode"),
                line("of the recipient's domain", spoofed(), other, "reject dmarc-reject"),
                line("of another domain", spoofed(), Map.of("modes", "[{domain: example.org, mode: report}]"), "reject dmarc-reject"))
                .stream().map(Line::test).toList();
    }

    @TestFactory
    List<DynamicTest> trustedSealers() {
        Map<String, String> trust = Map.of("trusted-sealers", TRUST);
        return List.of(
                line("a trusted list", spoofed().chain(0, "lists.example " + GOOD), trust, "accept trusted-sealer"),
                line("nobody trusts it", spoofed().chain(0, "lists.example " + GOOD), "reject dmarc-reject"),
                line("another's seal", spoofed().chain(0, "evil.example " + GOOD), trust, "reject dmarc-reject"),
                line("it had found a failure", spoofed().chain(0, "lists.example dmarc=fail header.from=author.example"), trust,
                        "reject dmarc-reject"),
                line("it had found another author", spoofed().chain(0, "lists.example dmarc=pass header.from=evil.example"), trust,
                        "reject dmarc-reject"),
                line("it had found a signature", spoofed().chain(0, "lists.example dkim=pass header.d=author.example"), trust,
                        "accept trusted-sealer"),
                line("it had found another's signature", spoofed().chain(0, "lists.example dkim=pass header.d=evil.example"), trust,
                        "reject dmarc-reject"),
                line("a stranger after it changed nothing", spoofed().chain(1, "lists.example " + GOOD, "evil.example dmarc=fail"), trust,
                        "accept trusted-sealer"),
                line("a stranger after it changed it", spoofed().chain(2, "lists.example " + GOOD, "evil.example dmarc=fail"), trust,
                        "reject dmarc-reject"),
                line("a stranger before it", spoofed().chain(2, "evil.example " + GOOD, "lists.example dmarc=fail"), trust,
                        "reject dmarc-reject"),
                line("a broken chain", spoofed().brokenChain(false), trust, "reject dmarc-reject"),
                line("a chain whose key is unknown", spoofed().brokenChain(true), trust, "defer dmarc-unknown"),
                line("a chain whose key is unknown, nobody trusted", spoofed().brokenChain(true), "reject dmarc-reject"))
                .stream().map(Line::test).toList();
    }

    @TestFactory
    List<DynamicTest> allowLists() {
        Map<String, String> senders = Map.of("allow-senders", "[author.example, bounces@sender.example]");
        Map<String, String> clients = Map.of("allow-clients", "[192.0.2.0/24]");
        return List.of(
                line("a client", spoofed(), clients, "accept allowed-client"),
                line("another client", spoofed().client("198.51.100.1"), clients, "reject dmarc-reject"),
                line("a named sender", spoofed(), senders, "reject dmarc-reject"),
                line("a sender that SPF proves", spoofed().spf(SpfVerdict.PASS), senders, "accept allowed-sender"),
                line("an author that DMARC proves", mail().dmarc(PASS, REJECT), senders, "accept allowed-sender"),
                line("an author that a signature proves", mail().dkim(DkimVerdict.PASS, "author.example"), senders,
                        "accept allowed-sender"),
                line("a sender that another's signature proves", spoofed().dkim(DkimVerdict.PASS, "evil.example"), senders,
                        "reject dmarc-reject"))
                .stream().map(Line::test).toList();
    }

    @TestFactory
    List<DynamicTest> conditionsOfRules() {
        return List.of(
                rule("client: [192.0.2.0/24]", mail(), mail().client("198.51.100.1")),
                rule("helo: [sender.example]", mail(), null),
                rule("helo: ['*.other.example']", null, mail()),
                rule("rdns: [none]", mail().reverse(IprevResult.Verdict.FAIL), mail().reverse(IprevResult.Verdict.TEMPERROR)),
                rule("rdns: ['*.dyn.example']", mail().reverse(IprevResult.Verdict.PASS, "p1.dyn.example"),
                        mail().reverse(IprevResult.Verdict.PASS, "mail.example")),
                rule("sender: [bounces@sender.example]", mail(), mail().mailFrom("other@sender.example")),
                rule("sender: [example]", mail(), mail().mailFrom("a@example.net")),
                rule("sender: ['<>']", mail().mailFrom(""), mail()),
                rule("author: [author.example]", mail(), null),
                rule("author: [sender.example]", null, mail()),
                rule("recipient: [alice@example.com]", mail(), null),
                rule("recipient: [bob@example.com]", null, mail()),
                rule("larger-than: 1KiB", mail().size(1025), mail().size(1024)),
                rule("spf: [fail, softfail]", mail().spf(SpfVerdict.SOFTFAIL), mail().spf(SpfVerdict.PASS)),
                rule("dkim: [none]", mail(), mail().dkim(DkimVerdict.FAIL, "a.example")),
                rule("dmarc: [none]", mail(), mail().dmarc(PASS, REJECT)),
                rule("arc: [fail]", mail().brokenChain(false), mail()),
                rule("score: 5", mail().points(3).points(2.5), mail().points(4.9)),
                rule("spf: [none], dkim: [fail]", mail().dkim(DkimVerdict.FAIL, "a.example"), mail()));
    }

    /** @param applies evidence to which the rule applies, {@code not} one to which it does not; null for none */
    private static DynamicTest rule(String conditions, @Nullable EvidenceFixture applies, @Nullable EvidenceFixture not) {
        return DynamicTest.dynamicTest(conditions, () -> {
            Policy policy = new Policy(ChecksConfig.of(Map.of("rules", "[{name: mine, then: junk, " + conditions + "}]")),
                    SpamConfig.defaults());
            if (applies != null) {
                assertThat(policy.decide(applies.get(), Optional.of(recipient())).rule()).isEqualTo("mine");
            }
            if (not != null) {
                assertThat(policy.decide(not.get(), Optional.of(recipient())).rule()).isNotEqualTo("mine");
            }
        });
    }

    @Test
    void theFirstRuleThatAppliesDecides() {
        Policy policy = new Policy(ChecksConfig.of(Map.of("rules", """
                [{name: a, spf: [pass], then: accept}, {name: b, author: [author.example], then: reject, text: No},
                 {name: c, then: accept}]""")), SpamConfig.defaults());
        assertThat(policy.decide(mail().get(), Optional.empty()))
                .isEqualTo(new Verdict.Reject("b", "rule b of the configuration", Reply.of(550, "5.7.1", "No")));
        assertThat(policy.decide(mail().spf(SpfVerdict.PASS).get(), Optional.empty()).rule()).isEqualTo("a");
    }

    @Test
    void aRuleOutranksTheOwnersWish() {
        Policy policy = new Policy(ChecksConfig.of(Map.of("rules", "[{name: known, author: [author.example], then: accept}]")),
                SpamConfig.defaults());
        assertThat(policy.decide(spoofed().get(), Optional.empty())).isInstanceOf(Verdict.Accept.class);
    }

    @Test
    void aRefusalSaysWhatFailedAndWhatToDo() {
        Evidence evidence = spoofed().spf(SpfVerdict.PASS).dkim(DkimVerdict.FAIL, "author.example").get();
        Verdict verdict = new Policy(ChecksConfig.defaults(), SpamConfig.defaults()).decide(evidence, Optional.empty());
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Reject.class, reject -> {
            assertThat(reject.reply().code()).isEqualTo(550);
            assertThat(String.valueOf(reject.reply().status())).isEqualTo("5.7.1");
            assertThat(reject.reply().lines().getFirst()).isEqualTo("Refused as author.example asks for (DMARC p=reject): SPF passes for "
                    + "sender.example only, which is not aligned; DKIM fail for author.example (the body was changed). Send through a "
                    + "server in the SPF record of author.example with it as envelope sender, or sign with DKIM d=author.example");
        });
    }

    @Test
    void onlyARefusalForAllIsARefusal() {
        Verdict reject = new Verdict.Reject("r", "", Reply.of(550, "5.7.1", "No"));
        Verdict defer = new Verdict.Defer("d", "", Reply.of(451, "4.7.0", "Not now"));
        Verdict junk = new Verdict.Junk("j", "");
        Verdict accept = new Verdict.Accept("a", "");
        assertThat(Judge.overall(List.of(reject, reject))).isEqualTo(reject);
        assertThat(Judge.overall(List.of(reject, junk))).isEqualTo(junk);
        assertThat(Judge.overall(List.of(junk, accept, reject))).isEqualTo(accept);
        assertThat(Judge.overall(List.of(accept, defer))).isEqualTo(defer);
    }
}
