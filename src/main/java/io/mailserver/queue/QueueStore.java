package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.base.OctetContent;
import io.mailserver.base.DurableFiles;
import io.mailserver.base.PlatformPool;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue on disk: a log of changes in {@code data/queue}, and what it says in memory. Every change is durable when the call that
 * makes it returns; calls of many threads share a flush.
 *
 * <p>Safe for use by any thread; blocks the calling virtual thread while the pool does the file work. Closed by whoever opened it, and
 * opened by the holder of the data lock only.
 */
public final class QueueStore implements AutoCloseable {
    private static final int BATCH_OCTETS = 4 << 20;
    /** A log shorter than this is not cleaned. */
    private static final int CLEANING_SLACK_SEGMENTS = 2;

    private final PlatformPool files;
    private final Pauses pauses;
    private final EventLog log;
    private final Settings settings;
    private final QueueLog segments;
    private final BodyFiles bodies;
    private final QueueIndex index;
    private final AtomicLong nextId;
    private final GroupCommit<Group> commits;
    /** States that could not be written when they came to be; guarded by the index's lock. */
    private List<Owed> owed = new ArrayList<>();
    private @Nullable Cleaning cleaning;
    private final LongAdder cleaned = new LongAdder();

    /**
     * @param segmentOctets how large a segment of the log grows
     * @param inlineOctets messages up to this size are in the log, larger ones in files of their own
     */
    public record Settings(int segmentOctets, int inlineOctets) {
        /** What a server uses. */
        public static final Settings DEFAULT = new Settings(16 << 20, 256 << 10);
    }

    /** Records that are written together. */
    private record Group(List<LogRecord> records, List<Fact> facts) {
        int octets() {
            return records.stream().mapToInt(LogRecord::octets).sum();
        }
    }

    /** A state that is so in memory alone. */
    private record Owed(Group group, Change.Update update) {}

    private QueueStore(
            PlatformPool files, EventLog log, Settings settings, QueueLog segments, BodyFiles bodies, Pauses pauses, QueueIndex index) {
        this.files = files;
        this.log = log;
        this.settings = settings;
        this.segments = segments;
        this.bodies = bodies;
        this.pauses = pauses;
        this.index = index;
        this.nextId = new AtomicLong(segments.nextId());
        this.commits = new GroupCommit<>(
                batch -> files.call(() -> {
                    write(batch);
                    return batch;
                }),
                Group::octets,
                BATCH_OCTETS);
    }

    /**
     * Opens a queue, or makes an empty one.
     *
     * @param folder is made where it is missing
     * @param files runs all file work
     * @param random for a new queue's salt
     * @throws IOException it cannot be read; damage inside is no such failure but an event of the log, and the rest is there
     */
    public static QueueStore open(Path folder, PlatformPool files, Settings settings, IntSupplier random, EventLog log)
            throws IOException {
        return files.call(() -> {
            Path bodyFolder = folder.resolve("bodies");
            DurableFiles.createFolders(bodyFolder);
            int salt = QueueFormat.bringToNewest(folder, random);
            QueueIndex index = new QueueIndex();
            Loading loading = new Loading(index, log);
            QueueLog segments = QueueLog.open(
                    folder, salt, settings.segmentOctets(), loading, e -> log.warn("queue.trouble", "cause", e.toString()));
            BodyFiles bodies = new BodyFiles(bodyFolder, folder.resolve("damaged"));
            bodies.removeOrphans(id -> index.entry(id) != null, loading.damaged);
            return new QueueStore(files, log, settings, segments, bodies, Pauses.open(folder, files), index);
        });
    }

    private static final class Loading implements QueueLog.Replay {
        private final QueueIndex index;
        private final EventLog log;
        private boolean damaged;

        Loading(QueueIndex index, EventLog log) {
            this.index = index;
            this.log = log;
        }

        @Override
        public void record(Place place, int octets, Fact fact) {
            index.apply(place, octets, fact);
        }

        @Override
        public void damage(Path file, long offset, long length) {
            damaged = true;
            log.error("queue.damaged", null, "file", file, "offset", offset, "octets", length);
        }
    }

    /** A number for a new message. */
    public QueueId nextId() {
        return new QueueId(nextId.getAndIncrement());
    }

    /**
     * Makes the changes, all or none; durable when this returns. Changes of messages that are gone do nothing.
     *
     * @throws IOException nothing was changed
     */
    public void commit(List<Change> changes) throws IOException {
        List<Long> written = new ArrayList<>();
        boolean done = false;
        try {
            List<LogRecord> records = new ArrayList<>(changes.size());
            List<Fact> facts = new ArrayList<>(changes.size());
            for (Change change : changes) {
                switch (change) {
                    case Change.Add add -> add(add, records, facts, written);
                    case Change.Update update -> update(update, records, facts);
                    case Change.Delete delete -> {
                        Fact fact = new Fact.Deleted(delete.id().number());
                        records.add(LogRecord.of(RecordType.DELETED, fact, new byte[0]));
                        facts.add(fact);
                    }
                }
            }
            commits.write(new Group(records, facts));
            done = true;
        } finally {
            if (!done) {
                discard(written);
            }
        }
    }

