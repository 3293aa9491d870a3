package io.mailserver.delivery;

import io.mailserver.base.Domain;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.util.List;
import java.util.stream.Collectors;

/** What a sender is told whose mail is refused for DMARC: which identifiers fail to align, and what to do. */
final class RefusalText {
    private static final int MAX_SIGNATURES = 2;
    private static final int MAX_NAME_CHARS = 60;

    private RefusalText() {}

    static String of(Evidence evidence) {
        String author = evidence.dmarc().author().map(Domain::ascii).map(RefusalText::shown).orElse("the author's domain");
        return "Refused as " + author + " asks for (DMARC p=reject): " + spf(evidence.spfMailFrom()) + "; " + dkim(evidence.dkim())
                + ". Send through a server in the SPF record of " + author + " with it as envelope sender, or sign with DKIM d=" + author;
    }

    private static String spf(SpfResult spf) {
        String domain = shown(spf.domain());
        return spf.verdict() == SpfVerdict.PASS
                ? "SPF passes for " + domain + " only, which is not aligned"
                : "SPF " + spf.verdict().word() + (domain.isEmpty() ? "" : " for " + domain);
    }

    private static String dkim(List<DkimResult> results) {
        if (results.isEmpty()) {
            return "no DKIM signature";
        }
        return results.stream().limit(MAX_SIGNATURES).map(result -> "DKIM "
                + (result.verdict() == DkimVerdict.PASS ? "passes for " : result.verdict().word() + " for ")
                + shown(result.domain().map(Domain::ascii).orElse("nobody"))
                + (result.verdict() == DkimVerdict.PASS
                        ? result.unsignedOctets() > 0 ? " without the end of the message" : " only, which is not aligned"
                        : " (" + shown(result.reason()) + ")")).collect(Collectors.joining(", "));
    }

    /** The end of a name says most. */
    private static String shown(String name) {
        return name.length() <= MAX_NAME_CHARS ? name : "..." + name.substring(name.length() - MAX_NAME_CHARS);
    }
}
