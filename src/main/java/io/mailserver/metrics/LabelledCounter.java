package io.mailserver.metrics;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/**
 * Counters told apart by labels. Values of labels are words of ours, never a client's; should they come to be too many all the same,
 * the rest is counted under {@code other}. Safe for use by any thread.
 */
public final class LabelledCounter {
    private static final int MAX_SERIES = 500;

    private final int labels;
    private final ConcurrentHashMap<List<String>, LongAdder> series = new ConcurrentHashMap<>();

    LabelledCounter(int labels) {
        this.labels = labels;
    }

    /** Counts one more of these label values, in the order of the labels' names. */
    public void increment(String... values) {
        if (values.length != labels) {
            throw new IllegalArgumentException(values.length + " values for " + labels + " labels");
        }
        List<String> key = List.of(values);
        LongAdder adder = series.get(key);
        if (adder == null) {
            if (series.size() >= MAX_SERIES) {
                key = key.stream().map(value -> "other").toList();
            }
            adder = series.computeIfAbsent(key, unseen -> new LongAdder());
        }
        adder.increment();
    }

    /** What was counted of these values so far. */
    public long count(String... values) {
        LongAdder adder = series.get(List.of(values));
        return adder == null ? 0 : adder.sum();
    }

    void each(ObjLongConsumer<List<String>> use) {
        series.forEach((values, adder) -> use.accept(values, adder.sum()));
    }
}