    /**
     * Notes what has happened already, such as a server's reply, and cannot be undone. Where the disk does not take it, it is so
     * in memory, and is written before the next change; only a crash before that forgets it.
     */
    public void record(Change.Update update) {
        List<LogRecord> records = new ArrayList<>(1);
        List<Fact> facts = new ArrayList<>(1);
        update(update, records, facts);
        Group group = new Group(records, facts);
        try {
            commits.write(group);
        } catch (IOException e) {
            log.error("queue.not-recorded", e, "message", update.id());
            index.lock.lock();
            try {
                owed.add(new Owed(group, update));
                index.apply(null, 0, facts.getFirst());
            } finally {
                index.lock.unlock();
            }
        }
    }

    private void add(Change.Add add, List<LogRecord> records, List<Fact> facts, List<Long> written) throws IOException {
        long id = add.id().number();
        boolean inline = add.octets() <= settings.inlineOctets();
        int fileCrc = 0;
        byte[] body = new byte[0];
        if (inline) {
            body = octets(add.head(), add.content());
        } else {
            written.add(id);
            fileCrc = files.call(() -> bodies.write(id, add.head(), add.content()));
        }
        List<String> destinations = add.envelope().recipients().stream()
                .map(recipient -> QueueEnvelope.destination(recipient.address()))
                .toList();
        long created = add.created().getEpochSecond();
        long due = Math.max(created, add.due().getEpochSecond());
        Fact fact = new Fact.Added(
                id, created, add.envelope().account(), inline ? -1 : add.octets(), due, destinations, Fact.Step.NONE,
                Fact.Urgency.of(add.envelope().parameters().handling()));
        byte[] detail = Detail.encode(new Detail.Stored(add.envelope(), fileCrc, List.of()));
        records.add(new LogRecord(RecordType.ADDED, FactCodec.encode(fact), detail, body));
        facts.add(fact);
    }

    private static byte[] octets(byte[] head, Content content) throws IOException {
        byte[] all = new byte[Math.toIntExact(head.length + content.size())];
        System.arraycopy(head, 0, all, 0, head.length);
        try (InputStream in = content.open()) {
            int read = in.readNBytes(all, head.length, all.length - head.length);
            if (read != all.length - head.length) {
                throw new IOException("a message has " + read + " octets and not " + content.size());
            }
        }
        return all;
    }

    private static void update(Change.Update update, List<LogRecord> records, List<Fact> facts) {
        Fact.Updated fact = fact(update);
        records.add(LogRecord.of(RecordType.UPDATED, fact, Detail.encodeReplies(update.states())));
        facts.add(fact);
    }

    static Fact.Updated fact(Change.Update update) {
        return new Fact.Updated(
                update.id().number(),
                update.recipients().stream().mapToInt(Integer::intValue).toArray(),
                update.states().stream().map(Fact.Step::of).toArray(Fact.Step[]::new));
    }

    private void discard(List<Long> written) {
        for (long id : written) {
            deleteBody(id);
        }
    }

    private void deleteBody(long id) {
        try {
            files.call(() -> {
                bodies.delete(id);
                return id;
            });
        } catch (IOException e) {
            // Harms nothing but the space it takes; the next start removes it.
            log.warn("queue.trouble", "cause", e.toString());
        }
    }

    /** One batch: called by one thread at a time, on the pool. */
    private void write(List<Group> batch) throws IOException {
        List<Group> groups = new ArrayList<>(owed());
        int owedGroups = groups.size();
        groups.addAll(batch);
        segments.idsTaken(nextId.get());
        List<LogRecord> records = groups.stream().flatMap(group -> group.records().stream()).toList();
        List<Place> places = segments.append(records);
        List<Long> goneFiles = apply(groups, records, places, owedGroups);
        goneFiles.forEach(this::deleteBody);
        clean();
    }

    private List<Group> owed() {
        index.lock.lock();
        try {
            return owed.stream().map(Owed::group).toList();
        } finally {
            index.lock.unlock();
        }
    }

    private List<Long> apply(List<Group> groups, List<LogRecord> records, List<Place> places, int owedGroups) {
        List<Long> goneFiles = new ArrayList<>();
        index.lock.lock();
        try {
            owed = new ArrayList<>(owed.subList(owedGroups, owed.size()));
            int i = 0;
            for (Group group : groups) {
                for (Fact fact : group.facts()) {
                    Entry gone = index.apply(places.get(i), records.get(i).octets(), fact);
                    if (gone != null && gone.fileOctets >= 0) {
                        goneFiles.add(gone.id);
                    }
                    i++;
                }
            }
        } finally {
            index.lock.unlock();
        }
        return goneFiles;
    }

