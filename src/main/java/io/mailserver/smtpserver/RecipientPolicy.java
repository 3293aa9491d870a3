package io.mailserver.smtpserver;

import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import java.util.Optional;

/**
 * Who may send and who is a recipient: the half of the server behind a session that is asked before DATA. Implemented by
 * {@code delivery.Intake} (through {@code app}) and by mini-smtp. Called on the session's virtual thread; may block shortly.
 */
public interface RecipientPolicy {
    /** Whether this reverse-path (in {@code envelope}, no recipients yet) may start a transaction; empty means yes. */
    default Optional<Reply> refuseSender(Envelope envelope) {
        return Optional.empty();
    }

    /** Whether {@code recipient} may join {@code envelope}; empty means yes, else the refusal to send. */
    Optional<Reply> refuseRecipient(Envelope envelope, Address recipient);
}
