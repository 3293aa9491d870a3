package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What this server needs when idle, to start, and inside a small memory limit. */
final class Footprint {
    private static final int STARTS = 5;
    private static final long IDLE_SECONDS = 10;
    private static final double IDLE_LIMIT_MIB = 150;
    private static final double START_LIMIT_SECONDS = 1.5;
    private static final long CGROUP_OCTETS = 512L << 20;
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final double MIB = 1 << 20;

    private final List<String> command;
    private final Path data;
    private final int mailboxes;
    private final Time time;
    private final PrintStream out;

    /**
     * @param command {@code ./mailserver}
     * @param data a data folder that has been used before, with its mailboxes
     */
    Footprint(List<String> command, Path data, int mailboxes, Time time, PrintStream out) {
        this.command = command;
        this.data = data;
        this.mailboxes = mailboxes;
        this.time = time;
        this.out = out;
    }

    /** Measures and prints; returns whether no message was lost or doubled and nothing ran out of memory. */
    boolean run(Duration loadTime) throws IOException, InterruptedException {
        double[] starts = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            starts[i] = secondsToBanner();
        }
        Arrays.sort(starts);
        out.println(new Goal("seconds from ./mailserver to the banner, median of " + STARTS, starts[STARTS / 2],
                START_LIMIT_SECONDS, false));
        out.println(new Goal("MiB idle (PSS), " + IDLE_SECONDS + " s after the start", idleMib(), IDLE_LIMIT_MIB, false));
        return limited(loadTime);
    }

    private double secondsToBanner() throws IOException, InterruptedException {
        int port = PostfixServer.freePort();
        long start = time.nanos();
        Process process = new ProcessBuilder(ThisServer.startCommand(command, data, port))
                .redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("start.log").toFile()).start();
        try {
            awaitBanner(process, port, start + START_PATIENCE.toNanos());
            return (time.nanos() - start) / 1e9;
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private void awaitBanner(Process process, int port, long limit) throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        while (process.isAlive() && time.nanos() - limit < 0) {
            try (Socket socket = new Socket()) {
                socket.connect(address);
                if (socket.getInputStream().read() == '2') {
                    return;
                }
            } catch (ConnectException e) {
                // Not there yet.
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
        throw new OperatorException("the server did not come up", "see " + data.resolveSibling("start.log"));
    }

    private double idleMib() throws IOException, InterruptedException {
        try (ThisServer server = ThisServer.start(command, data, 0, mailboxes)) {
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            return server.processes().pssOctets() / MIB;
        }
    }

    private boolean limited(Duration loadTime) throws IOException, InterruptedException {
        String what = "load for %d s in a memory cgroup of %d MiB".formatted(loadTime.toSeconds(), CGROUP_OCTETS >> 20);
        Optional<MemoryCgroup> made = MemoryCgroup.make("mailserver-bench-" + ProcessHandle.current().pid(), CGROUP_OCTETS);
        if (made.isEmpty()) {
            out.println(what + ": SKIPPED, this user or machine does not permit making one below /sys/fs/cgroup");
            return true;
        }
        boolean good = true;
        try (MemoryCgroup group = made.get()) {
            Cell cell = new Cell(data.resolveSibling("aside"), time);
            try (ThisServer server = ThisServer.start(group.within(command), data, 0, mailboxes)) {
                for (int octets : new int[] {4 << 10, 64 << 10}) {
                    Measurement measured = cell.measure(server, LoadPlan.kept(10, octets, loadTime.dividedBy(2)));
                    good &= measured.offences().isEmpty() && measured.load().failures().isEmpty();
                    out.printf("  10 sessions, %d KB: %.0f/s accepted%n", octets >> 10, measured.load().acceptedPerSecond());
                    measured.offences().forEach(out::println);
                    measured.load().failures().forEach((failure, count) -> out.println("  " + count + " times: " + failure));
                }
                out.printf("  peak %.0f MiB with cached files, %.0f MiB without at the end%n", group.peakOctets() / MIB,
                        group.anonymousOctets() / MIB);
            }
            int kills = group.outOfMemoryKills();
            good &= kills == 0;
            out.println(what + ": " + (good ? "PASS" : "MISS, " + kills + " processes ended for want of memory"));
        }
        return good;
    }
}
