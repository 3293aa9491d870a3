package io.mailserver.delivery;

import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Recipient;
import java.net.InetAddress;
import java.util.List;

/**
 * What SMTP told of a message before its first octet, as far as it is judged by it.
 *
 * @param client the address of the client
 * @param helo what it called itself, as it came
 * @param mailFrom the reverse-path without angle brackets; empty for the null one
 * @param recipients whom it is for; none where nobody asks for them, as on the command line
 */
public record Transaction(InetAddress client, String helo, String mailFrom, List<Address> recipients) {
    public Transaction {
        recipients = List.copyOf(recipients);
    }

    /** The part of an envelope that messages are judged by. */
    public static Transaction of(Envelope envelope) {
        return new Transaction(envelope.client().address(), envelope.client().helo(), envelope.sender(),
                envelope.recipients().stream().map(Recipient::address).toList());
    }
}
