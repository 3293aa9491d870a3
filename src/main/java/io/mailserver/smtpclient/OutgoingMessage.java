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

    /** This as other octets. */
    public OutgoingMessage with(MailParameters.Body body, Content newContent, MessageShape newShape) {
        MailParameters now = new MailParameters(parameters.size(), body, parameters.smtputf8(), parameters.ret(), parameters.envid(),
                parameters.auth(), parameters.handling());
        return new OutgoingMessage(reversePath, now, recipients, newContent, newShape);
    }

    /**
     * Whether a server must get it in 7 bits and short lines, as every server takes them: it does not take all that is in here (RFC 6152
     * §3, RFC 3030 §3, RFC 5321 §4.5.3.1.6). With LMTP the server is one of our own side, and 8 bits are expected of it.
     */
    public boolean needsSevenBit(Extensions extensions, boolean lmtp) {
        return !takesBinary(extensions)
                && (isBinary() || shape.longLines() || (shape.eightBit() && !lmtp && !extensions.has("8BITMIME")));
    }

    /** What came as text gets the line ends of text; only what came as BINARYMIME is more than that (RFC 3030 §3). */
    boolean isBinary() {
        return shape.binary() && parameters.body() == MailParameters.Body.BINARY_MIME;
    }

    /** RFC 3030 §3. */
    static boolean takesBinary(Extensions extensions) {
        return extensions.has("CHUNKING") && extensions.has("BINARYMIME");
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
