package io.mailserver.delivery;

import io.mailserver.arc.ArcResult;
import io.mailserver.arc.ArcStatus;
import io.mailserver.authres.AuthenticationResults;
import io.mailserver.authres.MethodResult;
import io.mailserver.base.Domain;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.smtp.AddressLiteral;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.util.ArrayList;
import java.util.List;

/** The evidence in the words of Authentication-Results (RFC 8601 §2.7, RFC 8617 §10.1, RFC 6008). */
final class ResultsField {
    private ResultsField() {}

    static AuthenticationResults of(Evidence evidence, Verdict verdict, String id) {
        List<MethodResult> results = new ArrayList<>();
        results.add(dmarc(evidence.dmarc(), verdict));
        results.add(mailFrom(evidence));
        if (evidence.spfHelo().verdict() != SpfVerdict.NONE && !evidence.transaction().mailFrom().isEmpty()) {
            results.add(spf(evidence.spfHelo()).with("smtp", "helo", evidence.transaction().helo()));
        }
        if (evidence.dkim().isEmpty()) {
            results.add(MethodResult.of("dkim", "none"));
        }
        evidence.dkim().forEach(result -> results.add(dkim(result)));
        if (evidence.arc().status() != ArcStatus.NONE) {
            results.add(arc(evidence));
        }
        evidence.iprev().ifPresent(result -> results.add(MethodResult.of("iprev", result.verdict().word())
                .withComment(result.confirmed().isEmpty() ? result.reason() : result.confirmed().getFirst().toString())
                .with("policy", "iprev", AddressLiteral.plain(evidence.transaction().client()))));
        return new AuthenticationResults(id, results);
    }

    private static MethodResult dmarc(DmarcResult dmarc, Verdict verdict) {
        MethodResult result = MethodResult.of("dmarc", dmarc.verdict().word());
        if (dmarc.requested().isPresent()) {
            String comment = "p=" + dmarc.requested().get().word();
            result = result.withComment(dmarc.verdict() == DmarcVerdict.FAIL ? comment + " dis=" + verdict.word() + " by " + verdict.rule()
                    : comment);
        }
        if (dmarc.verdict() != DmarcVerdict.PASS) {
            result = result.withReason(dmarc.reason());
        }
        return dmarc.author().isPresent() ? result.with("header", "from", dmarc.author().get().ascii()) : result;
    }

    private static MethodResult mailFrom(Evidence evidence) {
        MethodResult result = spf(evidence.spfMailFrom());
        String mailFrom = evidence.transaction().mailFrom();
        return mailFrom.isEmpty() ? result.with("smtp", "helo", evidence.transaction().helo()) : result.with("smtp", "mailfrom", mailFrom);
    }

    private static MethodResult spf(SpfResult spf) {
        MethodResult result = MethodResult.of("spf", spf.verdict().word()).withReason(spf.problem());
        return spf.mechanism().isPresent() ? result.withComment(spf.mechanism().get() + " of " + spf.domain()) : result;
    }

    private static MethodResult dkim(DkimResult dkim) {
        MethodResult result = MethodResult.of("dkim", dkim.verdict().word()).withReason(dkim.reason());
        if (dkim.testing()) {
            result = result.withComment("the key is being tested");
        } else if (dkim.unsignedOctets() > 0) {
            result = result.withComment(dkim.unsignedOctets() + " octets at the end are not signed");
        }
        if (dkim.domain().isPresent()) {
            result = result.with("header", "d", dkim.domain().map(Domain::ascii).orElse(""));
        }
        if (!dkim.selector().isEmpty()) {
            result = result.with("header", "s", dkim.selector()).with("header", "a", dkim.algorithm())
                    .with("header", "b", dkim.signatureStart());
        }
        return result;
    }

    private static MethodResult arc(Evidence evidence) {
        ArcResult arc = evidence.arc();
        MethodResult result = MethodResult.of("arc", arc.status().word()).withReason(arc.reason());
        return arc.status() == ArcStatus.PASS
                ? result.with("header", "oldest-pass", Integer.toString(arc.oldestPass()))
                        .with("smtp", "remote-ip", AddressLiteral.plain(evidence.transaction().client()))
                : result;
    }
}
