package io.mailserver.smtpclient;

import io.mailserver.base.Content;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import java.util.List;
import java.util.Optional;

/**
 * A message to hand on.
 *
 * @param reversePath empty for the null reverse-path
 * @param parameters those of its own MAIL FROM; passed on as far as the server can
 * @param recipients at least one
 * @param content stays its owner's
 * @param shape what is in {@code content}
 */
public record OutgoingMessage(
        Optional<Address> reversePath, MailParameters parameters, List<Recipient> recipients, Content content, MessageShape shape) {
    public OutgoingMessage {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("no recipients");
        }
    }

    /** What its connection must be. */
    public Handling.Tls tls() {
        return parameters.handling().tls();
    }

    /** This with another wish for TLS. */
    public OutgoingMessage with(Handling.Tls tls) {
        return new OutgoingMessage(reversePath, parameters.with(parameters.handling().with(tls)), recipients, content, shape);
    }

    /** Whether it can be sent only to a server with SMTPUTF8 (RFC 6531 §3.4): an address or a header field is not US-ASCII. */
    boolean needsUtf8() {
        return shape.headerHasUtf8()
                || reversePath.map(OutgoingMessage::isInternational).orElse(false)
                || recipients.stream().anyMatch(recipient -> isInternational(recipient.address()));
    }

    private static boolean isInternational(Address address) {
        return address.localPart().chars().anyMatch(c -> c >= 0x80);
    }
}
