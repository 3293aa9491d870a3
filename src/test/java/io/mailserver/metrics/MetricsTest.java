package io.mailserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void aCounterIsReadWhenAskedFor() {
        AtomicLong value = new AtomicLong(3);
        metrics.counter("smtp_messages", "Messages accepted", value::get);
        assertThat(text()).contains("mailserver_smtp_messages_total 3.0");
        value.set(4);
        assertThat(text()).contains("mailserver_smtp_messages_total 4.0");
    }

    @Test
    void labelsTellCountersApart() {
        LabelledCounter refusals = metrics.counters("smtp_refusals", "Refused", "reason", "listener");
        refusals.increment("relay", "smtp");
        refusals.increment("relay", "smtp");
        refusals.increment("quota", "smtp");
        assertThat(text())
                .contains("mailserver_smtp_refusals_total{listener=\"smtp\",reason=\"relay\"} 2.0")
                .contains("mailserver_smtp_refusals_total{listener=\"smtp\",reason=\"quota\"} 1.0");
    }

    @Test
    void labelledFiguresAreReadWhenAskedFor() {
        metrics.counters("refusals", "Refused", List.of("listener", "reason"), () -> Map.of(List.of("smtp", "full"), 3L));
        metrics.gauges("connections", "Open", "listener", () -> Map.of("smtp", 2.0));
        assertThat(text())
                .contains("mailserver_refusals_total{listener=\"smtp\",reason=\"full\"} 3.0")
                .contains("mailserver_connections{listener=\"smtp\"} 2.0");
    }

    @Test
    void tooManyLabelValuesAreCountedTogether() {
        LabelledCounter counter = metrics.counters("things", "Things", "kind");
        for (int i = 0; i < 600; i++) {
            counter.increment("kind" + i);
        }
        assertThat(counter.count("other")).isEqualTo(100);
    }

    @Test
    void durationsFallIntoBuckets() {
        DurationHistogram delivery = metrics.durations("delivery", "Delivery");
        delivery.record(Duration.ofMillis(3));
        assertThat(text())
                .contains("mailserver_delivery_seconds_bucket{le=\"0.002\"} 0")
                .contains("mailserver_delivery_seconds_bucket{le=\"0.005\"} 1")
                .contains("mailserver_delivery_seconds_count 1");
    }

    @Test
    void theJvmIsThereToo() {
        assertThat(text()).contains("jvm_memory_used_bytes");
    }

    @Test
    void twoServersShareNothing() {
        metrics.gauge("sessions", "Sessions", () -> 1);
        new Metrics().gauge("sessions", "Sessions", () -> 2);
        assertThat(text()).contains("mailserver_sessions 1.0");
    }

    private String text() {
        return metrics.text();
    }
}
