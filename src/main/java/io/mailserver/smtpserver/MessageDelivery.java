package io.mailserver.smtpserver;

import io.mailserver.base.Content;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;

/**
 * Takes over responsibility for a message: the half of the server behind a session that is asked after DATA. Implemented by
 * {@code delivery.Intake} (through {@code app}) and by mini-smtp. Called on the session's virtual thread; blocks until the message
 * is durable and visible, or refused.
 */
public interface MessageDelivery {
    /**
     * Delivers to every recipient of the envelope or to none. A positive reply means durable and visible in every mailbox
     * (DESIGN invariant 1); any other reply means that nothing of it is visible anywhere. Never throws for a full disk, a missing
     * folder or other trouble of the world: that is a 4xx reply. The caller closes {@code content}.
     */
    Reply deliver(Envelope envelope, Content content);
}
