package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.dkim.SigningAlgorithm;
import io.mailserver.dns.DnsName;
import java.time.Instant;

/**
 * A DKIM key of a domain, without its private half.
 *
 * @param selector under which the public half is published
 * @param record the text to publish (RFC 6376 §3.6.1)
 * @param since when it came into its state
 */
public record DkimKey(
        long id, Domain domain, DnsName selector, SigningAlgorithm algorithm, String record, State state, Instant created, Instant since) {
    /** Where a key is in its life; each state is followed by the next. */
    public enum State {
        /** Waits until the DNS shows it; then it takes over from the active one of its algorithm. */
        PENDING,
        /** Signs. */
        ACTIVE,
        /** Signs no more, its private half is gone; its record must stay for mail that is still on its way. */
        RETIRING,
        /** Its record may be taken out of the zone. */
        REMOVED
    }

    /** Where its record belongs. */
    public DnsName recordName() {
        return new DnsName(selector.text() + "._domainkey." + domain.ascii());
    }
}
