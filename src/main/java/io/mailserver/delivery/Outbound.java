package io.mailserver.delivery;

import io.mailserver.base.Content;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import java.io.IOException;

/** Takes over what is for other servers. Implemented by {@code app} over {@code queue.MailQueue} and {@code submission.OutgoingSigner}. */
public interface Outbound {
    /**
     * Signs a message and makes it durable in the queue, where it waits to be released or withdrawn.
     *
     * @param head header fields to put on top, signatures above them
     * @param content stays its owner's
     */
    MailQueue.Accepted accept(QueueEnvelope envelope, String head, Content content) throws IOException;
}
