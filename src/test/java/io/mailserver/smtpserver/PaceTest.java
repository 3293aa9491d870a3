package io.mailserver.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.config.SmtpConfig;
import io.mailserver.simulation.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final ManualTime time = new ManualTime(Instant.EPOCH);

    @Test
    void fastClientHasTheBlockTimeForEachPiece() {
        Pace pace = pace("1KiB");
        time.advance(Duration.ofMinutes(1));
        assertThat(pace.patience(1 << 20)).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void dripDoesNotStretchTheTime() {
        Pace pace = pace("1KiB");
        time.advance(Duration.ofSeconds(170));
        assertThat(pace.patience(1024)).isEqualTo(Duration.ofSeconds(11));
        time.advance(Duration.ofSeconds(20));
        assertThat(pace.patience(2048).isNegative()).isTrue();
    }

    @Test
    void octetsOfEarlierChunksDoNotCount() {
        Pace pace = new Pace(time, config("1KiB"), 1 << 20);
        time.advance(Duration.ofSeconds(181));
        assertThat(pace.patience(1 << 20).isNegative()).isTrue();
    }

    @Test
    void withoutALeastRateEachBlockHasItsTime() {
        Pace pace = pace("0");
        time.advance(Duration.ofDays(1));
        assertThat(pace.patience(1)).isEqualTo(Duration.ofMinutes(3));
    }

    private Pace pace(String rate) {
        return new Pace(time, config(rate), 0);
    }

    private static SmtpConfig config(String rate) {
        return SmtpConfig.of(Map.of("min-data-rate", rate, "data-block-timeout", "3m"));
    }
}
