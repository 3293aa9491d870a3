package io.mailserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A memory cgroup of our own, version 1 or 2, whichever the machine has. Closing removes it; its processes must have ended. */
final class MemoryCgroup implements AutoCloseable {
    private final Path folder;
    private final boolean unified;

    private MemoryCgroup(Path folder, boolean unified) {
        this.folder = folder;
        this.unified = unified;
    }

    /** Makes one; empty, with nothing left behind, where that is not permitted or there are no memory cgroups. */
    static Optional<MemoryCgroup> make(String name, long limitOctets) {
        for (Path root : List.of(Path.of("/sys/fs/cgroup/memory"), Path.of("/sys/fs/cgroup"))) {
            boolean unified = Files.exists(root.resolve("cgroup.controllers"));
            if (unified || Files.exists(root.resolve("memory.limit_in_bytes"))) {
                MemoryCgroup group = new MemoryCgroup(root.resolve(name), unified);
                if (group.create(limitOctets)) {
                    return Optional.of(group);
                }
            }
        }
        return Optional.empty();
    }

    private boolean create(long limitOctets) {
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            return false;
        }
        try {
            Files.writeString(folder.resolve(unified ? "memory.max" : "memory.limit_in_bytes"), Long.toString(limitOctets));
            return true;
        } catch (IOException e) {
            close();
            return false;
        }
    }

    /** {@code command} inside this group: a shell joins it and becomes the command, so the process id stays the same. */
    List<String> within(List<String> command) {
        List<String> shell = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", folder.resolve("cgroup.procs").toString()));
        shell.addAll(command);
        return shell;
    }

    /** The most memory it ever held, cached file contents included. */
    long peakOctets() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve(unified ? "memory.peak" : "memory.max_usage_in_bytes")).strip());
    }

    /** How many processes the kernel ended for want of memory. */
    int outOfMemoryKills() throws IOException {
        for (String line : Files.readAllLines(folder.resolve(unified ? "memory.events" : "memory.oom_control"))) {
            if (line.startsWith("oom_kill ")) {
                return Integer.parseInt(line.substring("oom_kill ".length()));
            }
        }
        return 0;
    }

    /** Memory that is not cached file contents, now. */
    long anonymousOctets() throws IOException {
        String key = unified ? "anon " : "rss ";
        for (String line : Files.readAllLines(folder.resolve("memory.stat"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.substring(key.length()));
            }
        }
        return 0;
    }

    @Override
    public void close() {
        // A cgroup is removed as a folder; the kernel refuses while a process is in it, and then it stays, empty and harmless.
        if (!folder.toFile().delete()) {
            System.err.println("bench: the cgroup " + folder + " could not be removed");
        }
    }
}
