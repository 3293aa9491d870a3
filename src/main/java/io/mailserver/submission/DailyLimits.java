package io.mailserver.submission;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * How much each account sends to other servers within 24 hours, so that one whose password was stolen does limited harm. Counted by the
 * hour and in memory: a restart begins anew.
 *
 * <p>Safe for use by any thread.
 */
public final class DailyLimits {
    private static final int HOURS = 24;
    private static final long HOUR_SECONDS = 3_600;

    private final Supplier<Limits> limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Day> days = new HashMap<>();
    private long sweptHour;

    /** @param recipients and messages of one account within 24 hours */
    public record Limits(int messages, int recipients) {}

    /** The last 24 hours of an account; each place is for one hour of the day. */
    private static final class Day {
        private final int[] messages = new int[HOURS];
        private final int[] recipients = new int[HOURS];
        private long hour;

        /** Forgets what is older than 24 hours. */
        void moveTo(long newHour) {
            for (long each = Math.max(hour + 1, newHour - HOURS + 1); each <= newHour; each++) {
                messages[(int) (each % HOURS)] = 0;
                recipients[(int) (each % HOURS)] = 0;
            }
            hour = Math.max(hour, newHour);
        }

        static int sum(int[] counts) {
            int sum = 0;
            for (int count : counts) {
                sum += count;
            }
            return sum;
        }
    }

    public DailyLimits(Supplier<Limits> limits) {
        this.limits = limits;
    }

    /**
     * When an account may send so much again; empty if it may now.
     *
     * @param more recipients of one more message
     */
    public Optional<Instant> exhaustedUntil(String account, int more, Instant now) {
        long hour = now.getEpochSecond() / HOUR_SECONDS;
        Limits most = limits.get();
        lock.lock();
        try {
            Day day = days.get(account);
            if (day == null) {
                return more > most.recipients() ? Optional.of(endOf(hour)) : Optional.empty();
            }
            day.moveTo(hour);
            int messages = Day.sum(day.messages);
            int recipients = Day.sum(day.recipients);
            // The oldest hours fall out of the window first: how many must, until there is room?
            for (long each = hour - HOURS + 1; each <= hour; each++) {
                if (messages + 1 <= most.messages() && recipients + more <= most.recipients()) {
                    return each == hour - HOURS + 1 ? Optional.empty() : Optional.of(endOf(each - 1));
                }
                messages -= day.messages[(int) (each % HOURS)];
                recipients -= day.recipients[(int) (each % HOURS)];
            }
            return Optional.of(endOf(hour));
        } finally {
            lock.unlock();
        }
    }

    /** When what was counted in {@code hour} counts no more. */
    private static Instant endOf(long hour) {
        return Instant.ofEpochSecond((hour + HOURS) * HOUR_SECONDS);
    }

    /** Counts a message that was accepted. */
    public void count(String account, int recipients, Instant now) {
        long hour = now.getEpochSecond() / HOUR_SECONDS;
        lock.lock();
        try {
            if (hour > sweptHour) {
                sweptHour = hour;
                days.values().removeIf(day -> day.hour <= hour - HOURS);
            }
            Day day = days.computeIfAbsent(account, key -> new Day());
            day.moveTo(hour);
            day.messages[(int) (hour % HOURS)]++;
            day.recipients[(int) (hour % HOURS)] += recipients;
        } finally {
            lock.unlock();
        }
    }
}
