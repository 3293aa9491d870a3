package io.mailserver.maildir;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes folders and remembers which of them have names that will survive a power cut. A folder that merely exists says nothing: an
 * earlier process may have made it and died before its flush. So each folder's parent is flushed once per process, before the first
 * message in it is acknowledged.
 *
 * <p>Safe for use by any thread.
 */
final class DurableFolders {
    /** About 2 MB of memory; beyond it the longest unused are forgotten, and flushed once more when they are used again. */
    private static final int MAX_KNOWN = 20_000;

    private final Path root;
    private final LongAdder flushes;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private final Set<Path> known = Collections.newSetFromMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > MAX_KNOWN;
        }
    });

    /**
     * @param root exists, and its own name is durable
     * @param flushes counts
     */
    DurableFolders(Path root, LongAdder flushes) {
        this.root = root;
        this.flushes = flushes;
    }

    /**
     * Makes {@code folder} and its missing parents up to the root, mode 0700; when this returns, all their names are durable.
     *
     * @param folder below the root
     */
    void ensure(Path folder) throws IOException {
        if (folder.equals(root) || isKnown(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent == null || !folder.startsWith(root)) {
            throw new IOException(folder + " is not below " + root);
        }
        ensure(parent);
        List<Path> created = create(folder) ? List.of(folder) : List.of();
        flushCreated(parent, created);
        know(folder);
    }

    /**
     * Makes a folder if it is missing, with nothing durable yet.
     *
     * @return whether it was missing
     */
    boolean create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return false;
        }
        try {
            Files.createDirectory(folder, DurableFiles.FOLDER_MODE);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Flushes {@code folder}; when that fails, deletes what was just created in it. A failed flush may have dropped a new name for
     * good, and a later one would succeed without writing it: the name must be made anew.
     */
    void flushCreated(Path folder, List<Path> created) throws IOException {
        try {
            flush(folder);
        } catch (IOException e) {
            for (Path path : created) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException notDeleted) {
                    e.addSuppressed(notDeleted);
                }
            }
            throw e;
        }
    }

    /** Makes the names in {@code folder} durable, as {@link DurableFiles#flushFolder}, and counts. */
    void flush(Path folder) throws IOException {
        DurableFiles.flushFolder(folder);
        flushes.increment();
    }

    /** Whether {@link #ensure} has seen to this folder. */
    boolean isKnown(Path folder) {
        lock.lock();
        try {
            return known.contains(folder);
        } finally {
            lock.unlock();
        }
    }

    void know(Path folder) {
        lock.lock();
        try {
            known.add(folder);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets {@code folder}, all below it and all above it: something was not where it should be. */
    void forget(Path folder) {
        lock.lock();
        try {
            known.removeIf(path -> path.startsWith(folder) || folder.startsWith(path));
        } finally {
            lock.unlock();
        }
    }
}
