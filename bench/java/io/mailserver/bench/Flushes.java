package io.mailserver.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a server asks the disk to flush for one message, counted by {@code strace} in a short load of its own: tracing slows a
 * server down too much to measure anything else.
 */
final class Flushes {
    private static final String CALLS = "fsync,fdatasync,msync,sync_file_range,syncfs,sync";
    private static final LoadPlan LOAD = LoadPlan.kept(10, 4 << 10, Duration.ofSeconds(3));
    private static final long STRACE_LIMIT_SECONDS = 10;
    private static final int TRACER_TRIES = 100;

    /** "% time, seconds, usecs/call, calls, errors, syscall": the calls of one system call. */
    private static final Pattern COUNT = Pattern.compile("^\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)\\s.*sync.*$", Pattern.MULTILINE);

    private Flushes() {}

    /**
     * Flushes a message.
     *
     * @param report where strace may write
     * @return empty where there is no strace, or it may not trace
     */
    static OptionalDouble aMessage(MeasuredServer server, Cell cell, Path report) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-c", "-o", report.toString(), "-e", "trace=" + CALLS));
        for (long pid : server.processes().pids()) {
            command.add("-p");
            command.add(Long.toString(pid));
        }
        Process strace;
        try {
            strace = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            // Not installed.
            return OptionalDouble.empty();
        }
        int accepted;
        try {
            awaitTracer(server.processes().pid());
            accepted = cell.measure(server, LOAD).load().accepted();
        } finally {
            strace.destroy();
        }
        if (!strace.waitFor(STRACE_LIMIT_SECONDS, TimeUnit.SECONDS) || !Files.exists(report)) {
            strace.destroyForcibly();
            return OptionalDouble.empty();
        }
        double calls = 0;
        Matcher matcher = COUNT.matcher(Files.readString(report, StandardCharsets.UTF_8));
        while (matcher.find()) {
            calls += Integer.parseInt(matcher.group(1));
        }
        return calls == 0 || accepted == 0 ? OptionalDouble.empty() : OptionalDouble.of(calls / accepted);
    }

    private static void awaitTracer(long pid) throws IOException, InterruptedException {
        for (int tries = 0; tries < TRACER_TRIES; tries++) {
            if (!Files.readString(Path.of("/proc", Long.toString(pid), "status")).contains("TracerPid:\t0\n")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
