package io.mailserver.delivery;

import io.mailserver.account.SendingLimits;
import io.mailserver.account.Suppression;
import io.mailserver.base.Content;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Takes over what is for other servers. Implemented by {@code app} over {@code queue.MailQueue} and {@code submission.OutgoingSigner}. */
public interface Outbound {
    /** The place of one message among those that its account may send. */
    interface Share {
        /** Of those who may send without limits. */
        Share UNLIMITED = new Share() {
            @Override
            public Optional<SendingLimits.Refusal> refusal() {
                return Optional.empty();
            }

            @Override
            public void giveBack() {}
        };

        /** Why there is none; empty: the message is counted. */
        Optional<SendingLimits.Refusal> refusal();

        /** The message was not accepted after all. */
        void giveBack();
    }

    /**
     * Counts one more message of an account, if that may send it now.
     *
     * @param account as its canonical address
     * @param recipients elsewhere, at least one
     */
    default Share reserve(String account, List<Address> recipients) throws IOException {
        return Share.UNLIMITED;
    }

    /**
     * Whether mail of an account to an address elsewhere is refused, because that server knows no such mailbox.
     *
     * @param account as its canonical address
     */
    default Optional<Suppression> suppressed(String account, Address recipient) throws IOException {
        return Optional.empty();
    }

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
