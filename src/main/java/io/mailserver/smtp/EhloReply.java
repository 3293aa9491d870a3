package io.mailserver.smtp;

import java.util.ArrayList;
import java.util.List;

/**
 * The answer to EHLO or LHLO (RFC 5321 §4.1.1.1): who we are and what we can.
 *
 * @param host the name of this host
 * @param client what to call the client: its name and address
 * @param maxMessageOctets for SIZE (RFC 1870 §3)
 * @param maxRecipients for LIMITS RCPTMAX (RFC 9422 §4.2)
 * @param maxMessages for LIMITS MAILMAX (RFC 9422 §4.1)
 * @param startTls whether STARTTLS is offered now
 * @param mechanisms for AUTH; none: AUTH is not offered
 * @param dsn whether wishes for notices are honoured (RFC 3461)
 * @param further extensions with their parameters, a line each
 * @param xclient whether XCLIENT is offered to this client
 */
public record EhloReply(
        String host,
        String client,
        long maxMessageOctets,
        int maxRecipients,
        int maxMessages,
        boolean startTls,
        List<String> mechanisms,
        boolean dsn,
        List<String> further,
        boolean xclient) {
    public EhloReply {
        further = List.copyOf(further);
    }

    /** As a reply. */
    public Reply toReply() {
        List<String> lines = new ArrayList<>(12);
        lines.add(host + " greets " + client);
        lines.add("PIPELINING");
        lines.add("SIZE " + maxMessageOctets);
        if (startTls) {
            lines.add("STARTTLS");
        }
        if (!mechanisms.isEmpty()) {
            lines.add("AUTH " + String.join(" ", mechanisms));
        }
        lines.add("ENHANCEDSTATUSCODES");
        lines.add("8BITMIME");
        lines.add("BINARYMIME");
        lines.add("CHUNKING");
        lines.add("SMTPUTF8");
        if (dsn) {
            lines.add("DSN");
        }
        lines.addAll(further);
        lines.add("LIMITS MAILMAX=" + maxMessages + " RCPTMAX=" + maxRecipients);
        if (xclient) {
            lines.add("XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT");
        }
        return new Reply(250, null, lines, false);
    }
}
