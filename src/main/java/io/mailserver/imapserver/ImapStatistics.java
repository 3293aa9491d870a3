package io.mailserver.imapserver;

import io.mailserver.metrics.Metrics;
import java.util.concurrent.atomic.LongAdder;

/** What sessions did since the start; counted by any thread. */
public final class ImapStatistics {
    final LongAdder started = new LongAdder();
    final LongAdder ended = new LongAdder();
    final LongAdder overTls = new LongAdder();
    final LongAdder commands = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder bugs = new LongAdder();
    final LongAdder fetched = new LongAdder();
    final LongAdder appended = new LongAdder();
    final LongAdder idleBegun = new LongAdder();
    final LongAdder idleEnded = new LongAdder();

    /** Sessions that are open now. */
    public long open() {
        return started.sum() - ended.sum();
    }

    /** Registers these figures; once. */
    public void measure(Metrics metrics) {
        metrics.gauge("imap_sessions", "IMAP sessions open now.", this::open);
        metrics.gauge("imap_sessions_idle", "IMAP sessions in IDLE now.", () -> idleBegun.sum() - idleEnded.sum());
        metrics.counter("imap_sessions_started", "IMAP sessions begun.", started::sum);
        metrics.counter("imap_sessions_over_tls", "IMAP sessions that ended under TLS.", overTls::sum);
        metrics.counter("imap_commands", "IMAP commands.", commands::sum);
        metrics.counter("imap_commands_refused", "IMAP commands answered with NO or BAD.", refused::sum);
        metrics.counter("imap_commands_failed", "IMAP commands ended by a bug.", bugs::sum);
        metrics.counter("imap_messages_fetched", "Messages told in answers to FETCH.", fetched::sum);
        metrics.counter("imap_messages_appended", "Messages stored by APPEND.", appended::sum);
    }
}
