package io.mailserver.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** All rounds of one cell: both servers and the disk, round by round in the same minute. Filled by one thread. */
final class CellResult {
    private final LoadPlan plan;
    private final List<Measurement> ours = new ArrayList<>();
    private final List<Measurement> postfix = new ArrayList<>();
    private final List<Double> disk = new ArrayList<>();

    CellResult(LoadPlan plan) {
        this.plan = plan;
    }

    LoadPlan plan() {
        return plan;
    }

    void addOurs(Measurement measurement) {
        ours.add(measurement);
    }

    void addPostfix(Measurement measurement) {
        postfix.add(measurement);
    }

    void addDisk(double deliveriesPerSecond) {
        disk.add(deliveriesPerSecond);
    }

    List<Measurement> ours() {
        return ours;
    }

    List<Measurement> postfix() {
        return postfix;
    }

    /** The disk's own rate, median of the rounds; NaN when not measured. */
    double diskPerSecond() {
        return median(disk);
    }

    /** A figure of ours over Postfix's: the median of the rounds' ratios; NaN when one of the two was not measured. */
    double oursToPostfix(ToDoubleFunction<Measurement> figure) {
        return ratios(postfix, (mine, other) -> figure.applyAsDouble(mine) / figure.applyAsDouble(other));
    }

    /** What we deliver a second over the disk's own rate: the median of the rounds' ratios. */
    double oursToDisk() {
        return ratios(disk, (mine, other) -> mine.deliveredPerSecond() / other);
    }

    private <T> double ratios(List<T> others, BiFunction<Measurement, T, Double> ratio) {
        List<Double> values = new ArrayList<>();
        for (int round = 0; round < Math.min(ours.size(), others.size()); round++) {
            values.add(ratio.apply(ours.get(round), others.get(round)));
        }
        return median(values);
    }

    /** The median of one figure over the rounds. */
    static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        return median(rounds.stream().map(figure::applyAsDouble).toList());
    }

    private static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
