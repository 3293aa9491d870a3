package io.mailserver.delivery;

import io.mailserver.base.Content;
import io.mailserver.log.EventLog;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The copies of one message that leave for other servers: all of them durable in the queue, where they wait until the mailboxes here have
 * the message too, then let go or taken back together. Belongs to one thread.
 */
final class Departures {
    private final List<MailQueue.Accepted> waiting = new ArrayList<>();
    private final List<QueueEnvelope> envelopes = new ArrayList<>();
    private final String messageId;
    private final EventLog log;

    /**
     * One copy.
     *
     * @param head header fields to put on top
     * @param ours whether it is signed for its author: {@link Outbound#accept}
     */
    record Departure(QueueEnvelope envelope, String head, boolean ours) {}

    private Departures(String messageId, EventLog log) {
        this.messageId = messageId;
        this.log = log;
    }

    /** No copies. */
    static Departures none(EventLog log) {
        return new Departures("", log);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Makes all copies durable, or none. */
    static Departures prepare(List<Departure> copies, Content content, Outbound outbound, String messageId, EventLog log)
            throws IOException {
        Departures departures = new Departures(messageId, log);
        boolean done = false;
        try {
            for (Departure copy : copies) {
                departures.waiting.add(copy.ours()
                        ? outbound.accept(copy.envelope(), copy.head(), content)
                        : outbound.pass(copy.envelope(), copy.head(), content));
                departures.envelopes.add(copy.envelope());
            }
            done = true;
            return departures;
        } finally {
            if (!done) {
                departures.withdraw();
            }
        }
    }

    /** Lets them go. */
    void release(long size) {
        for (int i = 0; i < waiting.size(); i++) {
            QueueEnvelope envelope = envelopes.get(i);
            int recipients = envelope.recipients().size();
            waiting.get(i).release();
            log.say(
                    "[QUEUE] " + waiting.get(i).id() + ": " + messageId + " for " + recipients
                            + (recipients == 1 ? " recipient" : " recipients"),
                    "queue.accepted",
                    "message", messageId,
                    "queue", waiting.get(i).id(),
                    "account", envelope.account(),
                    "from", envelope.sender(),
                    "recipients", recipients,
                    "size", size);
        }
    }

    /** Takes them back. */
    void withdraw() {
        for (MailQueue.Accepted each : waiting) {
            try {
                each.withdraw();
            } catch (IOException e) {
                // It is not sent by this process; after a restart it is, and its sender's next try makes a second one.
                log.error("queue.not-withdrawn", e, "message", messageId, "queue", each.id());
            }
        }
    }
}
