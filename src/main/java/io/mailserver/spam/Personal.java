package io.mailserver.spam;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one recipient's account, or its domain, makes of mail apart from everybody else's.
 *
 * @param own what the account learned
 * @param known whether it has written to the author before; only where it is proven that the author is who it says
 * @param findings by its lists of wanted and unwanted senders
 * @param junk its own limit for Junk
 * @param reject its own limit for refusals
 */
public record Personal(Optional<BayesClassifier> own, boolean known, List<Finding> findings, OptionalInt junk, OptionalInt reject) {
    /** Of somebody without any wishes. */
    public static final Personal NONE =
            new Personal(Optional.empty(), false, List.of(), OptionalInt.empty(), OptionalInt.empty());

    public Personal {
        findings = List.copyOf(findings);
    }
}
