package io.mailserver.bench;

import com.sun.management.OperatingSystemMXBean;
import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.maildir.UniqueNames;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Durable deliveries a second of {@link MaildirWriter} alone, without SMTP: virtual threads that hand messages to the pool, beside the
 * disk's own rate in the same minute, for several sizes of the pool. What is missing to the disk's rate is the cost of Java and of the
 * hop to the pool; what a whole server is missing beyond that is its own.
 */
final class MaildirRate {
    private static final int MAILDIRS = 100;
    private static final int OCTETS = 4 << 10;
    static final List<Integer> SESSIONS = List.of(1, 10, 50);
    private static final List<Integer> THREADS = List.of(4, 8, 16, 32, 64);
    private static final String HEAD = "Received: x\r\n".repeat(20);
    private static final int PERCENT = 100;

    private final Path folder;
    private final DiskRate disk;
    private final Time time;
    private final PrintStream out;

    MaildirRate(Path folder, DiskRate disk, Time time, PrintStream out) {
        this.folder = folder;
        this.disk = disk;
        this.time = time;
        this.out = out;
    }

    /** @param rate deliveries a second */
    private record Result(double rate, double flushesPerMessage, double cpuMicrosPerMessage) {}

    /** Measures and prints; medians of {@code rounds}, each measurement for {@code duration}. */
    boolean run(List<Integer> sessionCounts, int rounds, Duration duration) throws IOException, InterruptedException {
        out.println("durable deliveries/s into " + MAILDIRS + " maildirs, " + OCTETS + " octets; medians of " + rounds);
        for (int sessions : sessionCounts) {
            List<Integer> pools = THREADS.stream().filter(threads -> sessions > 1 || threads <= THREADS.getFirst()).toList();
            double[] own = new double[rounds];
            Result[][] ours = new Result[pools.size()][rounds];
            for (int round = 0; round < rounds; round++) {
                own[round] = disk.measure(sessions, OCTETS, duration);
                for (int i = 0; i < pools.size(); i++) {
                    ours[i][round] = measure(sessions, pools.get(i), duration);
                }
            }
            Arrays.sort(own);
            double disksOwn = own[rounds / 2];
            out.printf("%3d sessions: disk's own %.0f%n", sessions, disksOwn);
            for (int i = 0; i < pools.size(); i++) {
                Arrays.sort(ours[i], Comparator.comparingDouble(Result::rate));
                Result median = ours[i][rounds / 2];
                out.printf("     pool of %2d threads: %.0f (%.0f %%), %.2f flushes and %.0f us of CPU a message%n", pools.get(i),
                        median.rate(), PERCENT * median.rate() / disksOwn, median.flushesPerMessage(), median.cpuMicrosPerMessage());
            }
        }
        return true;
    }

    private Result measure(int sessions, int threads, Duration duration) throws IOException, InterruptedException {
        Path root = Files.createTempDirectory(folder, "rate");
        MaildirStatistics statistics = new MaildirStatistics();
        LongAdder deliveries = new LongAdder();
        try (PlatformPool pool = new PlatformPool("files", threads, 10_000)) {
            MaildirWriter writer = new MaildirWriter(root, pool, new UniqueNames(time, "bench", 1, 0), time, statistics);
            ContentSpool spool = new ContentSpool(root, pool, 1 << 20, 64 << 20);
            List<MaildirFolder> mailboxes = new ArrayList<>();
            for (int i = 0; i < MAILDIRS; i++) {
                mailboxes.add(MaildirFolder.inbox(root.resolve("user" + i).resolve("Maildir")));
                deliver(writer, spool, mailboxes.get(i));
            }
            long flushesBefore = statistics.flushes();
            long cpuBefore = cpuNanos();
            long start = time.nanos();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                int session = i;
                clients.add(Thread.ofVirtual().start(() -> {
                    for (int n = 0; time.nanos() - start < duration.toNanos(); n++) {
                        deliver(writer, spool, mailboxes.get((n * 61 + session * 7) % MAILDIRS));
                        deliveries.increment();
                    }
                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            double seconds = (time.nanos() - start) / 1e9;
            double all = deliveries.sum();
            return new Result(all / seconds, (statistics.flushes() - flushesBefore) / all, (cpuNanos() - cpuBefore) / 1e3 / all);
        } finally {
            deleteAll(root);
        }
    }

    private void deliver(MaildirWriter writer, ContentSpool spool, MaildirFolder mailbox) {
        byte[] octets = new byte[OCTETS];
        try (ContentWriter message = spool.newContent()) {
            message.write(octets, 0, octets.length);
            try (Content content = message.finish()) {
                writer.write(List.of(new MaildirWriter.Copy(mailbox, HEAD)), content, time.now());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void deleteAll(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
