package io.mailserver.delivery;

import io.mailserver.base.Content;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Takes over what is for other servers. Implemented by {@code app} over {@code queue.MailQueue} and {@code submission.OutgoingSigner}. */
@FunctionalInterface
public interface Outbound {
    /**
     * When an account may send one more message to so many recipients elsewhere; empty if it may now.
     *
     * @param account as its canonical address
     */
    default Optional<Instant> exhaustedUntil(String account, int recipients) {
        return Optional.empty();
    }

    /**
     * Signs a message and makes it durable in the queue, where it waits to be released or withdrawn.
     *
     * @param head header fields to put on top, signatures above them
     * @param content stays its owner's
     */
    MailQueue.Accepted accept(QueueEnvelope envelope, String head, Content content) throws IOException;
}
