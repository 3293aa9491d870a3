package io.mailserver.app;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * The right to touch a data folder: one process has it at a time. It is a lock on {@code data/lock} that the kernel takes back when the
 * process ends, however it ends; the file also says who holds it. Closed by whoever took it, last of all.
 *
 * <p>The kernel drops such a lock when any other channel of the same process on the same file closes, so one process must not try for
 * the same folder twice (only tests could).
 */
final class DataLock implements AutoCloseable {
    private static final String FILE = "lock";
    private static final int MAX_OWNER_OCTETS = 1000;

    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock or says who has it.
     *
     * @param data the data folder, which exists
     * @param command what this process does, for the one who is refused
     * @throws OperatorException if another process holds it or the file cannot be written
     */
    static DataLock take(Path data, String command, Time time) {
        Path file = data.resolve(FILE);
        Optional<DataLock> lock = tryTake(data, command, time);
        return lock.orElseThrow(() -> new OperatorException(
                "the data folder " + data + " is in use by " + owner(file).orElse("another process"),
                "stop that one (./mailserver stop --data " + data + ") or use another folder (--data)"));
    }

    /** As {@link #take}, empty if another process has the lock. */
    static Optional<DataLock> tryTake(Path data, String command, Time time) {
        Path file = data.resolve(FILE);
        FileAttribute<?>[] onlyOwner = data.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        try {
            FileChannel channel = FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), onlyOwner);
            try {
                if (tryLock(channel)) {
                    writeOwner(channel, command, time);
                    return Optional.of(new DataLock(channel));
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new OperatorException("cannot lock " + file + ": " + e.getMessage(),
                    "run it as the user who owns the folder, or use another one (--data)", e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void writeOwner(FileChannel channel, String command, Time time) throws IOException {
        String owner = "process " + ProcessHandle.current().pid() + " (" + command.replaceAll("\\p{Cntrl}", "?") + ") since "
                + time.now().truncatedTo(ChronoUnit.SECONDS) + "\n";
        ByteBuffer octets = ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8));
        octets.limit(Math.min(octets.limit(), MAX_OWNER_OCTETS));
        channel.truncate(0);
        while (octets.hasRemaining()) {
            channel.write(octets, octets.position());
        }
    }

    private static Optional<String> owner(Path file) {
        try {
            return Files.readString(file).lines().findFirst().filter(line -> !line.isBlank());
        } catch (IOException e) {
            return Optional.empty(); // the refusal stands without it
        }
    }

    @Override
    public void close() {
        try {
            channel.truncate(0);
            channel.close();
        } catch (IOException e) {
            // The process ends now, and with it the lock.
            return;
        }
    }
}
