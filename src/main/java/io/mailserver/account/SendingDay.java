package io.mailserver.account;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What one account sent in the last 24 hours, by the hour (of hours since 1970). Belongs to whoever holds the lock over it. */
final class SendingDay {
    static final int HOURS = 24;

    private final TreeMap<Long, Allowance> hours = new TreeMap<>();

    /** The three things that are limited, in the order in which they are told. */
    enum Kind {
        MESSAGES("messages"),
        RECIPIENTS("recipients"),
        FIRST_TIME("recipients you had never written to before");

        final String words;

        Kind(String words) {
            this.words = words;
        }

        int of(Allowance allowance) {
            return switch (this) {
                case MESSAGES -> allowance.messages();
                case RECIPIENTS -> allowance.recipients();
                case FIRST_TIME -> allowance.firstTime();
            };
        }
    }

    /**
     * A limit that one more message would pass.
     *
     * @param freeFrom the hour from which on it would not; empty where it alone is more than a day's worth
     */
    record Passed(Kind kind, int limit, OptionalLong freeFrom) {}

    void add(long hour, Allowance more) {
        hours.merge(hour, more, Allowance::plus);
    }

    void takeBack(long hour, Allowance less) {
        hours.computeIfPresent(hour, (key, counted) -> counted.minus(less));
    }

    /** What was counted in an hour. */
    Allowance in(long hour) {
        return hours.getOrDefault(hour, Allowance.NONE);
    }

    boolean isEmpty() {
        return hours.isEmpty();
    }

    /** Forgets what counts no more. */
    void forget(long now) {
        hours.headMap(now - HOURS, true).clear();
    }

    Allowance sum(long now) {
        return hours.tailMap(now - HOURS, false).values().stream().reduce(Allowance.NONE, Allowance::plus);
    }

    /** The limit that {@code more} would pass now; of several the one that is passed for longest. */
    Optional<Passed> passed(Allowance more, Allowance limits, long now) {
        Passed longest = null;
        for (Kind kind : Kind.values()) {
            int room = kind.of(limits) - kind.of(more);
            if (room < 0) {
                return Optional.of(new Passed(kind, kind.of(limits), OptionalLong.empty()));
            }
            if (kind.of(more) > 0 && kind.of(sum(now)) > room) {
                long free = freeFrom(kind, room, now);
                if (longest == null || free > longest.freeFrom().orElseThrow()) {
                    longest = new Passed(kind, kind.of(limits), OptionalLong.of(free));
                }
            }
        }
        return Optional.ofNullable(longest);
    }

    /** The oldest hours fall out of the window first: when have enough of them? */
    private long freeFrom(Kind kind, int room, long now) {
        int left = kind.of(sum(now));
        for (var each : hours.tailMap(now - HOURS, false).entrySet()) {
            left -= kind.of(each.getValue());
            if (left <= room) {
                return each.getKey() + HOURS;
            }
        }
        return now + HOURS;
    }
}
