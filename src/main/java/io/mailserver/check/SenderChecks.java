package io.mailserver.check;

import io.mailserver.arc.ArcChain;
import io.mailserver.arc.ArcResult;
import io.mailserver.arc.ArcVerifier;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerifier;
import io.mailserver.dmarc.AuthorDomains;
import io.mailserver.dmarc.DmarcChecker;
import io.mailserver.dmarc.DmarcLimits;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.spf.SpfChecker;
import io.mailserver.spf.SpfLimits;
import io.mailserver.spf.SpfRequest;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One check at a time, each with its explanation. Blocks for files and the DNS. */
public final class SenderChecks {
    private final Resolver resolver;
    private final Time time;
    private final String receiver;

    /** @param receiver our host name, which explanations of SPF may quote; {@code unknown} where there is none */
    public SenderChecks(Resolver resolver, Time time, String receiver) {
        this.resolver = resolver;
        this.time = time;
        this.receiver = receiver;
    }

    /** SPF of the MAIL FROM identity; of HELO where the path is null (RFC 7208 §2.4). */
    public CheckReport spf(SpfRequest request) {
        SpfResult found = checkSpf(request);
        List<String> lines = new ArrayList<>(List.of(explanation(found)));
        lines.add("domain " + found.domain() + found.mechanism().map(term -> ", decided by " + term).orElse(""));
        found.evidence().forEach(step -> lines.add("  " + step.domain() + ": " + step.term() + ": " + step.outcome()));
        Map<String, Object> data = spfData(found);
        data.put("evidence", found.evidence().stream()
                .map(step -> Map.of("domain", step.domain(), "term", step.term(), "outcome", step.outcome())).toList());
        return new CheckReport(found.verdict().word(), lines, data);
    }

    /** All DKIM signatures. */
    public CheckReport dkim(MessageFile message) throws IOException {
        try (InputStream in = message.open()) {
            return dkimReport(new DkimVerifier(resolver, time, DkimLimits.DEFAULTS).verify(in));
        }
    }

    /** The ARC chain. */
    public CheckReport arc(MessageFile message) throws IOException {
        try (InputStream in = message.open()) {
            ArcVerifier verifier = new ArcVerifier(resolver, time, DkimLimits.DEFAULTS);
            HeaderBlock.Split split = HeaderBlock.split(in, HeaderBlock.Limits.DEFAULTS);
            ArcChain chain = ArcChain.read(split.header(), DkimLimits.DEFAULTS);
            BodyHashes hashes = BodyHashes.of(split.body(), chain.wantedHashes());
            return arcReport(verifier.verify(chain, hashes), verifier.explain(chain, hashes));
        }
    }

    /**
     * DMARC.
     *
     * @param envelope for SPF; without it nothing but signatures can vouch for the author
     */
    public CheckReport dmarc(MessageFile message, Optional<SpfRequest> envelope) throws IOException {
        SpfResult spf = envelope.map(this::checkSpf).orElseGet(SenderChecks::noSpf);
        HeaderBlock header;
        List<DkimResult> dkim;
        try (InputStream in = message.open()) {
            HeaderBlock.Split split = HeaderBlock.split(in, HeaderBlock.Limits.DEFAULTS);
            header = split.header();
            DkimVerifier verifier = new DkimVerifier(resolver, time, DkimLimits.DEFAULTS);
            DkimVerifier.Parsed parsed = verifier.read(header);
            dkim = verifier.verify(parsed, BodyHashes.of(split.body(), parsed.wantedHashes()));
        }
        DmarcResult found = new DmarcChecker(resolver, time, DmarcLimits.DEFAULTS).check(AuthorDomains.of(header), spf, dkim);
        return dmarcReport(found, spf, dkim);
    }

    private SpfResult checkSpf(SpfRequest request) {
        return new SpfChecker(resolver, time, SpfLimits.DEFAULTS, receiver).checkMailFrom(request);
    }

    private static SpfResult noSpf() {
        return new SpfResult(SpfVerdict.NONE, SpfResult.Identity.MAIL_FROM, "", Optional.empty(), Optional.empty(),
                "no client address was given", List.of());
    }

    private static String explanation(SpfResult found) {
        return found.explanation().orElseGet(() -> switch (found.verdict()) {
            case PASS -> found.domain() + " allows this client to send";
            case FAIL -> found.domain() + " does not allow this client to send";
            case SOFTFAIL -> found.domain() + " probably does not allow this client to send";
            case NEUTRAL -> found.domain() + " says nothing about this client";
            case NONE, TEMPERROR, PERMERROR -> found.problem();
        });
    }

