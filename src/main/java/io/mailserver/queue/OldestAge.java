package io.mailserver.queue;

import io.mailserver.base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** How long the oldest message waits. Finding it looks at all, so it is found once a minute at most. Safe for use by any thread. */
final class OldestAge {
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final QueueAdmin queue;
    private final Time time;
    private final AtomicReference<Found> last = new AtomicReference<>(new Found(Optional.empty(), Instant.MIN));

    private record Found(Optional<Instant> oldest, Instant at) {}

    OldestAge(QueueAdmin queue, Time time) {
        this.queue = queue;
        this.time = time;
    }

    /** 0 where nothing waits. */
    double seconds() {
        Instant now = time.now();
        Found found = last.get();
        if (found.at().isBefore(now.minus(FRESH))) {
            found = new Found(queue.summary().oldest(), now);
            last.set(found);
        }
        return found.oldest().map(oldest -> (double) Math.max(0, Duration.between(oldest, now).toSeconds())).orElse(0.0);
    }
}
