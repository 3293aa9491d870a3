package io.mailserver.queue;

import io.mailserver.base.DurableFiles;
import io.mailserver.base.PlatformPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Destinations that the operator has paused: the file {@code paused} of the queue's folder, one on each line, {@code *} for all. Safe for
 * use by any thread.
 */
final class Pauses {
    static final String ALL = "*";
    private static final String FILE = "paused";
    private static final int MAX_PAUSED = 10_000;

    private final Path file;
    private final PlatformPool files;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile Set<String> paused;

    private Pauses(Path file, PlatformPool files, Set<String> paused) {
        this.file = file;
        this.files = files;
        this.paused = paused;
    }

    /** Those of a queue's folder; reads the disk on the thread that calls. */
    static Pauses open(Path folder, PlatformPool files) throws IOException {
        Path file = folder.resolve(FILE);
        return new Pauses(file, files, read(file));
    }

    private static Set<String> read(Path file) throws IOException {
        try {
            Set<String> names = new TreeSet<>(Files.readAllLines(file, StandardCharsets.UTF_8));
            names.remove("");
            return Set.copyOf(names);
        } catch (NoSuchFileException e) {
            return Set.of();
        }
    }

    boolean isPaused(String destination) {
        Set<String> now = paused;
        return !now.isEmpty() && (now.contains(destination) || now.contains(ALL));
    }

    /** In their order. */
    Set<String> all() {
        return new TreeSet<>(paused);
    }

    /**
     * Durable when this returns.
     *
     * @return whether that was new
     */
    boolean change(String destination, boolean pause) throws IOException {
        writing.lock();
        try {
            Set<String> next = new TreeSet<>(paused);
            boolean isNew = pause ? next.size() < MAX_PAUSED && next.add(destination) : next.remove(destination);
            if (isNew) {
                byte[] lines = (String.join("\n", next) + "\n").getBytes(StandardCharsets.UTF_8);
                files.call(() -> {
                    DurableFiles.replace(file, lines);
                    return file;
                });
                paused = Set.copyOf(next);
            }
            return isNew;
        } finally {
            writing.unlock();
        }
    }
}
