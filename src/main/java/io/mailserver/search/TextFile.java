package io.mailserver.search;

import io.mailserver.base.DurableFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongPredicate;

/**
 * The texts of an account's emails in {@link UnicodeCasemap} form, one after the other in {@code search-N.text}, with a {@link
 * TextDirectory} beside it. Searching reads the texts from beginning to end, which takes a fifth of a second for 100,000 emails; writing
 * one costs nothing but its octets (docs/decisions/0311). Nothing is flushed: checksums tell what a crash left behind, and what is not in
 * it is read from the messages.
 *
 * <p>Safe for use by any thread; calls read and write files on the calling thread, so callers are on a pool's.
 */
final class TextFile implements Closeable {
    private static final String DIRECTORY = "search.directory";
    private static final int BUFFER_OCTETS = 256 << 10;
    private static final Set<StandardOpenOption> READ_WRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path folder;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicBoolean damaged = new AtomicBoolean();
    /** All guarded by the lock: its write side changes them. */
    private int generation;

    private FileChannel directoryFile;
    private FileChannel textFile;
    private TextDirectory directory;
    /**
     * The text of an email.
     *
     * @param octets head and body
     * @param head how many of them are the head's
     * @param tooLarge there is more of it: it is remembered as one that has to be read from the message
     */
    record Text(long email, byte[] octets, int head, boolean tooLarge) {}

    private TextFile(Path folder, int generation, FileChannel directoryFile, FileChannel textFile, TextDirectory directory) {
        this.folder = folder;
        this.generation = generation;
        this.directoryFile = directoryFile;
        this.textFile = textFile;
        this.directory = directory;
    }

    /** Opens the files in a folder; what is missing or of another version begins anew. */
    static TextFile open(Path folder) throws IOException {
        FileChannel directoryFile = FileChannel.open(folder.resolve(DIRECTORY), READ_WRITE, DurableFiles.FILE_MODE);
        boolean usable = false;
        try {
            OptionalInt known = TextDirectory.generation(directoryFile);
            int generation = known.orElse(1);
            if (known.isEmpty()) {
                directoryFile.truncate(0);
                writeFully(directoryFile, TextDirectory.header(generation), 0);
                Files.deleteIfExists(textPath(folder, generation));
            }
            Files.deleteIfExists(textPath(folder, generation - 1)); // What a crash in a compaction left.
            FileChannel textFile = FileChannel.open(textPath(folder, generation), READ_WRITE, DurableFiles.FILE_MODE);
            TextDirectory directory = new TextDirectory();
            directory.load(directoryFile, textFile.size());
            usable = true;
            return new TextFile(folder, generation, directoryFile, textFile, directory);
        } finally {
            if (!usable) {
                directoryFile.close();
            }
        }
    }

    private static Path textPath(Path folder, int generation) {
        return folder.resolve("search-" + generation + ".text");
    }

