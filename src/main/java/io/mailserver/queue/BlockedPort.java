package io.mailserver.queue;

import io.mailserver.log.EventLog;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.RecipientResult.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notices that nobody can be reached: many providers block port 25 on its way out, and connections then run into nothing, whoever they are
 * for. Safe for use by any thread.
 */
final class BlockedPort {
    private static final int UNRELATED = 3;
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int MAX_REMEMBERED = 100;

    private final EventLog log;
    private final ReentrantLock lock = new ReentrantLock();
    /** Destinations that could not be connected to since the last that could, and when. */
    private final Map<String, Instant> unreached = new HashMap<>();
    private boolean told;

    BlockedPort(EventLog log) {
        this.log = log;
    }

    /** A destination was tried. */
    void tried(String destination, RecipientResult result, Instant now) {
        lock.lock();
        try {
            boolean connected = result.stage() != Stage.CONNECT || result.status().isPresent();
            if (connected) {
                if (result.stage() != Stage.CONNECT) {
                    unreached.clear();
                    told = false;
                }
                return;
            }
            if (unreached.size() < MAX_REMEMBERED) {
                unreached.put(destination, now);
            }
            if (!told && isLikely(now)) {
                told = true;
                log.warn("queue.port-25-blocked", "destinations", unreached.size());
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isLikely(Instant now) {
        unreached.values().removeIf(at -> at.isBefore(now.minus(WINDOW)));
        return unreached.size() >= UNRELATED;
    }

    /** What to tell the operator; empty while there is nothing to say. */
    Optional<String> advice(Instant now) {
        lock.lock();
        try {
            return isLikely(now)
                    ? Optional.of("none of " + unreached.size() + " unrelated destinations could be connected to: the provider seems to "
                            + "block outgoing port 25; ask for it to be opened, or set sending.smart-host")
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
