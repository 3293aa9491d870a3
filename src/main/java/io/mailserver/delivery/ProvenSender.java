package io.mailserver.delivery;

import io.mailserver.base.Domain;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.spf.SpfVerdict;
import java.util.Locale;
import java.util.Optional;

/** Which names of a sender are proven: only those may open a door. */
final class ProvenSender {
    private ProvenSender() {}

    /** The sender of the envelope, where SPF or a signature of its domain proves it; lower case. */
    static Optional<String> envelope(Evidence evidence) {
        String mailFrom = evidence.transaction().mailFrom().toLowerCase(Locale.ROOT);
        String domain = mailFrom.substring(mailFrom.lastIndexOf('@') + 1);
        boolean proven = !mailFrom.isEmpty() && (evidence.spfMailFrom().verdict() == SpfVerdict.PASS || signedBy(evidence, domain));
        return proven ? Optional.of(mailFrom) : Optional.empty();
    }

    /** The domain of the only author, where DMARC, SPF of just this domain, or its own signature proves it. */
    static Optional<String> authorDomain(Evidence evidence) {
        if (evidence.authors().unreadable() > 0 || evidence.authors().domains().size() != 1) {
            return Optional.empty();
        }
        String domain = evidence.authors().domains().getFirst().ascii();
        boolean proven = evidence.dmarc().verdict() == DmarcVerdict.PASS || signedBy(evidence, domain)
                || (evidence.spfMailFrom().verdict() == SpfVerdict.PASS
                        && evidence.transaction().mailFrom().toLowerCase(Locale.ROOT).endsWith('@' + domain));
        return proven ? Optional.of(domain) : Optional.empty();
    }

    static boolean signedBy(Evidence evidence, String domain) {
        Optional<Domain> signer = Domain.parse(domain);
        return signer.isPresent() && evidence.dkim().stream().anyMatch(result -> result.verdict() == DkimVerdict.PASS
                && !result.testing() && result.unsignedOctets() == 0 && result.domain().equals(signer));
    }
}
