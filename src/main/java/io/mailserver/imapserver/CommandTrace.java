package io.mailserver.imapserver;

import io.mailserver.imap.AuthorizedUrl;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapFrame;
import io.mailserver.imap.TaggedCommand;
import io.mailserver.log.SessionTrace;

/** Commands in the trace, without what is secret in them. */
final class CommandTrace {
    private CommandTrace() {}

    static void received(SessionTrace trace, ImapFrame frame, TaggedCommand tagged) {
        if (!trace.on()) {
            return;
        }
        String tag = tagged.tag();
        switch (tagged.command()) {
            case ImapCommand.Login login -> trace.receivedSecret(tag + " LOGIN " + login.user(), login.password().length());
            case ImapCommand.Authenticate authenticate -> {
                String visible = tag + " AUTHENTICATE " + authenticate.mechanism();
                if (authenticate.initialResponse().isPresent()) {
                    trace.receivedSecret(visible, authenticate.initialResponse().get().length());
                } else {
                    trace.received(visible);
                }
            }
            default -> lines(trace, frame);
        }
    }

    /** A line that is no command may be a password that lost its way: its tag and length are all that is shown. */
    static void notUnderstood(SessionTrace trace, ImapFrame frame) {
        if (trace.on()) {
            trace.receivedSecret("", frame.text().length());
        }
    }

    private static void lines(SessionTrace trace, ImapFrame frame) {
        for (String line : frame.text().split("\r\n", -1)) {
            trace.received(AuthorizedUrl.withoutTokens(line));
        }
    }
}
