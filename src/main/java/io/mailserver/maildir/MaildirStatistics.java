package io.mailserver.maildir;

import java.util.concurrent.atomic.LongAdder;

/** What Maildir writers did since the start; counted by any thread. */
public final class MaildirStatistics {
    final LongAdder files = new LongAdder();
    final LongAdder links = new LongAdder();
    final LongAdder flushes = new LongAdder();
    final LongAdder takenBack = new LongAdder();
    final LongAdder staleFailures = new LongAdder();

    /** Messages made visible in a mailbox, links included. */
    public long files() {
        return files.sum();
    }

    /** How many of {@link #files()} share their octets with another mailbox's file. */
    public long links() {
        return links.sum();
    }

    /** Flushes of files and folders. */
    public long flushes() {
        return flushes.sum();
    }

    /** Messages that were visible and were taken back because another mailbox of the same delivery failed. */
    public long takenBack() {
        return takenBack.sum();
    }

    /** How often {@code tmp} of a mailbox could not be cleared of stale files. */
    public long staleFailures() {
        return staleFailures.sum();
    }
}
