package io.mailserver.smtpserver;

import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import io.mailserver.smtp.SmtpCommand;

/**
 * Sees what sessions do, for the console and for figures. Called on the session's thread, in order; must not block or throw. Implemented
 * by the server's console, by mini-smtp's, and by the metrics.
 */
public interface SessionWatch {
    /** A session begins. */
    default void connected(Client client) {}

    /** A command was answered; DATA with what its message was answered, after {@link #finished}. */
    default void answered(Client client, SmtpCommand command, Reply reply) {}

    /** A line that is no command was refused. */
    default void rejected(Client client, Reply reply) {}

    /** A message begins to come in: DATA was answered 354, or the first BDAT was accepted. */
    default void receiving(Envelope envelope) {}

    /**
     * A message was answered, with 250 or a refusal.
     *
     * @param octets its size; of a refused one: what was read of it
     */
    default void finished(Envelope envelope, long octets, Reply reply) {}

    /** An attempt to log in was answered. */
    default void login(Client client, boolean successful) {}

    /** A session ended. */
    default void disconnected(Client client) {}

    /** Both, this one first. */
    default SessionWatch and(SessionWatch second) {
        return new SessionWatches(this, second);
    }

    /** A watch that does nothing. */
    SessionWatch NONE = new SessionWatch() {};
}
