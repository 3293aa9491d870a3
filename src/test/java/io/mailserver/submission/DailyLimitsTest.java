package io.mailserver.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DailyLimitsTest {
    private static final Instant START = Instant.parse("2026-11-22T05:30:00Z");
    private final DailyLimits limits = new DailyLimits(() -> new DailyLimits.Limits(3, 10));

    @Test
    void messagesAreLimitedAndComeBackAfterADay() {
        for (int i = 0; i < 3; i++) {
            assertThat(limits.exhaustedUntil("alice", 1, START)).isEmpty();
            limits.count("alice", 1, START);
        }
        assertThat(limits.exhaustedUntil("alice", 1, START)).contains(Instant.parse("2026-11-23T05:00:00Z"));
        assertThat(limits.exhaustedUntil("bob", 1, START)).isEmpty();
        assertThat(limits.exhaustedUntil("alice", 1, Instant.parse("2026-11-23T04:59:59Z"))).isPresent();
        assertThat(limits.exhaustedUntil("alice", 1, Instant.parse("2026-11-23T05:00:00Z"))).isEmpty();
    }

    @Test
    void recipientsAreLimitedAndTheOldestComeBackFirst() {
        limits.count("alice", 6, START);
        limits.count("alice", 4, START.plus(Duration.ofHours(3)));
        assertThat(limits.exhaustedUntil("alice", 5, START.plus(Duration.ofHours(4)))).contains(Instant.parse("2026-11-23T05:00:00Z"));
        assertThat(limits.exhaustedUntil("alice", 8, START.plus(Duration.ofHours(4)))).contains(Instant.parse("2026-11-23T08:00:00Z"));
    }

    @Test
    void moreThanADaysWorthNeverGoes() {
        assertThat(limits.exhaustedUntil("alice", 11, START)).isPresent();
        limits.count("alice", 1, START);
        assertThat(limits.exhaustedUntil("alice", 11, START)).isPresent();
    }

    @Test
    void daysWithoutMailAreForgotten() {
        limits.count("alice", 10, START);
        assertThat(limits.exhaustedUntil("alice", 10, START.plus(Duration.ofDays(40)))).isEmpty();
    }
}
