package io.mailserver.delivery;

import io.mailserver.arc.ArcResult;
import io.mailserver.arc.ArcStatus;
import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Domain;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.AuthorDomains;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.dns.DnsName;
import io.mailserver.smtp.Address;
import io.mailserver.spam.Finding;
import io.mailserver.spam.SpamReport;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfResult.Identity;
import io.mailserver.spf.SpfVerdict;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evidence for tables: a message of author.example sent by bounces@sender.example at 192.0.2.1, unproven, changed line by line. */
final class EvidenceFixture {
    static final Domain AUTHOR = new Domain("author.example");

    private InetAddress client = InetAddress.ofLiteral("192.0.2.1");
    private String mailFrom = "bounces@sender.example";
    private SpfVerdict spf = SpfVerdict.NONE;
    private final List<DkimResult> dkim = new ArrayList<>();
    private ArcResult arc = new ArcResult(ArcStatus.NONE, "", false, 0, List.of());
    private DmarcVerdict dmarc = DmarcVerdict.NONE;
    private Optional<DmarcPolicy> requested = Optional.empty();
    private boolean testing;
    private Optional<String> list = Optional.empty();
    private boolean headerCut;
    private boolean dnsAlive = true;
    private Optional<IprevResult> iprev = Optional.empty();
    private long size = 1000;
    private final List<Finding> points = new ArrayList<>();
    private final List<Address> recipients = new ArrayList<>();

    EvidenceFixture client(String address) {
        client = InetAddress.ofLiteral(address);
        return this;
    }

    EvidenceFixture mailFrom(String path) {
        mailFrom = path;
        return this;
    }

    EvidenceFixture spf(SpfVerdict verdict) {
        spf = verdict;
        return this;
    }

    EvidenceFixture dkim(DkimVerdict verdict, String domain) {
        dkim.add(new DkimResult(verdict, verdict == DkimVerdict.PASS ? "" : "the body was changed", Domain.parse(domain), "s", "@" + domain,
                "rsa-sha256", "abc", false, 0));
        return this;
    }

    EvidenceFixture dmarc(DmarcVerdict verdict) {
        dmarc = verdict;
        return this;
    }

    EvidenceFixture dmarc(DmarcVerdict verdict, DmarcPolicy policy) {
        requested = Optional.of(policy);
        return dmarc(verdict);
    }

    EvidenceFixture testing() {
        testing = true;
        return this;
    }

    EvidenceFixture list() {
        list = Optional.of("List-Id");
        return this;
    }

    EvidenceFixture headerCut() {
        headerCut = true;
        return this;
    }

    EvidenceFixture dnsDead() {
        dnsAlive = false;
        return this;
    }

    EvidenceFixture reverse(IprevResult.Verdict verdict, String... confirmed) {
        List<DnsName> names = List.of(confirmed).stream().map(DnsName::of).toList();
        iprev = Optional.of(new IprevResult(verdict, names, names, ""));
        return this;
    }

    EvidenceFixture size(long octets) {
        size = octets;
        return this;
    }

    EvidenceFixture points(double count) {
        points.add(new Finding("test", count, "of a test"));
        return this;
    }

    EvidenceFixture to(String user, String domain) {
        recipients.add(Address.of(user, new Domain(domain)));
        return this;
    }

    EvidenceFixture brokenChain(boolean temporary) {
        arc = new ArcResult(ArcStatus.FAIL, "seal 1: no key", temporary, 0, List.of());
        return this;
    }

    /** @param hops each {@code domain results}, such as {@code lists.example dmarc=pass header.from=author.example} */
    EvidenceFixture chain(int oldestPass, String... hops) {
        List<ArcResult.Hop> made = new ArrayList<>();
        for (String hop : hops) {
            String[] words = hop.split(" ", 2);
            made.add(new ArcResult.Hop(made.size() + 1, new Domain(words[0]), "s", Optional.of(results(words[1]))));
        }
        arc = new ArcResult(ArcStatus.PASS, "", false, oldestPass, made);
        return this;
    }

    private static AuthenticationResults results(String text) {
        try {
            return AuthenticationResults.parse("mx.example; " + text);
        } catch (AuthenticationResults.SyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    Evidence get() {
        String domain = mailFrom.substring(mailFrom.lastIndexOf('@') + 1);
        DmarcPolicy asked = requested.orElse(DmarcPolicy.NONE);
        DmarcPolicy tested = asked == DmarcPolicy.REJECT ? DmarcPolicy.QUARANTINE : DmarcPolicy.NONE;
        DmarcPolicy applied = dmarc != DmarcVerdict.FAIL ? DmarcPolicy.NONE : testing ? tested : asked;
        DmarcResult result = new DmarcResult(dmarc, "what DMARC says", Optional.of(AUTHOR), requested, applied,
                requested.map(any -> AUTHOR), Optional.of(AUTHOR), Optional.empty(), false, false, List.of());
        return new Evidence(new Transaction(client, "helo.sender.example", mailFrom, recipients), size, headerCut, iprev,
                new HeloResult(HeloResult.Verdict.MATCH, ""), spf(Identity.HELO, SpfVerdict.NONE, "helo.sender.example"),
                spf(Identity.MAIL_FROM, spf, domain), dkim, arc, new AuthorDomains(List.of(AUTHOR), 0), result, list, dnsAlive,
                new SpamReport(true, points, Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                        Optional.empty(), "", List.of(), List.of(), Optional.empty()));
    }

    private static SpfResult spf(Identity identity, SpfVerdict verdict, String domain) {
        return new SpfResult(verdict, identity, domain, Optional.empty(), Optional.empty(), "", List.of());
    }
}
