package io.mailserver.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * A figure to reach.
 *
 * @param what the figure and where it is taken
 * @param reached what was measured; NaN when it was not
 * @param bound what is asked for
 * @param atLeast whether the bound is a least or a most
 */
record Goal(String what, double reached, double bound, boolean atLeast) {
    private static final int FOUR_KB = 4 << 10;
    private static final int ONE_MB = 1 << 20;

    /** The goals that {@code cell} decides; none for most cells. */
    static List<Goal> of(CellResult cell) {
        LoadPlan plan = cell.plan();
        List<Goal> goals = new ArrayList<>();
        if (plan.startTls() || !plan.keepConnections()) {
            return goals;
        }
        double delivered = cell.oursToPostfix(Measurement::deliveredPerSecond);
        if (plan.octets() == FOUR_KB && plan.sessions() > 1) {
            goals.add(new Goal(plan + ": delivered/s, times Postfix", delivered, 4, true));
            goals.add(new Goal(plan + ": delivered/s, of the disk's own rate", cell.oursToDisk(), 0.6, true));
            goals.add(new Goal(plan + ": CPU a message, of Postfix's", cell.oursToPostfix(Measurement::serverMillis), 0.5, false));
        } else if (plan.octets() == FOUR_KB) {
            double latency = cell.oursToPostfix(measurement -> measurement.load().p50Millis());
            goals.add(new Goal(plan + ": median latency, of Postfix's", latency, 1.0 / 3, false));
        } else if (plan.octets() == ONE_MB) {
            goals.add(new Goal(plan + ": delivered/s, times Postfix", delivered, 1.5, true));
        }
        return goals;
    }

    boolean passed() {
        return atLeast ? reached >= bound : reached <= bound;
    }

    @Override
    public String toString() {
        String verdict = Double.isNaN(reached) ? "NOT MEASURED" : passed() ? "PASS" : "MISS";
        return "%-70s %6.2f  (%s %.2f)  %s".formatted(what, reached, atLeast ? "at least" : "at most", bound, verdict);
    }
}
