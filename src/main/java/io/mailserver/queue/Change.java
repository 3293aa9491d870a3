package io.mailserver.queue;

import io.mailserver.base.Content;
import java.time.Instant;
import java.util.List;

/** One change of the queue. Several are made durable together: after a crash a later one is there only if all before it are. */
public sealed interface Change {
    /**
     * A new message.
     *
     * @param id from {@link QueueStore#nextId}
     * @param created now
     * @param due when its recipients are tried first
     * @param head header fields to put before {@code content}, each ended by CRLF; may be empty
     * @param content stays its owner's, and may be closed as soon as the change is made
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Add(QueueId id, Instant created, Instant due, QueueEnvelope envelope, byte[] head, Content content)
            implements Change {
        long octets() {
            return head.length + content.size();
        }
    }

    /**
     * New states of some recipients of a message. Where it was the last recipient with something left to do, the message goes.
     *
     * @param recipients numbers of recipients, from 0 in the envelope's order
     * @param states as many
     */
    record Update(QueueId id, List<Integer> recipients, List<RecipientState> states) implements Change {
        public Update {
            recipients = List.copyOf(recipients);
            states = List.copyOf(states);
            if (recipients.isEmpty() || recipients.size() != states.size()) {
                throw new IllegalArgumentException(recipients.size() + " recipients, " + states.size() + " states");
            }
        }

        /** For one recipient. */
        public static Update of(QueueId id, int recipient, RecipientState state) {
            return new Update(id, List.of(recipient), List.of(state));
        }
    }

    /** The message goes, whatever its recipients' states. */
    record Delete(QueueId id) implements Change {}
}
