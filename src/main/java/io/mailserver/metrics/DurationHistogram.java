package io.mailserver.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** How long something took, counted in buckets. Safe for use by any thread. */
public final class DurationHistogram {
    private static final double[] UPPER_BOUNDS_SECONDS = {
        0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60
    };

    private final Histogram histogram;

    DurationHistogram(PrometheusRegistry registry, String name, String help) {
        histogram = Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .withoutExemplars()
                .classicUpperBounds(UPPER_BOUNDS_SECONDS)
                .register(registry);
    }

    /** Counts one that took so long. */
    public void record(Duration duration) {
        histogram.observe(duration.toNanos() / 1e9);
    }
}
