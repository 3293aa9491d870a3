package io.mailserver.queue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies what is still needed of the oldest segment to the newest and lets the oldest go, piece by piece between other writes. Always
 * the oldest: then the record that says that a message is gone goes after every record that could bring it back.
 */
final class Cleaning {
    private static final int STEP_OCTETS = 512 << 10;

    private final QueueLog log;
    private final QueueIndex index;
    private final Replies replies;
    private final int segment;
    private final byte[] octets;
    private final Deque<Found> left = new ArrayDeque<>();

    private record Found(Place place, LogRecord.Header header) {}

    /** Reads what a recipient's last attempt got. */
    interface Replies {
        String lastReply(Slot slot) throws IOException;
    }

    /** A record to append, with what it says. */
    record Copy(LogRecord record, Fact fact) {}

    private Cleaning(QueueLog log, QueueIndex index, Replies replies, int segment, byte[] octets) {
        this.log = log;
        this.index = index;
        this.replies = replies;
        this.segment = segment;
        this.octets = octets;
    }

    /** Reads the oldest segment. */
    static Cleaning of(QueueLog log, QueueIndex index, Replies replies, int segment) throws IOException {
        Segment file = Segment.withoutHeader(Segment.file(log.folder(), segment), segment);
        byte[] octets = file.read(0, (int) Math.min(log.end(segment), file.size()));
        Cleaning cleaning = new Cleaning(log, index, replies, segment, octets);
        new SegmentScan(segment, log.seal(segment), octets, octets.length, new SegmentScan.Visitor() {
            @Override
            public void record(Place place, LogRecord.Header header, byte[] all) {
                cleaning.left.add(new Found(place, header));
            }

            @Override
            public void damage(Place place, int length) {
                log.damageFound(segment);
            }
        }).run(0);
        return cleaning;
    }

    /**
     * Copies some more.
     *
     * @return whether the segment is gone
     */
    boolean step() throws IOException {
        List<Copy> copies = new ArrayList<>();
        int size = 0;
        while (!left.isEmpty() && size < STEP_OCTETS) {
            Found found = left.removeFirst();
            for (Copy copy : copiesOf(found)) {
                copies.add(copy);
                size += copy.record().octets();
            }
        }
        append(copies);
        if (!left.isEmpty()) {
            return false;
        }
        log.drop(segment);
        return true;
    }

    private void append(List<Copy> copies) throws IOException {
        if (copies.isEmpty()) {
            return;
        }
        List<Place> places = log.append(copies.stream().map(Copy::record).toList());
        index.lock.lock();
        try {
            for (int i = 0; i < places.size(); i++) {
                index.apply(places.get(i), copies.get(i).record().octets(), copies.get(i).fact());
            }
        } finally {
            index.lock.unlock();
        }
    }

    private List<Copy> copiesOf(Found found) throws IOException {
        Fact fact = FactCodec.decode(
                found.header().type(),
                new RecordReader(octets, found.place().offset() + LogRecord.HEADER_OCTETS, found.header().factOctets()));
        return switch (fact) {
            case Fact.Added added -> message(found, added);
            case Fact.Updated updated -> states(found.place(), updated);
            case Fact.Deleted deleted -> List.of();
        };
    }

    private List<Copy> message(Found found, Fact.Added added) throws IOException {
        List<Slot> slots = new ArrayList<>();
        index.lock.lock();
        try {
            Entry entry = index.entry(added.id());
            if (entry == null || !entry.isAt(found.place())) {
                return List.of();
            }
            slots.addAll(List.of(entry.slots()));
        } finally {
            index.lock.unlock();
        }
        Fact.Step[] steps = new Fact.Step[added.destinations().size()];
        List<String> texts = new ArrayList<>(steps.length);
        Arrays.fill(steps, Fact.Step.GONE);
        for (Slot slot : slots) {
            steps[slot.recipient] = slot.step();
        }
        int next = 0;
        for (int recipient = 0; recipient < steps.length; recipient++) {
            boolean here = next < slots.size() && slots.get(next).recipient == recipient;
            texts.add(here ? replies.lastReply(slots.get(next++)) : "");
        }
        RecordReader in = new RecordReader(octets);
        in.skip(found.place().offset() + LogRecord.HEADER_OCTETS + found.header().factOctets());
        Detail.Stored stored = Detail.stored(in.raw(found.header().detailOctets()));
        byte[] detail = Detail.encode(new Detail.Stored(stored.envelope(), stored.fileCrc(), texts));
        Fact.Added copied = new Fact.Added(
                added.id(), added.created(), added.account(), added.fileOctets(), added.due(), added.destinations(), steps,
                added.urgency());
        byte[] body = in.raw(found.header().bodyOctets());
        return List.of(new Copy(new LogRecord(RecordType.ADDED, FactCodec.encode(copied), detail, body), copied));
    }

    private List<Copy> states(Place place, Fact.Updated updated) throws IOException {
        List<Integer> recipients = new ArrayList<>();
        List<Slot> slots = new ArrayList<>();
        index.lock.lock();
        try {
            Entry entry = index.entry(updated.id());
            for (int recipient : updated.recipients()) {
                @Nullable Slot slot = entry == null ? null : entry.slot(recipient);
                if (slot != null && slot.stateSegment == place.segment() && slot.stateOffset == place.offset()) {
                    recipients.add(recipient);
                    slots.add(slot);
                }
            }
        } finally {
            index.lock.unlock();
        }
        if (slots.isEmpty()) {
            return List.of();
        }
        List<RecipientState> states = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            states.add(slot.state(replies.lastReply(slot)));
        }
        return List.of(copy(new Change.Update(new QueueId(updated.id()), recipients, states)));
    }

    private static Copy copy(Change.Update update) {
        Fact.Updated fact = QueueStore.fact(update);
        return new Copy(LogRecord.of(RecordType.UPDATED, fact, Detail.encodeReplies(update.states())), fact);
    }
}
