package io.mailserver.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The figures of one server. Names are given without the prefix {@code mailserver_} and without {@code _total}; each name is
 * registered once.
 *
 * <p>Safe for use by any thread.
 */
public final class Metrics {
    /** The type of {@link #text} (Prometheus text format 0.0.4). */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final String PREFIX = "mailserver_";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final AtomicBoolean withJvm = new AtomicBoolean();

    /** A figure that only grows while the process lives, read when the metrics are. */
    public void counter(String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name(PREFIX + name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }

    /** Counters that share a name and are told apart by one label, such as the outcome; made as values of the label come up. */
    public LabelledCounter counters(String name, String help, String label) {
        return labelled(name, help, List.of(label));
    }

    /** As above, by two labels. */
    public LabelledCounter counters(String name, String help, String label, String secondLabel) {
        return labelled(name, help, List.of(label, secondLabel));
    }

    /**
     * Figures that only grow, told apart by labels and read when the metrics are.
     *
     * @param values by label values, in the order of {@code labels}; words of ours, never a client's
     */
    public void counters(String name, String help, List<String> labels, Supplier<Map<List<String>, Long>> values) {
        CounterWithCallback.builder()
                .name(PREFIX + name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(callback -> values.get()
                        .forEach((labelValues, value) -> callback.call((double) value, labelValues.toArray(String[]::new))))
                .register(registry);
    }

    /** Figures that rise and fall, told apart by one label and read when the metrics are. */
    public void gauges(String name, String help, String label, Supplier<Map<String, Double>> values) {
        GaugeWithCallback.builder()
                .name(PREFIX + name)
                .help(help)
                .labelNames(label)
                .callback(callback -> values.get().forEach((labelValue, value) -> callback.call(value, labelValue)))
                .register(registry);
    }

    /** A figure that rises and falls, read when the metrics are. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(PREFIX + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** How long something takes, in buckets from 0.5 ms to 60 s. */
    public DurationHistogram durations(String name, String help) {
        return new DurationHistogram(registry, PREFIX + name + "_seconds", help);
    }

    /** All figures, those of the JVM included, as text. */
    public String text() {
        // They cost start-up time and memory (management beans), so only a server that is watched pays for them.
        if (withJvm.compareAndSet(false, true)) {
            JvmMetrics.builder().register(registry);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(16 << 10);
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private LabelledCounter labelled(String name, String help, List<String> labels) {
        LabelledCounter counter = new LabelledCounter(labels.size());
        CounterWithCallback.builder()
                .name(PREFIX + name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(callback -> counter.each((values, count) -> callback.call((double) count, values.toArray(String[]::new))))
                .register(registry);
        return counter;
    }
}
