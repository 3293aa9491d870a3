package io.mailserver.smtp;

/** A line that is no command; carries the reply that says so. Has no stack trace: it is an answer to a client, not a bug. */
public final class SmtpSyntaxException extends Exception {
    private final transient Reply reply;

    public SmtpSyntaxException(Reply reply) {
        super(reply.lines().getFirst(), null, false, false);
        this.reply = reply;
    }

    public Reply reply() {
        return reply;
    }
}
