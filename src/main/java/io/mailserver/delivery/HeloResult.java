package io.mailserver.delivery;

import java.util.Locale;

/**
 * What the client's own name is worth (RFC 5321 §2.3.5 and §4.1.1.1: a primary host name that can be resolved, or an address literal).
 * No mail is refused for it alone (§4.1.4); rules may use it.
 *
 * @param reason in a few words, for people
 */
public record HeloResult(Verdict verdict, String reason) {
    /** From best to worst. */
    public enum Verdict {
        /** The name has the client's address, or is its address literal. */
        MATCH,
        /** The name has other addresses, or takes mail: usual behind address translation. */
        RESOLVES,
        /** The DNS failed. */
        TEMPERROR,
        /** The name does not exist, or has neither an address nor a mail exchange. */
        UNRESOLVED,
        /** No host name and no address literal, one without a dot, or the literal of another address. */
        MALFORMED;

        /** For the log, rules and reports. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
