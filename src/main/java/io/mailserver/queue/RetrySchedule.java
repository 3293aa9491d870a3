package io.mailserver.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When a recipient is tried again, and until when.
 *
 * @param intervals after the first attempt, the second, and so on; the last goes on
 * @param giveUpAfter since the message came
 * @param giveUpNoticesAfter the same for messages with the null reverse-path
 * @param maxAttempts then it is given up as well
 * @param warnAfter since the message came: its sender is told of the delay
 * @param keepDead how long what was given up is kept
 */
public record RetrySchedule(
        List<Duration> intervals,
        Duration giveUpAfter,
        Duration giveUpNoticesAfter,
        int maxAttempts,
        Duration warnAfter,
        Duration keepDead) {
    /** How much an interval is shortened or stretched at most. */
    private static final double JITTER = 0.1;

    public RetrySchedule {
        intervals = List.copyOf(intervals);
    }

    /** This with other intervals, where there are any. */
    RetrySchedule with(List<Duration> others) {
        return others.isEmpty()
                ? this
                : new RetrySchedule(others, giveUpAfter, giveUpNoticesAfter, maxAttempts, warnAfter, keepDead);
    }

    /**
     * The time of the next attempt.
     *
     * @param attempts so far, at least one
     * @param chance from 0 to 1, even
     */
    Instant next(int attempts, Instant now, double chance) {
        Duration interval = intervals.get(Math.min(Math.max(attempts, 1), intervals.size()) - 1);
        return now.plusMillis((long) (interval.toMillis() * (1 + JITTER * (2 * chance - 1))));
    }

    Instant end(Instant created, boolean notice) {
        return created.plus(notice ? giveUpNoticesAfter : giveUpAfter);
    }

    boolean isOver(int attempts, Instant created, boolean notice, Instant now) {
        return attempts >= maxAttempts || !now.isBefore(end(created, notice));
    }

    boolean isLate(Instant created, Instant now) {
        return !now.isBefore(created.plus(warnAfter));
    }
}
