package io.mailserver.spf;

import java.util.List;
import java.util.Optional;

/**
 * What a check found, and why.
 *
 * @param verdict the result
 * @param identity which name of the client was checked
 * @param domain the domain that was asked for its policy, as A-labels; what was given, if that is no domain
 * @param mechanism the term that decided, such as {@code -all}; empty where none matched
 * @param explanation on fail, what the domain's owner says to the sender (RFC 7208 §6.2): printable ASCII, at most 500 characters.
 *     Say whose words these are when passing them on.
 * @param problem on temperror, permerror and none, what was wrong; else empty
 * @param evidence every record and term looked at, in order; at most 200
 */
public record SpfResult(
        SpfVerdict verdict,
        Identity identity,
        String domain,
        Optional<String> mechanism,
        Optional<String> explanation,
        String problem,
        List<Evidence> evidence) {
    public SpfResult {
        evidence = List.copyOf(evidence);
    }

    /** The identities of RFC 7208 §2.2. */
    public enum Identity {
        HELO,
        MAIL_FROM
    }

    /**
     * One step of the evaluation.
     *
     * @param domain whose record it belongs to
     * @param term the term, or {@code record}
     * @param outcome what came of it, in a few words; of a record its text
     */
    public record Evidence(String domain, String term, String outcome) {}
}
