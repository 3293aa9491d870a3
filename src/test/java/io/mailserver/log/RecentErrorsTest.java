package io.mailserver.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentErrorsTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));
    private final RecordingLog log = new RecordingLog();
    private final RecentErrors errors = new RecentErrors(log, time);

    @Test
    void theLastErrorsAreKeptAndAllAreCountedAndPassedOn() {
        errors.info("a.info");
        errors.warn("a.warning");
        for (int i = 0; i < 25; i++) {
            errors.error("queue.not-recorded", new IOException("No space\nleft"), "message", "Q" + i);
            time.advance(Duration.ofMinutes(1));
        }
        RecentErrors.Summary summary = errors.summary();
        assertThat(summary.count()).isEqualTo(25);
        assertThat(summary.last()).hasSize(20);
        assertThat(summary.last().getFirst().text()).startsWith("queue.not-recorded message=Q5: IOException: No space");
        assertThat(summary.last().getLast().text()).contains("Q24").doesNotContain("\n");
        assertThat(summary.last().getLast().at()).isEqualTo("2026-01-02T03:28:05Z");
        assertThat(log.events("queue.not-recorded")).hasSize(25);
    }
}
