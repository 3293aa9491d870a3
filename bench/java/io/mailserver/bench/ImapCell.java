package io.mailserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that is measured on each server in turn.
 *
 * @param name in the tables
 * @param unit of the figure
 * @param lowerIsBetter whether it is a time or a size and not a rate
 * @param goal how many times as good as Dovecot we are to be; NaN for none
 */
record ImapCell(String name, String unit, boolean lowerIsBetter, double goal, Work work) {
    /** Takes the figure once. */
    @FunctionalInterface
    interface Work {
        double run(ImapServer server) throws IOException, InterruptedException;
    }

    /** @param cpuSeconds of the server's processes while the figure was taken, preparation included */
    record Figure(double value, double cpuSeconds) {}

    static ImapCell seconds(String name, double goal, Work work) {
        return new ImapCell(name, "s", true, goal, work);
    }

    static ImapCell rate(String name, double goal, Work work) {
        return new ImapCell(name, "/s", false, goal, work);
    }

    /** Measures all servers {@code rounds} times, every other round the other way about. */
    Map<String, List<Figure>> measure(List<ImapServer> servers, int rounds) throws IOException, InterruptedException {
        Map<String, List<Figure>> figures = new LinkedHashMap<>();
        servers.forEach(server -> figures.put(server.name(), new ArrayList<>()));
        for (ImapServer server : servers) {
            work.run(server); // Not counted: servers run for months.
        }
        for (int round = 0; round < rounds; round++) {
            for (ImapServer server : round % 2 == 0 ? servers : servers.reversed()) {
                ProcessTree.Cpu before = server.processes().cpu();
                double value = work.run(server);
                double cpu = server.processes().cpu().minus(before).total();
                // A restart inside the work begins a new count.
                figures.computeIfAbsent(server.name(), name -> new ArrayList<>()).add(new Figure(value, cpu >= 0 ? cpu : Double.NaN));
            }
        }
        return figures;
    }

    /** How many times as good the first is as the second. */
    double ratio(double ours, double theirs) {
        return lowerIsBetter ? theirs / ours : ours / theirs;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }
}
