package io.mailserver.bench;

import io.mailserver.base.Time;
import io.mailserver.bench.ProcessTree.Cpu;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Runs one load on one server, waits until all is delivered, and checks the books. */
final class Cell {
    /** A server that has not delivered what it accepted by then has lost it, as far as a benchmark can wait. */
    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(2);

    private static final long POLL_MILLIS = 10;
    private static final double WARM_SHARE = 0.05;
    private static final int MAX_WARM_UPS = 9;

    private final Path aside;
    private final Time time;
    private final UnaryOperator<String> onTop;
    private final AtomicInteger runs = new AtomicInteger();

    /** @param aside where measured messages go, on the servers' file system */
    Cell(Path aside, Time time) {
        this(aside, time, message -> "");
    }

    /** @param onTop makes what stands above each message */
    Cell(Path aside, Time time, UnaryOperator<String> onTop) {
        this.onTop = onTop;
        this.aside = aside;
        this.time = time;
    }

    /** Loads {@code server} and empties its mailboxes afterwards. */
    Measurement measure(MeasuredServer server, LoadPlan plan) throws IOException, InterruptedException {
        Ledger ledger = new Ledger("r" + runs.incrementAndGet());
        Census.setAside(server.maildirs(), aside);
        settle();
        Cpu serverBefore = server.processes().cpu();
        Cpu clientBefore = ProcessTree.ownCpu();
        Cpu machineBefore = ProcessTree.machineCpu();
        long start = time.nanos();
        LoadResult load = new SmtpLoad(server.smtp(), plan, ledger, server.maildirs().size(), time, onTop).run();
        Cpu client = ProcessTree.ownCpu().minus(clientBefore);
        awaitDelivery(server, load.accepted());
        double seconds = (time.nanos() - start) / 1e9;
        Cpu cpu = server.processes().cpu().minus(serverBefore);
        Cpu machine = ProcessTree.machineCpu().minus(machineBefore);
        List<String> offences = ledger.compare(Census.take(server.maildirs(), ledger.run()));
        Census.setAside(server.maildirs(), aside);
        return new Measurement(load, load.accepted() / seconds, cpu, client, machine, offences);
    }

    /** Loads {@code server} until its JVM has compiled what it runs: servers run for months, and their first minute is not measured. */
    void warmUp(MeasuredServer server, LoadPlan plan, PrintStream out) throws IOException, InterruptedException {
        double share = 1;
        int slices = 0;
        while (share > WARM_SHARE && slices < MAX_WARM_UPS) {
            double before = server.processes().compilerSeconds();
            Measurement measured = measure(server, plan);
            share = (server.processes().compilerSeconds() - before) / measured.server().total();
            slices++;
        }
        long seconds = plan.duration().toSeconds();
        out.printf("%s: %d s of warm-up; in the last %d s %.0f %% of its CPU were compilers'%n", server.name(), slices * seconds, seconds,
                share * 100);
    }

    private void awaitDelivery(MeasuredServer server, int messages) throws IOException, InterruptedException {
        long limit = time.nanos() + DELIVERY_LIMIT.toNanos();
        while (Census.filesInNew(server.maildirs()) < messages && time.nanos() - limit < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Writes back what earlier cells left dirty, so that no cell pays for another. */
    private static void settle() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
    }
}
