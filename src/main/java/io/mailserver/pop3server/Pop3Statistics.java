package io.mailserver.pop3server;

import io.mailserver.metrics.Metrics;
import java.util.concurrent.atomic.LongAdder;

/** What sessions did since the start; counted by any thread. */
public final class Pop3Statistics {
    final LongAdder started = new LongAdder();
    final LongAdder ended = new LongAdder();
    final LongAdder retrieved = new LongAdder();
    final LongAdder deleted = new LongAdder();
    final LongAdder bugs = new LongAdder();

    /** Registers these figures; once. */
    public void measure(Metrics metrics) {
        metrics.gauge("pop3_sessions", "POP3 sessions open now.", () -> started.sum() - ended.sum());
        metrics.counter("pop3_sessions_started", "POP3 sessions begun.", started::sum);
        metrics.counter("pop3_messages_retrieved", "Messages sent by RETR.", retrieved::sum);
        metrics.counter("pop3_messages_deleted", "Messages removed by QUIT.", deleted::sum);
        metrics.counter("pop3_commands_failed", "POP3 commands ended by a bug.", bugs::sum);
    }
}
