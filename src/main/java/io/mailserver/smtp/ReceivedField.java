package io.mailserver.smtp;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The trace field a receiving server adds on top of a message (RFC 5321 §4.4). */
public final class ReceivedField {
    /** RFC 5322 §3.3. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private ReceivedField() {}

    /**
     * The whole field with its line ends. Names a recipient only where there is just one, so that no blind copy is told of another
     * (RFC 5321 §7.2).
     *
     * @param byHost the name of this host
     * @param nameRecipient false for octets that several recipients share
     */
    public static String format(Envelope envelope, String byHost, ZonedDateTime date, boolean nameRecipient) {
        Client client = envelope.client();
        StringBuilder field = new StringBuilder(256).append("Received: from ");
        if (client.service() == Client.Service.SUBMISSION && client.authenticated().isPresent()) {
            // Where our users are when they write is nobody's business (RFC 5321 §7.6, RFC 6409).
            field.append(byHost).append(" (submission)");
        } else {
            String helo = client.helo().isEmpty() ? "unknown" : client.helo();
            field.append(helo).append(" (").append(AddressLiteral.format(client.address())).append(')');
        }
        field.append("\r\n\tby ")
                .append(byHost)
                .append(" with ")
                .append(protocol(client, envelope.parameters().smtputf8()))
                .append(" id ")
                .append(envelope.messageId());
        client.tls().ifPresent(tls ->
                field.append("\r\n\t(").append(tls.protocol()).append(' ').append(tls.cipher()).append(')'));
        if (nameRecipient && envelope.recipients().size() == 1) {
            field.append("\r\n\tfor <").append(envelope.recipients().getFirst().address()).append('>');
        }
        return field.append(";\r\n\t").append(DATE.format(date)).append("\r\n").toString();
    }

    /** RFC 3848, RFC 6531 §4.3: what the {@code with} clause says of how the message came. */
    static String protocol(Client client, boolean smtputf8) {
        boolean lmtp = client.service() == Client.Service.LMTP;
        if (!client.esmtp()) {
            return "SMTP";
        }
        String base = lmtp ? "LMTP" : smtputf8 ? "SMTP" : "ESMTP";
        return (smtputf8 ? "UTF8" : "")
                + base
                + (client.tls().isPresent() ? "S" : "")
                + (client.authenticated().isPresent() ? "A" : "");
    }
}
