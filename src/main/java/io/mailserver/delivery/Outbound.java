package io.mailserver.delivery;

import io.mailserver.base.Content;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes over what is for other servers. Implemented by {@code app} over {@code queue.MailQueue} and {@code submission.OutgoingSigner}. */
public interface Outbound {
    /**
     * A limit that one more message would pass.
     *
     * @param what is limited, for people, such as "as many messages as one may in a day"
     * @param until when the message would be within it
     */
    record Exhausted(String what, Instant until) {}

    /**
     * The limit that keeps an account from sending one more message to these recipients now; empty if it may.
     *
     * @param account as its canonical address
     * @param recipients elsewhere
     */
    default Optional<Exhausted> exhausted(String account, List<Address> recipients) {
        return Optional.empty();
    }

    /** Counts a message of an account that was accepted. */
    default void count(String account, List<Address> recipients) {}

    /**
     * Signs a message for its author's domain and makes it durable in the queue, where it waits to be released or withdrawn. Only for
     * authors whose right to the address was checked.
     *
     * @param head header fields to put on top, signatures above them
     * @param content stays its owner's
     */
    MailQueue.Accepted accept(QueueEnvelope envelope, String head, Content content) throws IOException;

    /**
     * Makes a message of somebody else durable in the queue without signing it, so that nobody gets our word for a forged author.
     *
     * @param head header fields to put on top
     * @param content stays its owner's
     */
    MailQueue.Accepted pass(QueueEnvelope envelope, String head, Content content) throws IOException;
}
