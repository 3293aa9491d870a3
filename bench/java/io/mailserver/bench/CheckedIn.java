package io.mailserver.bench;

import io.mailserver.base.Time;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What receiving loses when every message is judged: two servers of ours, one with all checks, one with none, in turn. */
final class CheckedIn {
    private static final int SESSIONS = 10;
    private static final int OCTETS = 4 << 10;
    private static final double MOST_LOST = 0.25;
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private final List<MeasuredServer> servers;
    private final Cell cell;
    private final PrintStream out;

    CheckedIn(MeasuredServer with, MeasuredServer without, SignedLoad load, Path folder, Time time, PrintStream out) {
        this.servers = List.of(with, without);
        this.cell = new Cell(folder.resolve("aside"), time, load::signature);
        this.out = out;
    }

    /**
     * Measures and prints.
     *
     * @return whether no message was lost or doubled
     */
    boolean run(int rounds, Duration duration) throws IOException, InterruptedException {
        LoadPlan plan = LoadPlan.kept(SESSIONS, OCTETS, duration);
        for (MeasuredServer server : servers) {
            cell.warmUp(server, plan.lasting(WARM_UP), out);
        }
        boolean clean = true;
        List<Double> lost = new ArrayList<>();
        out.printf("%nreceiving, %s, signed by RSA-2048:%n", plan);
        for (int round = 0; round < rounds; round++) {
            double[] rates = new double[2];
            for (int i : round % 2 == 0 ? new int[] {0, 1} : new int[] {1, 0}) {
                Measurement measured = cell.measure(servers.get(i), plan);
                rates[i] = measured.load().acceptedPerSecond();
                clean &= measured.offences().isEmpty() && measured.load().failures().isEmpty();
                measured.offences().forEach(offence -> out.println("  " + offence));
                out.printf("  %-15s %7.0f messages/s  p50 %5.1f ms  p99 %6.1f ms  CPU %5.2f s/1000  %s%n",
                        i == 0 ? "all checks" : "no checks", rates[i], measured.load().p50Millis(), measured.load().p99Millis(),
                        measured.serverMillis(), measured.load().failures().isEmpty() ? "" : measured.load().failures());
            }
            lost.add(1 - rates[0] / rates[1]);
        }
        double median = lost.stream().sorted().toList().get(lost.size() / 2);
        out.println();
        out.println(new Goal("receiving with all checks: share of messages/s lost", median, MOST_LOST, false));
        return clean;
    }
}
