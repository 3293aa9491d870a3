package io.mailserver.queue;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a queue on disk: reads them at the start, appends to the newest, lets the oldest go. Whatever goes wrong while
 * appending, the next append begins a new segment whose header says how far the one before is to be believed; so no file is ever
 * written again after a flush failed, and what was refused does not come back after a restart.
 *
 * <p>Owned by one thread at a time (the leader of {@link GroupCommit}).
 */
final class QueueLog implements AutoCloseable {
    private static final String DAMAGED = "damaged";
    private static final int SEAL_STEP = 0x9e3779b9;

    private final Path folder;
    private final int salt;
    private final int segmentOctets;
    private final Consumer<IOException> trouble;
    private final TreeMap<Integer, Long> ends = new TreeMap<>();
    private final Set<Integer> damaged = new HashSet<>();
    private long nextSequence = 1;
    private long nextId = 1;
    private int lastNumber;
    private int last;
    private @Nullable FileChannel active;
    private Hint hint = new Hint();
    private volatile long octets;

    /** Told what the segments hold, oldest record first. */
    interface Replay {
        /** A record that was flushed, or written whole and never acknowledged. */
        void record(Place place, int octets, Fact fact);

        /** Flushed octets that are records no more. */
        void damage(Path file, long offset, long length);
    }

    /**
     * @param salt makes the segments' seals; the same for ever
     * @param segmentOctets a segment of this size or more is not appended to
     * @param trouble told of failures that harm nothing yet
     */
    private QueueLog(Path folder, int salt, int segmentOctets, Consumer<IOException> trouble) {
        this.folder = folder;
        this.salt = salt;
        this.segmentOctets = segmentOctets;
        this.trouble = trouble;
    }

    /** Opens the log in {@code folder} and tells {@code replay} everything; writes nothing that matters. */
    static QueueLog open(Path folder, int salt, int segmentOctets, Replay replay, Consumer<IOException> trouble) throws IOException {
        QueueLog log = new QueueLog(folder, salt, segmentOctets, trouble);
        NavigableMap<Integer, Segment> segments = log.list(replay);
        TreeMap<Integer, Long> flushedEnds = new TreeMap<>();
        for (Segment segment : segments.values()) {
            flushedEnds.put(segment.previous(), segment.previousEnd());
        }
        for (Segment segment : segments.values()) {
            log.replay(segment, flushedEnds.getOrDefault(segment.number(), -1L), replay);
        }
        return log;
    }