    private void clean() {
        try {
            Cleaning current = cleaning;
            if (current == null) {
                long needed = 2 * index.liveOctets() + (long) CLEANING_SLACK_SEGMENTS * settings.segmentOctets();
                Optional<Integer> oldest = segments.oldest();
                if (segments.octets() <= needed || oldest.isEmpty()) {
                    return;
                }
                current = Cleaning.of(segments, index, this::lastReply, oldest.get());
            }
            cleaning = null;
            if (current.step()) {
                cleaned.increment();
            } else {
                cleaning = current;
            }
        } catch (IOException e) {
            // What was to be written is written; the log is longer than it need be until this works.
            log.warn("queue.trouble", "cause", e.toString());
        }
    }

    /**
     * A message with its octets, read at once.
     *
     * @param content need not be closed
     */
    record Loaded(QueuedMessage message, Content content) {}

    /**
     * A message with its octets, checked against what was written; empty if it is gone.
     *
     * @throws DamagedRecordException they are not what was written
     */
    Optional<Loaded> load(QueueId id) throws IOException {
        return withRecord(id, (entry, place, header, record) -> {
            Detail.Stored stored = Detail.stored(detail(header, record));
            return new Loaded(message(id, entry, header, stored), content(entry, header, record, stored));
        }, true);
    }

    /** A message without its octets; empty if it is gone. */
    public Optional<QueuedMessage> read(QueueId id) throws IOException {
        return withRecord(id, (entry, place, header, record) -> {
            return message(id, entry, header, Detail.stored(detail(header, record)));
        }, false);
    }

    private static QueuedMessage message(QueueId id, Entry entry, LogRecord.Header header, Detail.Stored stored) {
        long octets = entry.fileOctets >= 0 ? entry.fileOctets : header.bodyOctets();
        return new QueuedMessage(id, Instant.ofEpochSecond(entry.created()), stored.envelope(), octets);
    }

    private Content content(Entry entry, LogRecord.Header header, byte[] record, Detail.Stored stored) throws IOException {
        if (entry.fileOctets >= 0) {
            return bodies.open(entry.id, entry.fileOctets, stored.fileCrc());
        }
        int at = LogRecord.HEADER_OCTETS + header.metaOctets();
        if (LogRecord.crcOf(record, at, header.bodyOctets()) != header.bodyCrc()) {
            throw new DamagedRecordException("the octets of " + new QueueId(entry.id));
        }
        return new OctetContent(Arrays.copyOfRange(record, at, at + header.bodyOctets()));
    }

    /**
     * The octets of a message, checked against what was written; empty if it is gone. Need not be closed.
     *
     * @throws DamagedRecordException they are not what was written
     */
    public Optional<Content> content(QueueId id) throws IOException {
        return load(id).map(Loaded::content);
    }

    /** The states of a message's recipients by their numbers, but for those that the queue has finished with. */
    public NavigableMap<Integer, RecipientState> states(QueueId id) throws IOException {
        List<Slot> slots = new ArrayList<>();
        index.lock.lock();
        try {
            Entry entry = index.entry(id.number());
            if (entry != null) {
                slots.addAll(List.of(entry.slots()));
            }
        } finally {
            index.lock.unlock();
        }
        TreeMap<Integer, RecipientState> states = new TreeMap<>();
        for (Slot slot : slots) {
            // Most have had no reply yet: then there is nothing to read.
            states.put(slot.recipient, slot.state(slot.stateSegment == 0 && owed().isEmpty() ? "" : files.call(() -> lastReply(slot))));
        }
        return states;
    }

    /** Destinations that nothing is sent to now. */
    Pauses pauses() {
        return pauses;
    }

    QueueIndex index() {
        return index;
    }

    /** How many messages are queued, those kept for the operator included. */
    public int messages() {
        index.lock.lock();
        try {
            return index.size();
        } finally {
            index.lock.unlock();
        }
    }

    /** How many octets the log has. */
    public long logOctets() {
        return segments.octets();
    }

    /** How many old segments of the log were emptied and let go since the start. */
    public long segmentsCleaned() {
        return cleaned.sum();
    }

    private interface RecordUse<T> {
        T use(Entry entry, Place place, LogRecord.Header header, byte[] record) throws IOException;
    }

