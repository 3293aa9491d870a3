package io.mailserver.delivery;

import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.dmarc.DmarcVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was made of a message on account of its author's DMARC policy: the row of an aggregate report (RFC 9990, PolicyEvaluated).
 *
 * @param disposition NONE for a message that passed, too
 * @param overrides why it is not what the policy asks for
 */
public record DmarcOutcome(DmarcPolicy disposition, List<OverrideReason> overrides) {
    public DmarcOutcome {
        overrides = List.copyOf(overrides);
    }

    /** What a verdict makes of a policy; pure. */
    static DmarcOutcome of(Evidence evidence, Verdict verdict) {
        DmarcResult dmarc = evidence.dmarc();
        if (dmarc.verdict() != DmarcVerdict.FAIL) {
            return new DmarcOutcome(DmarcPolicy.NONE, List.of());
        }
        DmarcPolicy done = switch (verdict) {
            case Verdict.Accept accept -> DmarcPolicy.NONE;
            case Verdict.Junk junk -> DmarcPolicy.QUARANTINE;
            case Verdict.Defer defer -> DmarcPolicy.NONE;
            case Verdict.Reject reject -> DmarcPolicy.REJECT;
        };
        List<OverrideReason> overrides = new ArrayList<>();
        DmarcPolicy requested = dmarc.requested().orElse(DmarcPolicy.NONE);
        if (dmarc.applied() != requested) {
            overrides.add(new OverrideReason(OverrideReason.Type.POLICY_TEST_MODE, "t=y"));
        }
        if (done != dmarc.applied()) {
            overrides.add(new OverrideReason(verdict.rule().equals(Policy.MAILING_LIST) ? OverrideReason.Type.MAILING_LIST
                    : OverrideReason.Type.LOCAL_POLICY, verdict.reason()));
        }
        return new DmarcOutcome(done, overrides);
    }

    /**
     * A reason for another disposition than the policy's.
     *
     * @param comment in a few words
     */
    public record OverrideReason(Type type, String comment) {
        /** The words of RFC 9990. */
        public enum Type {
            LOCAL_POLICY,
            MAILING_LIST,
            OTHER,
            POLICY_TEST_MODE,
            TRUSTED_FORWARDER;

            /** The word in reports. */
            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }
}
