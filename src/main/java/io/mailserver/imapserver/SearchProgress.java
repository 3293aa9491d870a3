package io.mailserver.imapserver;

import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.StatusResponse;
import io.mailserver.search.MailboxSearch;
import java.io.IOException;
import java.time.Duration;

/** Tells a client that waits how far its search has come (RFC 9585), and ends the search when nobody waits any more. */
final class SearchProgress implements MailboxSearch.Progress {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final SessionContext context;
    private final String tag;
    private long lastNanos;

    SearchProgress(SessionContext context, String tag) {
        this.context = context;
        this.tag = tag;
        this.lastNanos = context.services().time().nanos();
    }

    @Override
    public boolean at(int done, int total) {
        long now = context.services().time().nanos();
        if (now - lastNanos < INTERVAL_NANOS) {
            return true;
        }
        lastNanos = now;
        try {
            context.out().untagged(StatusResponse.ok(new ResponseCode.InProgress(tag, done, total), "Still searching"));
            context.out().flush();
            return true;
        } catch (IOException e) {
            return false; // the session's next write meets the same end and ends the session
        }
    }
}
