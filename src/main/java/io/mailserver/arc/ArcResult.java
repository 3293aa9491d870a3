package io.mailserver.arc;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Domain;
import java.util.List;
import java.util.Optional;

/**
 * What became of a chain, and why.
 *
 * @param reason of a failure, in a few words, printable ASCII
 * @param temporary whether a DNS failure broke it: the standard calls that permanent, who waits may know better
 * @param oldestPass of a pass, the lowest instance whose message signature still holds; 0 if all do (RFC 8617 §5.2 step 5)
 * @param hops of a pass, who sealed it, the first handler first
 */
public record ArcResult(ArcStatus status, String reason, boolean temporary, int oldestPass, List<Hop> hops) {
    public ArcResult {
        hops = List.copyOf(hops);
    }

    /**
     * A handler that sealed.
     *
     * @param domain of the seal
     * @param selector of the seal
     * @param results what it had found when the message came to it; empty if that cannot be read
     */
    public record Hop(int instance, Domain domain, String selector, Optional<AuthenticationResults> results) {}
}
