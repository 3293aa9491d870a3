package io.mailserver.queue;

import io.mailserver.metrics.DurationHistogram;
import io.mailserver.metrics.Metrics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What became of attempts since the start; counted by any thread. */
public final class SendStatistics {
    final LongAdder delivered = new LongAdder();
    final LongAdder deferred = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder notices = new LongAdder();
    private volatile @Nullable DurationHistogram latency;

    /** Of one recipient, after so long in the queue. */
    void delivered(Duration waited) {
        delivered.increment();
        DurationHistogram histogram = latency;
        if (histogram != null) {
            histogram.record(waited.isNegative() ? Duration.ZERO : waited);
        }
    }

    /** Recipients whose server took the message. */
    public long delivered() {
        return delivered.sum();
    }

    /** Attempts that are to be repeated. */
    public long deferred() {
        return deferred.sum();
    }

    /** Recipients given up. */
    public long failed() {
        return failed.sum();
    }

    /** Notices made for senders. */
    public long notices() {
        return notices.sum();
    }

    void measure(Metrics metrics) {
        latency = metrics.durations("queue_delivery", "From taking in a message, or its time of release, to its delivery to a recipient.");
        metrics.counter("queue_delivered", "Recipients whose server took the message.", this::delivered);
        metrics.counter("queue_deferred", "Attempts that are to be repeated.", this::deferred);
        metrics.counter("queue_failed", "Recipients given up.", this::failed);
        metrics.counter("queue_notices", "Notices made for senders.", this::notices);
    }
}
