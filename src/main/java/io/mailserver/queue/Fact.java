package io.mailserver.queue;

import io.mailserver.smtp.DeliverBy;
import io.mailserver.smtp.Handling;
import java.time.Instant;
import java.util.List;

/** The part of a record that the index in memory needs. The other part, addresses and texts, is read when somebody asks. */
sealed interface Fact {
    /** The message that it is about. */
    long id();

    /**
     * A message.
     *
     * @param created in seconds since 1970
     * @param account who sent it
     * @param fileOctets the size of its octets where they are in a file of their own; -1 where they are in the record
     * @param due when its recipients are tried first, in seconds since 1970
     * @param destinations of its recipients, in their order
     * @param steps none for a new message; else the recipients' states when the record was copied, in the same record as the message so
     *     that no crash can part them
     * @param urgency how soon it is to go
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Added(
            long id, long created, String account, long fileOctets, long due, List<String> destinations, Step[] steps, Urgency urgency)
            implements Fact {}

    /**
     * What a message's sender says of its urgency.
     *
     * @param priority -9 to 9
     * @param deadline by when it is to be delivered, in seconds since 1970; 0 for no such time
     * @param returned whether it goes back then; else its sender is told that it is late
     */
    record Urgency(int priority, long deadline, boolean returned) {
        static final Urgency USUAL = new Urgency(0, 0, false);

        static Urgency of(Handling handling) {
            return new Urgency(
                    handling.priority(),
                    handling.deliverBy().map(by -> by.deadline(Instant.EPOCH).getEpochSecond()).orElse(0L),
                    handling.deliverBy().map(DeliverBy::returned).orElse(false));
        }
    }

    /**
     * New states of some of its recipients.
     *
     * @param recipients as many as {@code steps}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Updated(long id, int[] recipients, Step[] steps) implements Fact {}

    /** The message is gone. */
    record Deleted(long id) implements Fact {}

    /**
     * A recipient's state without its text.
     *
     * @param due in seconds since 1970
     */
    record Step(RecipientStatus status, int attempts, long due, boolean delayNotified) {
        static final Step[] NONE = {};
        static final Step GONE = new Step(RecipientStatus.DELIVERED, 0, 0, false);

        static Step of(RecipientState state) {
            return new Step(state.status(), state.attempts(), state.due().getEpochSecond(), state.delayNotified());
        }
    }
}
