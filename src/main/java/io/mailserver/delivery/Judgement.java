package io.mailserver.delivery;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.smtp.Address;
import java.time.Instant;
import java.util.List;

/**
 * What was found out about a message, what becomes of it, and what the owner of its author's domain is told of that.
 *
 * @param time when it was judged
 * @param overall what the client is told: a refusal only where it is one for all recipients, as SMTP has one answer for all
 * @param recipients what becomes of it for each recipient, in the order of the transaction; none if that has none
 * @param dmarc what was made of the policy, for aggregate reports
 * @param results for the field Authentication-Results
 */
public record Judgement(
        Instant time,
        Evidence evidence,
        Verdict overall,
        List<ForRecipient> recipients,
        DmarcOutcome dmarc,
        AuthenticationResults results) {
    public Judgement {
        recipients = List.copyOf(recipients);
    }

    /**
     * What becomes of it for one recipient: never a refusal where {@link Judgement#overall} is none.
     *
     * @param fields X-Spam-Status and what scanners want on top, with line ends; empty if nobody looked at the content
     */
    public record ForRecipient(Address address, Verdict verdict, String fields) {}
}
