package io.mailserver.dmarc;

import io.mailserver.base.Domain;
import java.util.List;
import java.util.Optional;

/**
 * What DMARC says of a message. With several author domains this is the result of the one that fares worst; {@link #walks} has all.
 *
 * @param verdict the result
 * @param reason in a few words
 * @param author the author's domain that was judged; empty where there is none
 * @param requested what the owner's record asks for, as it stands there ({@code p}, {@code sp} or {@code np}); empty without a policy.
 *     Known for a pass, too.
 * @param applied what to apply if it fails: {@link #requested}, one level milder in test mode; NONE unless it failed
 * @param policyDomain where the policy was found
 * @param organizationalDomain the author's (RFC 9989 §4.10.2)
 * @param record the policy
 * @param spfAligned whether SPF passed for an aligned domain
 * @param dkimAligned whether a DKIM signature passed for an aligned domain
 * @param walks every policy asked for
 */
public record DmarcResult(
        DmarcVerdict verdict,
        String reason,
        Optional<Domain> author,
        Optional<DmarcPolicy> requested,
        DmarcPolicy applied,
        Optional<Domain> policyDomain,
        Optional<Domain> organizationalDomain,
        Optional<DmarcRecord> record,
        boolean spfAligned,
        boolean dkimAligned,
        List<TreeWalk> walks) {
    public DmarcResult {
        walks = List.copyOf(walks);
    }

    /** A result before there is a policy. */
    static DmarcResult without(DmarcVerdict verdict, String reason, Optional<Domain> author, List<TreeWalk> walks) {
        return new DmarcResult(verdict, reason, author, Optional.empty(), DmarcPolicy.NONE, Optional.empty(),
                Optional.empty(), Optional.empty(), false, false, walks);
    }
}