    private <T> Optional<T> withRecord(QueueId id, RecordUse<T> use, boolean withBody) throws IOException {
        return files.call(() -> {
            while (true) {
                Entry entry;
                Place place;
                int octets;
                index.lock.lock();
                try {
                    entry = index.entry(id.number());
                    if (entry == null) {
                        return Optional.empty();
                    }
                    place = new Place(entry.segment, entry.offset);
                    octets = entry.recordOctets;
                } finally {
                    index.lock.unlock();
                }
                try {
                    byte[] record = readRecord(place, octets, withBody);
                    return Optional.of(use.use(entry, place, headerOf(record, octets, place), record));
                } catch (NoSuchFileException e) {
                    if (!hasMoved(entry, place)) {
                        throw e;
                    }
                }
            }
        });
    }

    /** Whether the record was copied meanwhile, or the message is gone. */
    private boolean hasMoved(Entry entry, Place place) {
        index.lock.lock();
        try {
            return index.entry(entry.id) != entry || !entry.isAt(place);
        } finally {
            index.lock.unlock();
        }
    }

    private byte[] readRecord(Place place, int octets, boolean withBody) throws IOException {
        Segment segment = segment(place);
        if (withBody) {
            return segment.read(place.offset(), octets);
        }
        byte[] start = segment.read(place.offset(), LogRecord.HEADER_OCTETS);
        LogRecord.Header header = headerOf(start, octets, place);
        return segment.read(place.offset(), LogRecord.HEADER_OCTETS + header.metaOctets());
    }

    private Segment segment(Place place) {
        return Segment.withoutHeader(Segment.file(segments.folder(), place.segment()), place.segment());
    }

    /** The header of a record, checked with what of the record is there beyond it. */
    private LogRecord.Header headerOf(byte[] record, int octets, Place place) throws DamagedRecordException {
        LogRecord.Header header = LogRecord.header(ByteBuffer.wrap(record), 0, octets);
        boolean whole = header != null
                && (record.length == LogRecord.HEADER_OCTETS
                        || LogRecord.metaIsWhole(header, record, 0, segments.seal(place.segment())));
        if (header == null || !whole) {
            throw new DamagedRecordException(segment(place).file() + " at " + place.offset());
        }
        return header;
    }

    private static byte[] detail(LogRecord.Header header, byte[] record) throws DamagedRecordException {
        RecordReader in = new RecordReader(record);
        in.skip(LogRecord.HEADER_OCTETS + header.factOctets());
        return in.raw(header.detailOctets());
    }

    private String lastReply(Slot slot) throws IOException {
        Place place;
        index.lock.lock();
        try {
            place = new Place(slot.stateSegment, slot.stateOffset);
            for (Owed each : owed.reversed()) {
                int found = each.update().id().number() == slot.entry.id ? each.update().recipients().indexOf(slot.recipient) : -1;
                if (found >= 0) {
                    return each.update().states().get(found).lastReply();
                }
            }
        } finally {
            index.lock.unlock();
        }
        if (place.segment() == 0) {
            return "";
        }
        try {
            Segment segment = segment(place);
            byte[] start = segment.read(place.offset(), LogRecord.HEADER_OCTETS);
            int octets = Math.toIntExact(Math.min(segment.size() - place.offset(), Integer.MAX_VALUE));
            LogRecord.Header claimed = headerOf(start, octets, place);
            byte[] record = segment.read(place.offset(), claimed.octets());
            LogRecord.Header header = headerOf(record, record.length, place);
            RecordReader facts = new RecordReader(record);
            facts.skip(LogRecord.HEADER_OCTETS);
            Fact fact = FactCodec.decode(header.type(), new RecordReader(facts.raw(header.factOctets())));
            int found = numberIn(fact, slot);
            if (found >= 0) {
                byte[] detail = detail(header, record);
                return fact instanceof Fact.Updated updated
                        ? Detail.replies(detail, updated.recipients().length).get(found)
                        : Detail.stored(detail).replies().get(found);
            }
            throw new DamagedRecordException(segment.file() + " at " + place.offset());
        } catch (NoSuchFileException | DamagedRecordException e) {
            // The text of a reply helps people only: the message goes its way without it.
            log.warn("queue.trouble", "cause", e.toString());
            return "";
        }
    }

    /** Which of the texts of a record is a slot's; -1 where there is none. */
    private static int numberIn(Fact fact, Slot slot) {
        if (fact.id() != slot.entry.id) {
            return -1;
        }
        return switch (fact) {
            case Fact.Added added -> added.steps().length == 0 ? -1 : slot.recipient;
            case Fact.Updated updated -> Arrays.stream(updated.recipients()).boxed().toList().indexOf(slot.recipient);
            case Fact.Deleted deleted -> -1;
        };
    }

    /** Writes what is owed, ends the newest segment. */
    @Override
    public void close() {
        try {
            if (!owed().isEmpty()) {
                commits.write(new Group(List.of(), List.of()));
            }
            files.call(() -> {
                segments.close();
                return segments;
            });
        } catch (IOException e) {
            log.error("queue.close-failed", e);
        }
    }
}