    static Map<String, Object> spfData(SpfResult found) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("identity", found.identity() == SpfResult.Identity.HELO ? "helo" : "mailfrom");
        data.put("domain", found.domain());
        found.mechanism().ifPresent(term -> data.put("mechanism", term));
        found.explanation().ifPresent(text -> data.put("explanation", text));
        data.put("reason", explanation(found));
        return data;
    }

    static CheckReport dkimReport(List<DkimResult> results) {
        String word = DkimResult.overall(results).word();
        List<String> lines = new ArrayList<>();
        for (DkimResult result : results) {
            lines.add(dkimLine(lines.size() + 1, result));
        }
        if (lines.isEmpty()) {
            lines.add("the message has no DKIM-Signature");
        }
        return new CheckReport(word, lines, Map.of("signatures", results.stream().map(SenderChecks::dkimData).toList()));
    }

    private static String dkimLine(int number, DkimResult result) {
        String line = "signature " + number + ": " + result.verdict().word()
                + result.domain().map(domain -> " d=" + domain).orElse("")
                + named(" s=", result.selector()) + named(" a=", result.algorithm()) + named(" i=", result.identity())
                + named(": ", result.reason());
        return line + (result.testing() ? " (the domain only tests DKIM)" : "")
                + (result.unsignedOctets() > 0 ? " (" + result.unsignedOctets() + " octets of the body are not signed)" : "");
    }

    private static Map<String, Object> dkimData(DkimResult result) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("result", result.verdict().word());
        result.domain().ifPresent(domain -> data.put("domain", domain.ascii()));
        data.put("selector", result.selector());
        data.put("identity", result.identity());
        data.put("algorithm", result.algorithm());
        data.put("reason", result.reason());
        data.put("testing", result.testing());
        data.put("unsignedOctets", result.unsignedOctets());
        return data;
    }

    private static CheckReport arcReport(ArcResult found, List<ArcVerifier.Explained> sets) {
        List<String> lines = new ArrayList<>();
        lines.add(switch (found.status()) {
            case NONE -> "the message has no ARC set";
            case PASS -> "every seal and the last signature hold"
                    + (found.oldestPass() > 1 ? "; the message was changed before instance " + found.oldestPass() : "");
            case FAIL -> found.reason();
        });
        List<Map<String, Object>> instances = new ArrayList<>();
        for (ArcVerifier.Explained set : sets) {
            String seal = set.sealProblem().isEmpty() ? "seal good" : "seal bad (" + set.sealProblem() + ")";
            String signature = set.signatureProblem().isEmpty() ? "signature good" : "signature bad (" + set.signatureProblem() + ")";
            lines.add("instance " + set.instance() + ": d=" + set.domain() + " s=" + set.selector() + " cv=" + set.status().word()
                    + ": " + seal + ", " + signature);
            instances.add(Map.of("instance", set.instance(), "domain", set.domain().ascii(), "selector", set.selector(),
                    "cv", set.status().word(), "sealProblem", set.sealProblem(), "signatureProblem", set.signatureProblem()));
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("reason", found.reason());
        data.put("temporary", found.temporary());
        data.put("oldestPass", found.oldestPass());
        data.put("instances", instances);
        return new CheckReport(found.status().word(), lines, data);
    }

    private static CheckReport dmarcReport(DmarcResult found, SpfResult spf, List<DkimResult> dkim) {
        List<String> lines = new ArrayList<>();
        lines.add(found.reason().isEmpty() ? found.author().map(Domain::ascii).orElse("the author") + " is vouched for" : found.reason());
        found.author().ifPresent(author -> lines.add("author " + author
                + found.organizationalDomain().map(domain -> ", organizational domain " + domain).orElse("")));
        found.policyDomain().ifPresent(domain -> lines.add("policy p=" + found.requested().orElse(DmarcPolicy.NONE).word()
                + " published by " + domain + ", to apply: " + found.applied().word()));
        lines.add("SPF " + spf.verdict().word() + named(" for ", spf.domain()) + (found.spfAligned() ? ", aligned" : ", not aligned"));
        lines.add("DKIM " + DkimResult.overall(dkim).word() + (found.dkimAligned() ? ", aligned" : ", not aligned"));
        int number = 0;
        for (DkimResult result : dkim) {
            lines.add("  " + dkimLine(++number, result));
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("reason", found.reason());
        found.author().ifPresent(author -> data.put("author", author.ascii()));
        found.organizationalDomain().ifPresent(domain -> data.put("organizationalDomain", domain.ascii()));
        found.policyDomain().ifPresent(domain -> data.put("policyDomain", domain.ascii()));
        found.requested().ifPresent(policy -> data.put("policy", policy.word()));
        data.put("apply", found.applied().word());
        data.put("spfAligned", found.spfAligned());
        data.put("dkimAligned", found.dkimAligned());
        Map<String, Object> spfData = spfData(spf);
        spfData.put("result", spf.verdict().word());
        data.put("spf", spfData);
        data.put("dkim", dkim.stream().map(SenderChecks::dkimData).toList());
        return new CheckReport(found.verdict().word(), lines, data);
    }

    private static String named(String label, String value) {
        return value.isEmpty() ? "" : label + value;
    }
}
