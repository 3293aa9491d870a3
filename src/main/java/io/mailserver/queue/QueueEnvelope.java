package io.mailserver.queue;

import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whose message goes to whom, as it was accepted; never changes while it is queued.
 *
 * @param traceId the id of the transaction it came in, as logs and Received show it; at most 64 characters
 * @param account the account that sent it, as its canonical address; empty for what the server itself sends
 * @param reversePath where failures go; empty for the null reverse-path
 * @param parameters what MAIL FROM said besides
 * @param recipients those for other hosts, at least one
 */
public record QueueEnvelope(
        String traceId, String account, Optional<Address> reversePath, MailParameters parameters, List<Recipient> recipients) {
    /** More do not fit one record; sessions allow far fewer. */
    static final int MAX_RECIPIENTS = 10_000;

    public QueueEnvelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty() || recipients.size() > MAX_RECIPIENTS) {
            throw new IllegalArgumentException(recipients.size() + " recipients");
        }
    }

    /** That part of {@code envelope} that is for {@code recipients}. */
    public static QueueEnvelope of(Envelope envelope, List<Recipient> recipients) {
        return new QueueEnvelope(
                envelope.messageId(),
                envelope.client().authenticated().orElse(""),
                envelope.reversePath(),
                envelope.parameters(),
                recipients);
    }

    /** When its recipients are tried first, of a message that comes {@code now}. */
    public Instant due(Instant now) {
        return parameters.handling().release().map(release -> release.at(now)).filter(now::isBefore).orElse(now);
    }

    /** The reverse-path as in MAIL FROM, without brackets. */
    public String sender() {
        return reversePath.map(Address::toString).orElse("");
    }

    /** The name under which mail to this address waits: its domain or its address literal, in lower case. */
    public static String destination(Address address) {
        return address.host().toString().toLowerCase(Locale.ROOT);
    }
}
