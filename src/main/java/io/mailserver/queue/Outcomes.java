package io.mailserver.queue;

import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtpclient.RecipientResult;
import java.util.List;
import java.util.Optional;

/**
 * Follows what becomes of messages. Called by workers when the outcome is noted; must not throw. Outcomes that a crash makes the queue
 * find out again are told again.
 */
public interface Outcomes {
    /** For those who do not care. */
    Outcomes NONE = new Outcomes() {
        @Override
        public Optional<String> envelopeId(QueuedMessage message, List<Recipient> recipients) {
            return Optional.empty();
        }

        @Override
        public void delivered(QueuedMessage message, Recipient recipient) {}

        @Override
        public void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, RecipientResult result) {}
    };

    /**
     * The id (ENVID, RFC 3461 §4.4) under which a message goes to some of its recipients in one transaction, where its sender gave it
     * none: reports that come back later bear it. Empty for no id.
     */
    Optional<String> envelopeId(QueuedMessage message, List<Recipient> recipients);

    /** The next server has taken the message. */
    void delivered(QueuedMessage message, Recipient recipient);

    /**
     * The message was given up.
     *
     * @param status the reason: that of {@code result}, or that its time is over
     * @param result what the last attempt got: where it was decided, and the other server's words if it said any
     */
    void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, RecipientResult result);

    /** Several, told one after the other; an id is the first that one of them has. */
    static Outcomes all(List<Outcomes> listeners) {
        return new Outcomes() {
            @Override
            public Optional<String> envelopeId(QueuedMessage message, List<Recipient> recipients) {
                return listeners.stream().flatMap(each -> each.envelopeId(message, recipients).stream()).findFirst();
            }

            @Override
            public void delivered(QueuedMessage message, Recipient recipient) {
                listeners.forEach(each -> each.delivered(message, recipient));
            }

            @Override
            public void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, RecipientResult result) {
                listeners.forEach(each -> each.failed(message, recipient, status, result));
            }
        };
    }
}
