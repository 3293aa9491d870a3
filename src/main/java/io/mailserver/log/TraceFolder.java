package io.mailserver.log;

import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The folder of trace files: readable by the server's user only, bounded; the oldest files make room for new ones. */
final class TraceFolder {
    static final int MAX_FILE_OCTETS = 1024 * 1024;
    static final int MAX_FILES = 64;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    private static final String SUFFIX = ".txt";

    private final Path path;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    /** Files being written; guarded by the lock. */
    private final Set<Path> open = new HashSet<>();

    TraceFolder(Path path, Time time) {
        this.path = path;
        this.time = time;
    }

    Path path() {
        return path;
    }

    TraceFile create(String session, String firstLine) throws IOException {
        lock.lock();
        try {
            if (open.size() >= MAX_FILES) {
                throw new IOException("already " + MAX_FILES + " sessions are traced");
            }
            Files.createDirectories(path, ownerOnly("rwx------"));
            removeOldest();
            Path file = path.resolve(DATE.format(time.now()) + "-" + safe(session) + SUFFIX);
            WritableByteChannel channel = Files.newByteChannel(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly("rw-------"));
            open.add(file);
            TraceFile trace = new TraceFile(file, channel, MAX_FILE_OCTETS, time, () -> closed(file));
            trace.write(firstLine, ", " + time.now().truncatedTo(ChronoUnit.SECONDS));
            return trace;
        } finally {
            lock.unlock();
        }
    }

    private void removeOldest() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(path)) {
            all.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).forEach(files::add);
        }
        // Names begin with the date.
        files.sort(Comparator.comparing(file -> file.getFileName().toString()));
        int surplus = files.size() - (MAX_FILES - 1);
        for (Path file : files) {
            if (surplus > 0 && !open.contains(file)) {
                Files.deleteIfExists(file);
                surplus--;
            }
        }
    }

    private void closed(Path file) {
        lock.lock();
        try {
            open.remove(file);
        } finally {
            lock.unlock();
        }
    }

    private FileAttribute<?>[] ownerOnly(String mode) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static String safe(String session) {
        String name = session.replaceAll("[^A-Za-z0-9-]", "_");
        return name.substring(0, Math.min(name.length(), 64));
    }
}
