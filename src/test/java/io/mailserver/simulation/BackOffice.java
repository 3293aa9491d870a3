package io.mailserver.simulation;

import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.smtpserver.MessageDelivery;
import io.mailserver.smtpserver.RecipientPolicy;
import java.io.IOException;
import java.util.List;

/** What stands behind the sessions of an {@link SmtpWorld}. */
interface BackOffice extends RecipientPolicy, MessageDelivery, PasswordVerifier, AutoCloseable {
    /** Does what a {@code !} line says; false if it does not know the words. */
    boolean act(List<String> words) throws IOException;

    /** The octets of the message that was stored last, without the fields the server adds. */
    byte[] lastStored() throws IOException;

    @Override
    void close() throws IOException;
}
