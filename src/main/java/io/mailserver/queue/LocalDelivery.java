package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.dsn.RecipientNotice;
import io.mailserver.smtp.Reply;
import java.util.Optional;

/** Delivers what the queue holds for this server's own addresses: notices, and mail for domains that have become ours. */
public interface LocalDelivery {
    /**
     * What came of it.
     *
     * @param reply positive means durable and visible
     * @param receipt what a sender is told who asked for word of success; empty where the wish went on with the message
     */
    record Result(Reply reply, Optional<RecipientNotice.Action> receipt) {
        /** Of a delivery that failed. */
        public static Result failed(Reply reply) {
            return new Result(reply, Optional.empty());
        }
    }

    /**
     * Delivers to one recipient.
     *
     * @param recipient its number in the envelope
     */
    Result deliver(QueuedMessage message, int recipient, Content content);
}
