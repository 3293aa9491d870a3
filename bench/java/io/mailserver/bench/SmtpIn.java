package io.mailserver.bench;

import io.mailserver.base.Time;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Receiving mail: this server and Debian's Postfix, pair by pair in one run, by the same client, with the disk's own rate measured
 * in the same minute.
 */
final class SmtpIn {
    private static final LoadPlan WARM_UP = LoadPlan.kept(10, 4 << 10, Duration.ofSeconds(10));
    private static final Duration DISK_TIME = Duration.ofMillis(1500);

    private final List<MeasuredServer> servers;
    private final DiskRate disk;
    private final Path folder;
    private final Cell cell;
    private final PrintStream out;

    /**
     * @param servers ours first, then Postfix; one of them may be missing
     * @param folder for notes and measured messages, on the servers' file system
     */
    SmtpIn(List<MeasuredServer> servers, DiskRate disk, Path folder, Time time, PrintStream out) {
        this.servers = servers;
        this.disk = disk;
        this.folder = folder;
        this.cell = new Cell(folder.resolve("aside"), time);
        this.out = out;
    }

    /** The cells the goals speak of. */
    static List<LoadPlan> goalCells(Duration duration) {
        return List.of(LoadPlan.kept(1, 4 << 10, duration), LoadPlan.kept(10, 4 << 10, duration),
                LoadPlan.kept(50, 4 << 10, duration), LoadPlan.kept(10, 1 << 20, duration));
    }

    /** Every size, number of sessions, with and without STARTTLS, one and many messages a connection. */
    static List<LoadPlan> allCells(Duration duration) {
        List<LoadPlan> cells = new ArrayList<>();
        for (boolean startTls : new boolean[] {false, true}) {
            for (boolean keep : new boolean[] {true, false}) {
                for (int octets : new int[] {4 << 10, 64 << 10, 1 << 20}) {
                    for (int sessions : new int[] {1, 10, 50}) {
                        cells.add(new LoadPlan(sessions, octets, startTls, keep, true, duration));
                    }
                }
            }
        }
        return cells;
    }

    /**
     * Measures and prints.
     *
     * @return whether no message was lost or doubled
     */
    boolean run(List<LoadPlan> cells, int rounds) throws IOException, InterruptedException {
        out.printf("disk's own rate: better of %s, %d rounds of %d s a cell, medians%n%n",
                disk.hasProgram() ? "C and Java" : "Java alone (no C compiler found)", rounds,
                cells.getFirst().duration().toSeconds());
        for (MeasuredServer server : servers) {
            cell.warmUp(server, WARM_UP, out);
        }
        out.printf("%-50s %-10s %9s %9s %8s %8s %8s %13s %7s %8s%n", "cell", "who", "accepted", "delivered", "p50", "p99", "CPU",
                "(user+system)", "client", "machine");
        out.printf("%-50s %-10s %9s %9s %8s %8s %8s %13s %7s %8s%n", "", "", "/s", "/s", "ms", "ms", "s/1000", "", "s/1000", "s/1000");
        boolean clean = true;
        List<Goal> goals = new ArrayList<>();
        for (LoadPlan plan : cells) {
            CellResult result = measure(plan, rounds);
            clean &= print(result);
            goals.addAll(Goal.of(result));
        }
        out.println();
        for (MeasuredServer server : servers) {
            OptionalDouble flushes = Flushes.aMessage(server, cell, folder.resolve(server.name() + ".flushes"));
            out.printf("flushes a message, %s: %s%n", server.name(),
                    flushes.isPresent() ? "%.2f".formatted(flushes.getAsDouble()) : "not counted, strace is missing or not permitted");
        }
        out.println();
        goals.forEach(out::println);
        out.println();
        out.println(clean ? "every accepted message was in its Maildir exactly once" : "MESSAGES WERE LOST OR DOUBLED, see above");
        return clean;
    }

    private CellResult measure(LoadPlan plan, int rounds) throws IOException, InterruptedException {
        CellResult result = new CellResult(plan);
        for (int round = 0; round < rounds; round++) {
            result.addDisk(disk.measure(plan.sessions(), plan.octets(), DISK_TIME));
            // Every other round the other way about: whoever comes second finds a disk that the first one used.
            List<MeasuredServer> order = round % 2 == 0 ? servers : servers.reversed();
            for (MeasuredServer server : order) {
                Measurement measurement = cell.measure(server, plan);
                if (server instanceof PostfixServer) {
                    result.addPostfix(measurement);
                } else {
                    result.addOurs(measurement);
                }
            }
        }
        return result;
    }

    private boolean print(CellResult result) {
        out.printf("%-50s %-10s %9s %9.0f%n", result.plan(), "disk", "", result.diskPerSecond());
        boolean oursClean = print("ours", result.ours());
        boolean postfixClean = print("postfix", result.postfix());
        return oursClean && postfixClean;
    }

    private boolean print(String who, List<Measurement> rounds) {
        if (rounds.isEmpty()) {
            return true;
        }
        out.printf("%-50s %-10s %9.0f %9.0f %8.2f %8.2f %8.3f (%5.2f+%5.2f) %7.3f %8.3f%n", "", who,
                CellResult.median(rounds, m -> m.load().acceptedPerSecond()),
                CellResult.median(rounds, Measurement::deliveredPerSecond),
                CellResult.median(rounds, m -> m.load().p50Millis()),
                CellResult.median(rounds, m -> m.load().p99Millis()),
                CellResult.median(rounds, Measurement::serverMillis),
                CellResult.median(rounds, m -> m.server().user() * 1e3 / m.load().accepted()),
                CellResult.median(rounds, m -> m.server().system() * 1e3 / m.load().accepted()),
                CellResult.median(rounds, m -> m.client().total() * 1e3 / m.load().accepted()),
                CellResult.median(rounds, m -> m.machine().total() * 1e3 / m.load().accepted()));
        boolean clean = true;
        for (Measurement round : rounds) {
            round.load().failures().forEach((what, count) -> out.printf("    %s, %d times: %s%n", who, count, what));
            for (String offence : round.offences()) {
                out.printf("    %s: %s%n", who, offence);
                clean = false;
            }
        }
        return clean;
    }
}
