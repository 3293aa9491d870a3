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
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * The texts of an account's emails in {@link UnicodeCasemap} form, one after the other in {@code search-N.text}, the fields that are asked
 * for most a second time in {@code search-N.fields}, and a {@link TextDirectory} beside them. Searching reads the texts from beginning to
 * end, which takes a fifth of a second for 100,000 emails; writing one costs nothing but its octets (docs/decisions/0311). Nothing is
 * flushed: checksums tell what a crash left behind, and what is not in it is read from the messages.
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
    private FileChannel fieldsFile;
    private TextDirectory directory;
    /**
     * The text of an email.
     *
     * @param octets head and body
     * @param head how many of them are the head's
     * @param fields the lines of the head that are of {@link TextTerms#FIELDS}
     * @param tooLarge there is more of it: it is remembered as one that has to be read from the message
     */
    // Compared by nobody; the arrays are never changed after they were put in here.
    @SuppressWarnings("ArrayRecordComponent")
    record Text(long email, byte[] octets, int head, byte[] fields, boolean tooLarge) {}

    private TextFile(Path folder, int generation, FileChannel directoryFile) throws IOException {
        this.folder = folder;
        this.generation = generation;
        this.directoryFile = directoryFile;
        this.textFile = FileChannel.open(textPath(folder, generation), READ_WRITE, DurableFiles.FILE_MODE);
        this.fieldsFile = FileChannel.open(fieldsPath(folder, generation), READ_WRITE, DurableFiles.FILE_MODE);
        this.directory = new TextDirectory();
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
                deleteTexts(folder, generation);
            }
            deleteTexts(folder, generation - 1); // What a crash in a compaction left.
            TextFile file = new TextFile(folder, generation, directoryFile);
            file.directory.load(directoryFile, file.textFile.size(), file.fieldsFile.size());
            usable = true;
            return file;
        } finally {
            if (!usable) {
                directoryFile.close();
            }
        }
    }

    private static Path textPath(Path folder, int generation) {
        return folder.resolve("search-" + generation + ".text");
    }

    private static Path fieldsPath(Path folder, int generation) {
        return folder.resolve("search-" + generation + ".fields");
    }

    private static void deleteTexts(Path folder, int generation) throws IOException {
        Files.deleteIfExists(textPath(folder, generation));
        Files.deleteIfExists(fieldsPath(folder, generation));
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
            long offset = directory.textEnd();
            writeFully(textFile, joined(added, Text::octets), offset);
            writeFully(fieldsFile, joined(added, Text::fields), directory.fieldsEnd());
            ByteBuffer entries = ByteBuffer.allocate(TextDirectory.ENTRY_OCTETS * added.size());
            long entriesEnd = directory.entriesEnd();
            for (Text text : added) {
                entries.put(directory.add(text, offset));
                offset += text.octets().length;
            }
            writeFully(directoryFile, entries.flip(), entriesEnd);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static ByteBuffer joined(List<Text> texts, Function<Text, byte[]> part) {
        ByteBuffer octets = ByteBuffer.allocate(texts.stream().mapToInt(text -> part.apply(text).length).sum());
        texts.forEach(text -> octets.put(part.apply(text)));
        return octets.flip();
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
        private final boolean fieldsOnly;
        private final FileChannel file;
        private byte[] window = new byte[BUFFER_OCTETS];
        private long windowStart;
        private int windowFill;

        Scan(TextTerms terms, SearchIndex.Found found) {
            this.terms = terms;
            this.found = found;
            this.fieldsOnly = terms.fieldsOnly();
            this.file = fieldsOnly ? fieldsFile : textFile;
        }

        /** False if a text is not what was written; the others are looked at nevertheless. */
        boolean all(long[] wanted) throws IOException {
            boolean intact = true;
            for (int i = 0; i < directory.count(); i++) {
                long email = directory.email(i);
                boolean there = fieldsOnly || directory.body(i) != TextDirectory.TOO_LARGE;
                if (there && Arrays.binarySearch(wanted, email) >= 0) {
                    intact &= fieldsOnly ? fields(i, email) : text(i, email);
                }
            }
            return intact;
        }

        private boolean fields(int i, long email) throws IOException {
            int length = directory.fieldsLength(i);
            int at = place(directory.fieldsOffset(i), length);
            if (at < 0 || TextDirectory.checksum(window, at, length) != directory.fieldsChecksum(i)) {
                return false;
            }
            terms.begin();
            terms.head(window, at, at + length);
            terms.end();
            found.found(email, terms);
            return true;
        }

        private boolean text(int i, long email) throws IOException {
            int length = directory.length(i);
            int at = place(directory.offset(i), length);
            if (at < 0 || TextDirectory.checksum(window, at, length) != directory.checksum(i)) {
                return false;
            }
            terms.begin();
            int bodyStart = at + directory.head(i);
            terms.head(window, at, bodyStart);
            terms.body(window, bodyStart, at + length);
            terms.end();
            found.found(email, terms);
            return true;
        }

        /** Where a range of the file is in the window; -1 if the file ends before it does. */
        private int place(long offset, int length) throws IOException {
            if (offset < windowStart || offset + length > windowStart + windowFill) {
                if (length > window.length) {
                    window = new byte[length];
                }
                windowStart = offset;
                windowFill = readFully(file, ByteBuffer.wrap(window), offset);
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
            deleteTexts(folder, next);
            TextFile copy = new TextFile(folder, next, FileChannel.open(newDirectory, READ_WRITE, DurableFiles.FILE_MODE));
            boolean done = false;
            try {
                writeFully(copy.directoryFile, TextDirectory.header(next), 0);
                copyTo(copy, keep);
                Files.move(newDirectory, folder.resolve(DIRECTORY), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                done = true;
            } finally {
                if (!done) {
                    copy.close();
                }
            }
            closeFiles();
            deleteTexts(folder, generation);
            generation = next;
            directoryFile = copy.directoryFile;
            textFile = copy.textFile;
            fieldsFile = copy.fieldsFile;
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
            if (!keep.test(directory.email(i))) {
                continue;
            }
            byte[] text = range(textFile, directory.offset(i), directory.length(i));
            byte[] fields = range(fieldsFile, directory.fieldsOffset(i), directory.fieldsLength(i));
            boolean intact = TextDirectory.checksum(text, 0, text.length) == directory.checksum(i)
                    && TextDirectory.checksum(fields, 0, fields.length) == directory.fieldsChecksum(i);
            if (intact) {
                boolean tooLarge = directory.body(i) == TextDirectory.TOO_LARGE;
                batch.add(new Text(directory.email(i), text, directory.head(i), fields, tooLarge));
                octets += text.length;
            }
            if (octets > BUFFER_OCTETS) {
                copy.append(batch);
                batch.clear();
                octets = 0;
            }
        }
        copy.append(batch);
    }

    /** Zeros where the file ends before. */
    private static byte[] range(FileChannel file, long at, int length) throws IOException {
        byte[] octets = new byte[length];
        readFully(file, ByteBuffer.wrap(octets), at);
        return octets;
    }

    /** Reads until the buffer is full or the file ends; how many octets it was. */
    static int readFully(FileChannel file, ByteBuffer into, long at) throws IOException {
        int read = 0;
        while (read >= 0 && into.hasRemaining()) {
            read = file.read(into, at + into.position());
        }
        return into.position();
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
            closeFiles();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void closeFiles() throws IOException {
        try {
            directoryFile.close();
        } finally {
            try {
                textFile.close();
            } finally {
                fieldsFile.close();
            }
        }
    }
}
