package io.mailserver.queue;

import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Recipient;
import java.util.Optional;

/**
 * Follows what becomes of messages. Called by workers when the outcome is noted; must not throw. Outcomes that a crash makes the queue
 * find out again are told again.
 */
public interface Outcomes {
    /** For those who do not care. */
    Outcomes NONE = new Outcomes() {
        @Override
        public Optional<String> envelopeId(QueuedMessage message, String destination) {
            return Optional.empty();
        }

        @Override
        public void delivered(QueuedMessage message, Recipient recipient) {}

        @Override
        public void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, String reply) {}
    };

    /**
     * The id (ENVID, RFC 3461 §4.4) under which a message goes to a destination where its sender gave it none: reports that come back
     * later bear it. Empty for no id.
     */
    Optional<String> envelopeId(QueuedMessage message, String destination);

    /** The next server has taken the message. */
    void delivered(QueuedMessage message, Recipient recipient);

    /**
     * The message was given up.
     *
     * @param reply the other server's words, or what went wrong
     */
    void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, String reply);
}
