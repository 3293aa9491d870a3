package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.smtp.Reply;

/** Delivers what the queue holds for this server's own mailboxes: notices, and mail for domains that have become ours. */
public interface LocalDelivery {
    /**
     * Delivers to one recipient; positive means durable and visible.
     *
     * @param recipient its number in the envelope
     */
    Reply deliver(QueuedMessage message, int recipient, Content content);
}
