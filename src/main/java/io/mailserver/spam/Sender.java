package io.mailserver.spam;

import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.spf.SpfVerdict;
import java.util.Set;

/**
 * What was found out about who sends a message, apart from the message.
 *
 * @param nameless whether the client's address has no name that leads back to it
 * @param heloWrong whether the client calls itself by something that is no name of a host
 * @param nullReversePath whether it came with {@code MAIL FROM:<>}
 * @param ownDomains our domains among the recipients', as A-labels in lower case
 * @param recipientNames local parts of the recipients, in lower case
 * @param known whether a recipient has written to the author before, or allows the author
 * @param authenticated whether the client logged in: what strangers are asked is not asked of it
 */
public record Sender(
        SpfVerdict spf,
        DkimVerdict dkim,
        DmarcVerdict dmarc,
        boolean nameless,
        boolean heloWrong,
        boolean nullReversePath,
        Set<String> ownDomains,
        Set<String> recipientNames,
        boolean known,
        boolean authenticated) {
    public Sender {
        ownDomains = Set.copyOf(ownDomains);
        recipientNames = Set.copyOf(recipientNames);
    }

    /** Somebody of whom nothing is known, for looking at a message alone. */
    public static final Sender UNKNOWN = new Sender(
            SpfVerdict.NONE, DkimVerdict.NONE, DmarcVerdict.NONE, false, false, false, Set.of(), Set.of(), false, false);
}
