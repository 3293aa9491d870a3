package io.mailserver.smtpserver;

import io.mailserver.log.EventLog;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Recipient;

/** The server's lines for people: {@code [SMTP:25] MAIL FROM:<…> RCPT TO:<…>} as each message begins to come in. */
public final class ServerConsole implements SessionWatch {
    /** A message to more of them is said with their number. */
    private static final int MAX_NAMED = 20;

    private final EventLog log;

    public ServerConsole(EventLog log) {
        this.log = log;
    }

    @Override
    public void receiving(Envelope envelope) {
        StringBuilder line = new StringBuilder(128)
                .append("[SMTP:")
                .append(envelope.client().localPort())
                .append("] MAIL FROM:<")
                .append(envelope.sender())
                .append('>');
        envelope.recipients().stream().limit(MAX_NAMED).map(Recipient::address).forEach(
                address -> line.append(" RCPT TO:<").append(address).append('>'));
        int more = envelope.recipients().size() - MAX_NAMED;
        if (more > 0) {
            line.append(" and ").append(more).append(" more");
        }
        log.say(
                line.toString(),
                "smtp.receiving",
                "address", envelope.client().address().getHostAddress(),
                "port", envelope.client().localPort(),
                "from", envelope.sender(),
                "recipients", envelope.recipients().size());
    }
}
