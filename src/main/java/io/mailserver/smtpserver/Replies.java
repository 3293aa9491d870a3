package io.mailserver.smtpserver;

import io.mailserver.net.EndOfInput;
import io.mailserver.smtp.Reply;
import java.util.List;

/** The replies of a session that do not depend on what was asked. */
final class Replies {
    static final Reply OK = Reply.of(250, "2.0.0", "OK");
    static final Reply SENDER_OK = Reply.of(250, "2.1.0", "Sender ok");
    static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "Recipient ok");
    static final Reply SEND_DATA = Reply.bare(354, "Start mail input; end with <CRLF>.<CRLF>");
    static final Reply START_TLS = Reply.of(220, "2.0.0", "Ready to start TLS");
    static final Reply CANNOT_VERIFY = Reply.of(252, "2.0.0", "Cannot verify addresses here; send mail and see"); // RFC 5321 §3.5.3
    static final Reply NO_EXPANSION = Reply.of(502, "5.5.1", "EXPN is not available here");
    static final Reply HELP = new Reply(
            214,
            Reply.of(214, "2.0.0", "").status(),
            List.of(
                    "EHLO HELO LHLO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT STARTTLS AUTH",
                    "By hand: EHLO my.host, MAIL FROM:<me@my.host>, RCPT TO:<you@this.host>, DATA, text, a line with a dot, QUIT",
                    "Each line must end with CRLF: use nc -C"),
            false);

    static final Reply BARE_LINE_FEED =
            Reply.of(500, "5.5.2", "Command lines must end with CRLF, not LF alone. When typing by hand use: nc -C");
    static final Reply HELLO_FIRST = Reply.of(503, "5.5.1", "Say EHLO first");
    static final Reply LHLO_HERE = Reply.of(500, "5.5.1", "This is LMTP: say LHLO"); // RFC 2033 §4.1
    static final Reply NO_LMTP = Reply.of(500, "5.5.1", "This is SMTP: say EHLO");
    static final Reply TLS_FIRST = Reply.of(530, "5.7.0", "Must issue a STARTTLS command first"); // RFC 3207 §4
    static final Reply TLS_FIRST_FROM_THIS_DOMAIN =
            Reply.of(530, "5.7.0", "Must issue a STARTTLS command first: this sender domain's mail is accepted over TLS only");
    static final Reply LOGIN_FIRST = Reply.of(530, "5.7.0", "Authentication required"); // RFC 4954 §6
    static final Reply NOT_IN_TRANSACTION = Reply.of(503, "5.5.1", "Not within a mail transaction; finish it or say RSET");
    static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "Say MAIL first");
    static final Reply RECIPIENT_FIRST = Reply.of(503, "5.5.1", "No recipient was accepted; say RCPT first");
    static final Reply CHUNKS_ONLY = Reply.of(503, "5.5.1", "The message has begun with BDAT; go on with BDAT or say RSET"); // RFC 3030 §2
    static final Reply BINARY_BY_CHUNKS = Reply.of(503, "5.5.1", "A BINARYMIME message must come by BDAT"); // RFC 3030 §3
    static final Reply NO_TLS = Reply.of(502, "5.5.1", "STARTTLS is not available here");
    static final Reply TLS_ALREADY = Reply.of(503, "5.5.1", "TLS is active already");
    static final Reply TOO_MANY_RECIPIENTS =
            Reply.of(452, "4.5.3", "Too many recipients; send the message again for the others"); // RFC 5321 §4.5.3.1.10
    static final Reply TOO_MANY_MESSAGES =
            Reply.of(421, "4.7.0", "Too many messages in one connection; connect again").closing();
    static final Reply TOO_MANY_ERRORS = Reply.of(421, "4.7.0", "Too many errors; closing the connection").closing();
    static final Reply FAULT = Reply.of(421, "4.3.0", "Something went wrong here; try again later").closing();
    static final Reply XCLIENT_REFUSED = Reply.of(550, "5.7.0", "XCLIENT is for trusted proxies only");

    private Replies() {}

    /** The goodbye when a client's input has ended before it should. */
    static Reply goodbye(EndOfInput reason) {
        return switch (reason) {
            case SERVER_STOPPING -> Reply.of(421, "4.3.2", "The server is stopping; try again later").closing(); // RFC 5321 §3.8
            case TIMED_OUT -> Reply.of(421, "4.4.2", "Waited too long; closing the connection").closing();
            case PEER_CLOSED, NONE -> Reply.of(421, "4.4.2", "The connection ended within a message").closing();
        };
    }
}
