package io.mailserver.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux knows of a process and all its descendants ({@code proc(5)}). */
final class ProcessTree {
    /** The unit of the times in {@code /proc/PID/stat}: USER_HZ, 100 on every Linux we run on. */
    private static final double TICKS_A_SECOND = 100;

    /** What HotSpot calls the threads of its compilers, cut by Linux. */
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");

    private final ProcessHandle root;

    /** @param pid the process under which all others started */
    ProcessTree(long pid) {
        root = ProcessHandle.of(pid).orElseThrow(() -> new IllegalArgumentException("no process " + pid));
    }

    /**
     * CPU time.
     *
     * @param user seconds in programs
     * @param system seconds in the kernel on their behalf
     */
    record Cpu(double user, double system) {
        double total() {
            return user + system;
        }

        Cpu minus(Cpu earlier) {
            return new Cpu(user - earlier.user, system - earlier.system);
        }

        Cpu plus(Cpu other) {
            return new Cpu(user + other.user, system + other.system);
        }
    }

    /** The root's own process id. */
    long pid() {
        return root.pid();
    }

    /** The root and its descendants, as of now. */
    List<Long> pids() {
        return Stream.concat(Stream.of(root), root.descendants()).map(ProcessHandle::pid).toList();
    }

    /** CPU time of all of them since they started, their ended and reaped children included. */
    Cpu cpu() throws IOException {
        Cpu sum = new Cpu(0, 0);
        for (long pid : pids()) {
            sum = sum.plus(cpuOf(Long.toString(pid)).orElse(new Cpu(0, 0)));
        }
        return sum;
    }

    /** Seconds that the JIT compilers of the root have taken, if it is a JVM; else 0. */
    double compilerSeconds() throws IOException {
        double seconds = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path thread : threads.toList()) {
                Optional<String> stat = statOf(thread.resolve("stat"));
                if (stat.isPresent() && COMPILER.matcher(stat.get()).find()) {
                    seconds += cpuIn(stat.get()).total();
                }
            }
        }
        return seconds;
    }

    /** CPU time of this Java process since it started. */
    static Cpu ownCpu() throws IOException {
        return cpuOf("self").orElseThrow();
    }

    /** CPU time of the whole machine since it started: all programs, the kernel's threads, interrupts. */
    static Cpu machineCpu() throws IOException {
        // "cpu user nice system idle iowait irq softirq steal …"
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1);
        double user = Long.parseLong(fields[1]) + Long.parseLong(fields[2]);
        double system = Long.parseLong(fields[3]) + Long.parseLong(fields[6]) + Long.parseLong(fields[7]);
        return new Cpu(user / TICKS_A_SECOND, system / TICKS_A_SECOND);
    }

    /** The proportional set size in octets of all of them: memory that would be free without them. */
    long pssOctets() throws IOException {
        long kilobytes = 0;
        for (long pid : pids()) {
            kilobytes += pssKilobytes(Path.of("/proc", Long.toString(pid)));
        }
        return kilobytes * 1024;
    }

    /** The same of the root alone, whatever children begin and end meanwhile. */
    long rootPssOctets() throws IOException {
        return pssKilobytes(Path.of("/proc", Long.toString(pid()))) * 1024;
    }

    private static long pssKilobytes(Path process) throws IOException {
        try {
            for (String line : Files.readAllLines(process.resolve("smaps_rollup"))) {
                if (line.startsWith("Pss:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return 0;
        } catch (IOException e) {
            if (Files.exists(process.resolve("exe"))) {
                throw e;
            }
            // Ended since it was listed; a zombie has no memory either.
            return 0;
        }
    }

    private static Optional<Cpu> cpuOf(String pid) throws IOException {
        return statOf(Path.of("/proc", pid, "stat")).map(ProcessTree::cpuIn);
    }

    private static Optional<String> statOf(Path stat) throws IOException {
        try {
            return Optional.of(new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            if (Files.exists(stat)) {
                throw e;
            }
            // Ended since it was listed; its parent has its time.
            return Optional.empty();
        }
    }

    private static Cpu cpuIn(String text) {
        // The second field is the name in brackets and may hold anything; the fields after it count from 3.
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        double user = Long.parseLong(fields[14 - 3]) + Long.parseLong(fields[16 - 3]);
        double system = Long.parseLong(fields[15 - 3]) + Long.parseLong(fields[17 - 3]);
        return new Cpu(user / TICKS_A_SECOND, system / TICKS_A_SECOND);
    }
}
