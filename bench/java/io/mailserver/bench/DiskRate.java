package io.mailserver.bench;

import io.mailserver.base.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The disk's own rate of durable Maildir deliveries: create in {@code tmp}, write, fsync, rename into {@code new}, fsync
 * {@code new}, with nothing else to do. What a server reaches of it is the measure of its overhead. Measured by a small C program
 * where there is a compiler, and in Java; the better one counts.
 */
final class DiskRate {
    private static final int MAILDIRS = 100;

    private final Path folder;
    private final Path program;
    private final Time time;

    /**
     * @param folder where to write, on the file system of the servers' mailboxes
     * @param program the compiled {@code disk-rate.c}; need not exist
     */
    DiskRate(Path folder, Path program, Time time) {
        this.folder = folder;
        this.program = program;
        this.time = time;
    }

    /** Deliveries a second, {@code threads} at a time, the better of both ways; each is measured for {@code duration}. */
    double measure(int threads, int octets, Duration duration) throws IOException, InterruptedException {
        double java = inFreshMaildirs(() -> inJava(threads, octets, duration));
        return Files.isExecutable(program) ? Math.max(java, inFreshMaildirs(() -> inC(threads, octets, duration))) : java;
    }

    /** Whether the C program takes part. */
    boolean hasProgram() {
        return Files.isExecutable(program);
    }

    private interface Measurement {
        double run() throws IOException, InterruptedException;
    }

    private double inFreshMaildirs(Measurement measurement) throws IOException, InterruptedException {
        List<Path> maildirs = new ArrayList<>();
        for (int i = 1; i <= MAILDIRS; i++) {
            Path maildir = folder.resolve("user" + i).resolve("Maildir");
            Files.createDirectories(maildir.resolve("tmp"));
            Files.createDirectories(maildir.resolve("new"));
            maildirs.add(maildir);
        }
        try {
            return measurement.run();
        } finally {
            Census.setAside(maildirs, folder.resolve("aside"));
        }
    }

    private double inC(int threads, int octets, Duration duration) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.toString(), folder.toString(), Integer.toString(MAILDIRS),
                        Integer.toString(threads), Integer.toString(octets), Double.toString(duration.toMillis() / 1e3))
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
        String[] fields = output.split(" ", 2);
        return Long.parseLong(fields[0]) / Double.parseDouble(fields[1]);
    }

    private double inJava(int threads, int octets, Duration duration) throws InterruptedException {
        LongAdder deliveries = new LongAdder();
        long start = time.nanos();
        long end = start + duration.toNanos();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int worker = i;
            workers.add(Thread.ofPlatform().start(() -> {
                for (long n = 0; time.nanos() - end < 0; n++) {
                    deliver(worker, n, octets);
                    deliveries.increment();
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        return deliveries.sum() / ((time.nanos() - start) / 1e9);
    }

    private void deliver(int worker, long n, int octets) {
        Path maildir = folder.resolve("user" + (1 + (n * 61 + worker * 7L) % MAILDIRS)).resolve("Maildir");
        String name = "j" + worker + "." + n;
        Path tmp = maildir.resolve("tmp").resolve(name);
        try {
            try (FileChannel file = FileChannel.open(tmp, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer body = ByteBuffer.allocate(octets);
                while (body.hasRemaining()) {
                    file.write(body);
                }
                file.force(true);
            }
            Files.move(tmp, maildir.resolve("new").resolve(name), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(maildir.resolve("new"), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
