package io.mailserver.smtpserver;

import io.mailserver.metrics.Metrics;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import io.mailserver.smtp.SmtpCommand;
import java.util.concurrent.atomic.LongAdder;

/** What sessions did since the start; counted by any thread. */
public final class SessionStatistics implements SessionWatch {
    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder overTls = new LongAdder();
    private final LongAdder refusedCommands = new LongAdder();
    private final LongAdder rejectedMessages = new LongAdder();
    private final LongAdder deferredMessages = new LongAdder();
    private final LongAdder messagesOverTls = new LongAdder();
    private final LongAdder octets = new LongAdder();

    @Override
    public void connected(Client client) {
        started.increment();
    }

    @Override
    public void rejected(Client client, Reply reply) {
        refusedCommands.increment();
    }

    @Override
    public void answered(Client client, SmtpCommand command, Reply reply) {
        if (!reply.isPositive()) {
            refusedCommands.increment();
        }
    }

    @Override
    public void finished(Envelope envelope, long messageOctets, Reply reply) {
        octets.add(messageOctets);
        if (reply.isPermanent()) {
            rejectedMessages.increment();
        } else if (!reply.isPositive()) {
            deferredMessages.increment();
        } else if (envelope.client().tls().isPresent()) {
            messagesOverTls.increment();
        }
    }

    @Override
    public void disconnected(Client client) {
        ended.increment();
        if (client.tls().isPresent()) {
            overTls.increment();
        }
    }

    /** Sessions that are open now. */
    public long open() {
        return started.sum() - ended.sum();
    }

    /** Messages answered with 4xx after their octets had come in. */
    public long deferredMessages() {
        return deferredMessages.sum();
    }

    /** Messages answered with 5xx after their octets had come in. */
    public long rejectedMessages() {
        return rejectedMessages.sum();
    }

    /** Commands and lines answered with 4xx or 5xx. */
    public long refusedCommands() {
        return refusedCommands.sum();
    }

    /** Registers these figures; once. */
    public void measure(Metrics metrics) {
        metrics.gauge("smtp_sessions", "SMTP sessions open now.", this::open);
        metrics.counter("smtp_sessions_started", "SMTP sessions begun.", started::sum);
        metrics.counter("smtp_sessions_over_tls", "SMTP sessions that ended under TLS.", overTls::sum);
        metrics.counter("smtp_commands_refused", "SMTP commands answered with 4xx or 5xx.", refusedCommands::sum);
        metrics.counter("smtp_messages_rejected", "Messages answered with 5xx after their octets had come in.", rejectedMessages::sum);
        metrics.counter("smtp_messages_deferred", "Messages answered with 4xx after their octets had come in.", deferredMessages::sum);
        metrics.counter("smtp_messages_over_tls", "Messages accepted under TLS.", messagesOverTls::sum);
        metrics.counter("smtp_message_bytes", "Octets of messages that came in, accepted or not.", octets::sum);
    }
}