    private NavigableMap<Integer, Segment> list(Replay replay) throws IOException {
        TreeMap<Integer, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + Segment.SUFFIX)) {
            for (Path entry : entries) {
                number(entry).ifPresent(number -> files.put(number, entry));
            }
        }
        TreeMap<Integer, Segment> segments = new TreeMap<>();
        for (var entry : files.entrySet()) {
            int number = entry.getKey();
            lastNumber = number;
            Optional<Segment> whole = Segment.read(entry.getValue(), number);
            if (whole.isPresent()) {
                segments.put(number, whole.get());
            } else if (Files.size(entry.getValue()) > Segment.HEADER_OCTETS) {
                replay.damage(entry.getValue(), 0, Segment.HEADER_OCTETS);
                damaged.add(number);
                segments.put(number, Segment.withoutHeader(entry.getValue(), number));
            }
            // Else the power went while it was made: nothing was ever appended to it.
        }
        return segments;
    }

    private static Optional<Integer> number(Path file) {
        String name = file.getFileName().toString();
        String digits = name.substring(0, name.length() - Segment.SUFFIX.length());
        return digits.matches("\\d{10}") ? Optional.of(Integer.parseInt(digits)) : Optional.empty();
    }

    private void replay(Segment segment, long flushedEnd, Replay replay) throws IOException {
        nextId = Math.max(nextId, segment.nextId());
        nextSequence = Math.max(nextSequence, segment.nextSequence());
        long size = segment.size();
        int number = segment.number();
        long believed = flushedEnd >= 0 ? flushedEnd : size;
        long end;
        boolean hinted = size >= believed
                && Hint.read(folder, number, seal(number), believed, (type, place, length, fact) -> {
                    nextSequence++;
                    replay.record(place, length, remember(FactCodec.decode(type, new RecordReader(fact))));
                });
        if (hinted) {
            end = believed;
        } else {
            byte[] all = segment.read(0, (int) size);
            end = new SegmentScan(number, seal(number), all, flushedEnd, visitor(segment, replay)).run(flushedEnd - size);
        }
        last = number;
        ends.put(number, end);
        addOctets(end);
    }

    private SegmentScan.Visitor visitor(Segment segment, Replay replay) {
        return new SegmentScan.Visitor() {
            @Override
            public void record(Place place, LogRecord.Header header, byte[] all) throws IOException {
                nextSequence = Math.max(nextSequence, header.sequence() + 1);
                int factAt = place.offset() + LogRecord.HEADER_OCTETS;
                Fact fact = FactCodec.decode(header.type(), new RecordReader(all, factAt, header.factOctets()));
                replay.record(place, header.octets(), remember(fact));
            }

            @Override
            public void damage(Place place, int length) {
                damaged.add(segment.number());
                replay.damage(segment.file(), place.offset(), length);
            }
        };
    }

    private Fact remember(Fact fact) {
        nextId = Math.max(nextId, fact.id() + 1);
        return fact;
    }

    /** The lowest number that no message has had. */
    long nextId() {
        return nextId;
    }

    /** Tells that numbers below {@code id} are taken. */
    void idsTaken(long id) {
        nextId = Math.max(nextId, id);
    }

    /**
     * Appends the records and flushes them.
     *
     * @return where they stand
     * @throws IOException none of them counts, now or after a restart, unless the disk is dead for good
     */
    List<Place> append(List<LogRecord> records) throws IOException {
        FileChannel channel = active == null ? begin() : active;
        long start = ends.getOrDefault(last, 0L);
        int size = 0;
        for (LogRecord record : records) {
            size += record.octets();
        }
        ByteBuffer batch = ByteBuffer.allocate(size);
        List<Place> places = new ArrayList<>(records.size());
        for (LogRecord record : records) {
            places.add(new Place(last, (int) start + batch.position()));
            record.writeTo(batch, seal(last), (int) start, nextSequence++);
        }
        boolean done = false;
        try {
            Segment.writeFully(channel, batch.flip());
            channel.force(false);
            done = true;
        } finally {
            if (!done) {
                giveUp(channel, start);
            }
        }
        for (int i = 0; i < places.size(); i++) {
            LogRecord record = records.get(i);
            hint.add(record.type(), places.get(i).offset(), record.octets(), record.fact());
        }
        ends.put(last, start + size);
        addOctets(size);
        if (start + size >= segmentOctets) {
            finish();
        }
        return places;
    }

    private FileChannel begin() throws IOException {
        int number = ++lastNumber;
        long previousEnd = last == 0 ? 0 : ends.getOrDefault(last, 0L);
        Segment segment = new Segment(Segment.file(folder, number), number, nextId, nextSequence, last, previousEnd);
        FileChannel channel = segment.create();
        channel.position(Segment.HEADER_OCTETS);
        last = number;
        ends.put(number, (long) Segment.HEADER_OCTETS);
        addOctets(Segment.HEADER_OCTETS);
        hint = new Hint();
        active = channel;
        return channel;
    }

    /** Takes back what a failed append left behind {@code end} as well as can be; the next segment's header says it again. */
    private void giveUp(FileChannel channel, long end) {
        active = null;
        try (channel) {
            channel.truncate(end);
            channel.force(true);
        } catch (IOException e) {
            trouble.accept(e);
        }
    }

    /** Ends the newest segment, if one is open. What fails here harms nothing but the speed of the next start. */
    private void finish() {
        FileChannel channel = active;
        if (channel == null) {
            return;
        }
        active = null;
        try (channel) {
            hint.write(folder, last, seal(last), ends.getOrDefault(last, 0L));
        } catch (IOException e) {
            trouble.accept(e);
        }
    }

    /** Only the owner changes it; others read. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void addOctets(long more) {
        octets = octets + more;
    }

    /** How many octets all segments have; any thread. */
    long octets() {
        return octets;
    }

    /** The oldest segment, if it is not the newest too. */
    Optional<Integer> oldest() {
        return ends.size() < 2 ? Optional.empty() : Optional.of(ends.firstKey());
    }

    long end(int segment) {
        return ends.getOrDefault(segment, 0L);
    }

    /** Tells that a segment is damaged, so that its file is kept. */
    void damageFound(int segment) {
        damaged.add(segment);
    }

    /**
     * Lets the oldest segment go, of which nothing is needed any more. A damaged one is kept aside. Flushed, because a segment that came
     * back after the next one went would bring back messages whose end stood in that one.
     */
    void drop(int segment) throws IOException {
        Path file = Segment.file(folder, segment);
        if (damaged.contains(segment)) {
            Path aside = folder.resolve(DAMAGED);
            DurableFiles.createFolders(aside);
            Files.move(file, aside.resolve(file.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(Hint.file(folder, segment));
        DurableFiles.flushFolder(folder);
        damaged.remove(segment);
        Long end = ends.remove(segment);
        addOctets(end == null ? 0 : -end);
    }

    int seal(int segment) {
        return salt + segment * SEAL_STEP;
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        finish();
    }
}