    /** Whether an email is in it. */
    boolean contains(long email) {
        lock.readLock().lock();
        try {
            return directory.contains(email);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** How many emails are in it. */
    int count() {
        lock.readLock().lock();
        try {
            return directory.count();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Whether a text was found to be other than it was written. */
    boolean damaged() {
        return damaged.get();
    }

    /** Adds texts of emails that are not in it; others are left out. */
    void append(List<Text> texts) throws IOException {
        lock.writeLock().lock();
        try {
            List<Text> added = texts.stream().filter(text -> !directory.contains(text.email())).toList();
            ByteBuffer octets = ByteBuffer.allocate(added.stream().mapToInt(text -> text.octets().length).sum());
            added.forEach(text -> octets.put(text.octets()));
            long offset = directory.textEnd();
            writeFully(textFile, octets.flip(), offset);
            ByteBuffer entries = ByteBuffer.allocate(TextDirectory.ENTRY_OCTETS * added.size());
            long entriesEnd = directory.entriesEnd();
            for (Text text : added) {
                int length = text.octets().length;
                int body = text.tooLarge() ? TextDirectory.TOO_LARGE : length - text.head();
                directory.add(text.email(), offset, text.head(), body, TextDirectory.checksum(text.octets(), 0, length), entries);
                offset += length;
            }
            writeFully(directoryFile, entries.flip(), entriesEnd);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** As {@link SearchIndex#scan}: in one pass, leaving out what is not wanted. */
    void scan(long[] wanted, TextTerms terms, SearchIndex.Found found) throws IOException {
        lock.readLock().lock();
        try {
            if (!new Scan(terms, found).all(wanted)) {
                damaged.set(true);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** A pass over the texts, with a window that moves forwards. */
    private final class Scan {
        private final TextTerms terms;
        private final SearchIndex.Found found;
        private byte[] window = new byte[BUFFER_OCTETS];
        private long windowStart;
        private int windowFill;

        Scan(TextTerms terms, SearchIndex.Found found) {
            this.terms = terms;
            this.found = found;
        }

        /** False if a text is not what was written; the others are looked at nevertheless. */
        boolean all(long[] wanted) throws IOException {
            boolean intact = true;
            for (int i = 0; i < directory.count(); i++) {
                long email = directory.email(i);
                if (directory.body(i) != TextDirectory.TOO_LARGE && Arrays.binarySearch(wanted, email) >= 0) {
                    intact &= one(i, email);
                }
            }
            return intact;
        }

        private boolean one(int i, long email) throws IOException {
            int length = directory.length(i);
            int at = place(directory.offset(i), length);
            if (at < 0 || TextDirectory.checksum(window, at, length) != directory.checksum(i)) {
                return false;
            }
            terms.begin();
            int bodyStart = at + directory.head(i);
            terms.head(window, at, bodyStart);
            terms.body(window, bodyStart, at + length);
            found.found(email, terms);
            return true;
        }

        /** Where a range of the file is in the window; -1 if the file ends before it does. */
        private int place(long offset, int length) throws IOException {
            if (offset < windowStart || offset + length > windowStart + windowFill) {
                if (length > window.length) {
                    window = new byte[length];
                }
                ByteBuffer buffer = ByteBuffer.wrap(window);
                while (buffer.hasRemaining() && textFile.read(buffer, offset + buffer.position()) > 0) {
                    continue;
                }
                windowStart = offset;
                windowFill = buffer.position();
            }
            return offset + length <= windowStart + windowFill ? (int) (offset - windowStart) : -1;
        }
    }

    /** Writes it anew with those emails only that are to be kept, and that are intact. */
    void compact(LongPredicate keep) throws IOException {
        lock.writeLock().lock();
        try {
            int next = generation + 1;
            Path newDirectory = folder.resolve(DIRECTORY + ".new");
            Files.deleteIfExists(newDirectory);
            Files.deleteIfExists(textPath(folder, next));
            FileChannel newDirectoryFile = FileChannel.open(newDirectory, READ_WRITE, DurableFiles.FILE_MODE);
            FileChannel newTextFile = FileChannel.open(textPath(folder, next), READ_WRITE, DurableFiles.FILE_MODE);
            TextFile copy = new TextFile(folder, next, newDirectoryFile, newTextFile, new TextDirectory());
            boolean done = false;
            try {
                writeFully(newDirectoryFile, TextDirectory.header(next), 0);
                copyTo(copy, keep);
                Files.move(newDirectory, folder.resolve(DIRECTORY), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                done = true;
            } finally {
                if (!done) {
                    copy.close();
                }
            }
            directoryFile.close();
            textFile.close();
            Files.deleteIfExists(textPath(folder, generation));
            generation = next;
            directoryFile = newDirectoryFile;
            textFile = newTextFile;
            directory = copy.directory;
            damaged.set(false);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void copyTo(TextFile copy, LongPredicate keep) throws IOException {
        List<Text> batch = new ArrayList<>();
        long octets = 0;
        for (int i = 0; i < directory.count(); i++) {
            ByteBuffer text = ByteBuffer.allocate(directory.length(i));
            if (!keep.test(directory.email(i))) {
                continue;
            }
            while (text.hasRemaining() && textFile.read(text, directory.offset(i) + text.position()) > 0) {
                continue;
            }
            boolean intact = !text.hasRemaining() && TextDirectory.checksum(text.array(), 0, text.capacity()) == directory.checksum(i);
            if (intact) {
                batch.add(new Text(directory.email(i), text.array(), directory.head(i), directory.body(i) == TextDirectory.TOO_LARGE));
                octets += text.capacity();
            }
            if (octets > BUFFER_OCTETS) {
                copy.append(batch);
                batch.clear();
                octets = 0;
            }
        }
        copy.append(batch);
    }

    private static void writeFully(FileChannel file, ByteBuffer octets, long at) throws IOException {
        long place = at;
        while (octets.hasRemaining()) {
            place += file.write(octets, place);
        }
    }

    @Override
    public void close() throws IOException {
        lock.writeLock().lock();
        try {
            directoryFile.close();
        } finally {
            try {
                textFile.close();
            } finally {
                lock.writeLock().unlock();
            }
        }
    }
}
