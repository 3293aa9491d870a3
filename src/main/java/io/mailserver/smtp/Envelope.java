package io.mailserver.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One mail transaction (RFC 5321 §2.3.1), immutable: RSET is one assignment.
 *
 * @param messageId the id of this transaction in logs, console and Received; unique on this host
 * @param client who sends
 * @param reversePath where failures go; empty for the null reverse-path (RFC 5321 §4.5.5)
 * @param parameters what MAIL FROM said besides
 * @param recipients accepted so far, in order
 */
public record Envelope(
        String messageId,
        Client client,
        Optional<Address> reversePath,
        MailParameters parameters,
        List<Recipient> recipients) {
    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /** This envelope with one more recipient. */
    public Envelope with(Recipient recipient) {
        List<Recipient> more = new ArrayList<>(recipients);
        more.add(recipient);
        return new Envelope(messageId, client, reversePath, parameters, more);
    }

    /** This envelope with other parameters. */
    public Envelope with(MailParameters newParameters) {
        return new Envelope(messageId, client, reversePath, newParameters, recipients);
    }

    /** This envelope for one of its recipients alone. */
    public Envelope onlyFor(Recipient recipient) {
        return new Envelope(messageId, client, reversePath, parameters, List.of(recipient));
    }

    /** The reverse-path as written in MAIL FROM, without its brackets; empty for the null reverse-path. */
    public String sender() {
        return reversePath.map(Address::toString).orElse("");
    }
}
