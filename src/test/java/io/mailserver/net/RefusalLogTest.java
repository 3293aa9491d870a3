package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");

    private final ManualTime time = new ManualTime(Instant.EPOCH);
    private final RecordingLog log = new RecordingLog();
    private final RefusalLog refusals = new RefusalLog("SMTP inbound", time, log);

    @Test
    void aFloodIsOneLineASecondThatCountsTheRest() {
        for (int i = 0; i < 1_000; i++) {
            refusals.refused(CLIENT, "TOO_MANY_IN_ALL");
        }
        assertThat(log.events("connection.refused")).hasSize(1);
        time.advance(Duration.ofMillis(999));
        refusals.refused(CLIENT, "TOO_MANY_IN_ALL");
        assertThat(log.events("connection.refused")).hasSize(1);
        time.advance(Duration.ofMillis(1));
        refusals.refused(CLIENT, "TOO_MANY_IN_ALL");
        assertThat(log.events("connection.refused")).hasSize(2);
        assertThat(log.events("connection.refused").getLast().toString()).contains("more").contains("1000");
    }
}
