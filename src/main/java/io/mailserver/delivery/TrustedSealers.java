package io.mailserver.delivery;

import io.mailserver.arc.ArcResult;
import io.mailserver.arc.ArcStatus;
import io.mailserver.authres.AuthenticationResults;
import io.mailserver.authres.MethodResult;
import io.mailserver.base.Domain;
import java.util.List;
import java.util.Optional;

/** Whether a forwarder whose word we take says that a message was good when it came to it (RFC 8617 §7.2.1, RFC 9989 §5.4). */
final class TrustedSealers {
    private TrustedSealers() {}

    /** Who vouches for the message's author, and by what; empty if nobody does. */
    static Optional<String> voucher(Evidence evidence, List<Domain> trusted) {
        ArcResult arc = evidence.arc();
        if (arc.status() != ArcStatus.PASS || trusted.isEmpty()) {
            return Optional.empty();
        }
        boolean allLaterTrusted = true;
        for (ArcResult.Hop hop : arc.hops().reversed()) {
            boolean own = trusted.contains(hop.domain());
            // What a stranger did to the message after it shows only in the hop's own signature of it.
            boolean unchangedSince = allLaterTrusted || arc.oldestPass() == 0 || hop.instance() >= arc.oldestPass();
            if (own && unchangedSince) {
                Optional<String> result = hop.results().flatMap(results -> vouching(results, evidence));
                if (result.isPresent()) {
                    return Optional.of("arc=pass: " + hop.domain() + ", which is trusted, sealed it (i=" + hop.instance()
                            + ") and had found " + result.get());
                }
            }
            allLaterTrusted &= own;
        }
        return Optional.empty();
    }

    private static Optional<String> vouching(AuthenticationResults results, Evidence evidence) {
        Optional<Domain> author = evidence.dmarc().author();
        Optional<Domain> organization = evidence.dmarc().organizationalDomain();
        for (MethodResult result : results.results()) {
            if (!result.result().equals("pass")) {
                continue;
            }
            Optional<Domain> from = result.property("header", "from").flatMap(TrustedSealers::domain);
            if (result.method().equals("dmarc") && author.isPresent() && (from.isEmpty() || from.equals(author))) {
                return Optional.of("dmarc=pass");
            }
            Optional<Domain> signer = result.property("header", "d").or(() -> result.property("header", "i"))
                    .flatMap(TrustedSealers::domain);
            if (result.method().equals("dkim") && signer.isPresent() && aligned(signer.get(), author, organization)) {
                return Optional.of("dkim=pass of " + signer.get());
            }
        }
        return Optional.empty();
    }

    /** The author's own domain, or its organizational domain: others of the organization it would have had to look up. */
    private static boolean aligned(Domain signer, Optional<Domain> author, Optional<Domain> organization) {
        return author.filter(signer::equals).isPresent() || organization.filter(signer::equals).isPresent();
    }

    private static Optional<Domain> domain(String identifier) {
        return Domain.parse(identifier.substring(identifier.lastIndexOf('@') + 1));
    }
}
