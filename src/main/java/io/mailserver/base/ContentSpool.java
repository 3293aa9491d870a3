package io.mailserver.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds the octets of messages on their way in: small ones in memory, larger ones in files of one folder, which are never flushed
 * (a spooled message has not been acknowledged yet). The memory of all messages together is bounded: when it is used up, further
 * messages go to files early, so a burst of mail costs speed and never the heap.
 *
 * <p>Spool files have mode 0600 and lose their name as soon as they are open (the JDK does that for {@code DELETE_ON_CLOSE}), so
 * not even a killed process leaves anything; a file that a file system without that ability kept goes at the next start.
 *
 * <p>Safe for use by any thread.
 */
public final class ContentSpool {
    /** What of one message is held in memory unless told otherwise: 1 MiB (DESIGN §5: judged in memory, written once). */
    public static final int DEFAULT_MEMORY_PER_CONTENT = 1 << 20;

    private static final String SUFFIX = ".spool";
    private static final Set<OpenOption> CREATE = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final PlatformPool pool;
    private final int memoryPerContent;
    private final Semaphore freeMemory;
    private final int memoryInAll;
    private final AtomicLong number = new AtomicLong();
    private final AtomicLong spooled = new AtomicLong();
    private final AtomicLong closeFailures = new AtomicLong();

    /**
     * @param folder where files go; exists, and belongs to this object alone
     * @param pool runs all work on files
     * @param memoryPerContent octets of one message that are held in memory at most
     * @param memoryInAll octets of all messages together that are held in memory at most; a quarter of the heap is a good choice
     * @throws IOException files of an earlier process could not be deleted
     */
    public ContentSpool(Path folder, PlatformPool pool, int memoryPerContent, int memoryInAll) throws IOException {
        this.folder = folder;
        this.pool = pool;
        this.memoryPerContent = memoryPerContent;
        this.memoryInAll = memoryInAll;
        this.freeMemory = new Semaphore(memoryInAll);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    /** A writer for one message; it does no file work before the message has outgrown its memory. */
    public ContentWriter newContent() {
        return new ContentWriter(this, true);
    }

    /** The same for octets in which the caller has seen to it that a CR stands before every LF: they are not looked at again. */
    public ContentWriter newTextContent() {
        return new ContentWriter(this, false);
    }

    /** Octets of memory that messages hold now. */
    public int memoryInUse() {
        return memoryInAll - freeMemory.availablePermits();
    }

    /** How many messages went to a file since the start. */
    public long spooledContents() {
        return spooled.get();
    }

    /** How many spool files could not be closed cleanly since the start; anything but zero means a sick disk. */
    public long closeFailures() {
        return closeFailures.get();
    }

    int memoryPerContent() {
        return memoryPerContent;
    }

    boolean takeMemory(int octets) {
        return freeMemory.tryAcquire(octets);
    }

    void giveBackMemory(int octets) {
        freeMemory.release(octets);
    }

    FileChannel openFile() throws IOException {
        spooled.incrementAndGet();
        Path path = folder.resolve(number.incrementAndGet() + SUFFIX);
        return pool.call(() -> FileChannel.open(path, CREATE, OWNER_ONLY));
    }

    void append(FileChannel file, ByteBuffer[] octets) throws IOException {
        pool.call(() -> {
            for (ByteBuffer piece : octets) {
                while (piece.hasRemaining()) {
                    file.write(piece);
                }
            }
            return octets;
        });
    }

    /** Closes {@code file}, which frees its blocks: for a large one that takes long, so the pool does it if it can. */
    void discard(FileChannel file) {
        try {
            try {
                pool.call(() -> {
                    file.close();
                    return file;
                });
            } catch (PlatformPool.OverloadedException e) {
                file.close();
            }
        } catch (IOException e) {
            // A file without a name whose octets nobody wants: no mail is lost, so it is only counted.
            closeFailures.incrementAndGet();
        }
    }
}
