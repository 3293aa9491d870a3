package io.mailserver.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Every queued message in memory, made from the log's facts and from nothing else. All that is in here is guarded by {@link #lock}, which
 * is held shortly and never while a disk or the network is used.
 */
final class QueueIndex {
    final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<String, Destination> destinations = new HashMap<>();
    private final Map<String, Counted> accounts = new HashMap<>();
    private long liveOctets;
    private Watch watch = new Watch() {};

    /** Told of changes, under the lock. */
    interface Watch {
        /** A message is new. */
        default void added(Entry entry) {}

        /** A recipient has a new state, or is gone. */
        default void changed(Slot slot, boolean gone) {}
    }

    private static final class Counted {
        private final String name;
        private int entries;

        Counted(String name) {
            this.name = name;
        }
    }

    void watch(Watch newWatch) {
        watch = newWatch;
    }

    /**
     * Takes in a record.
     *
     * @param place where it stands; null for a state that could not be written yet
     * @return the message that is gone by it, if one is
     */
    @Nullable Entry apply(@Nullable Place place, int octets, Fact fact) {
        return switch (fact) {
            case Fact.Added added -> {
                add(place, octets, added);
                yield null;
            }
            case Fact.Updated updated -> update(place, updated);
            case Fact.Deleted deleted -> {
                Entry entry = entries.get(deleted.id());
                yield entry == null ? null : remove(entry);
            }
        };
    }

    private void add(@Nullable Place place, int octets, Fact.Added added) {
        Entry known = entries.get(added.id());
        Entry entry = known == null ? create(added) : known;
        if (place != null) {
            liveOctets += octets - entry.recordOctets;
            entry.segment = place.segment();
            entry.offset = place.offset();
            entry.recordOctets = octets;
        }
        if (added.steps().length > 0) {
            for (Slot slot : entry.slots()) {
                take(slot, added.steps()[slot.recipient], place);
            }
        }
        // A record of a known message is its copy in a newer segment: nothing but its place is new.
        if (known == null) {
            watch.added(entry);
        }
    }

    private static void take(Slot slot, Fact.Step step, @Nullable Place place) {
        slot.step(step);
        if (place != null) {
            slot.stateSegment = place.segment();
            slot.stateOffset = place.offset();
        }
    }

    private Entry create(Fact.Added added) {
        Counted account = accounts.computeIfAbsent(added.account(), Counted::new);
        account.entries++;
        Entry entry = new Entry(added, account.name);
        List<Slot> slots = new ArrayList<>(added.destinations().size());
        for (int i = 0; i < added.destinations().size(); i++) {
            if (added.steps().length > 0 && added.steps()[i].status().isGone()) {
                continue;
            }
            Destination destination = destinations.computeIfAbsent(added.destinations().get(i), Destination::new);
            destination.slots++;
            slots.add(new Slot(entry, i, destination, added.due()));
        }
        entry.slots(slots.toArray(Slot[]::new));
        entries.put(entry.id, entry);
        return entry;
    }

    private @Nullable Entry update(@Nullable Place place, Fact.Updated updated) {
        Entry entry = entries.get(updated.id());
        if (entry == null) {
            return null;
        }
        for (int i = 0; i < updated.recipients().length; i++) {
            Slot slot = entry.slot(updated.recipients()[i]);
            if (slot == null) {
                continue;
            }
            Fact.Step step = updated.steps()[i];
            if (step.status().isGone()) {
                entry.remove(slot);
                release(slot);
            } else {
                take(slot, step, place);
                watch.changed(slot, false);
            }
        }
        return entry.slots().length == 0 ? remove(entry) : null;
    }

    private Entry remove(Entry entry) {
        entries.remove(entry.id);
        liveOctets -= entry.recordOctets;
        for (Slot slot : entry.slots()) {
            release(slot);
        }
        entry.slots(new Slot[0]);
        Counted account = accounts.get(entry.account);
        if (account != null && --account.entries == 0) {
            accounts.remove(entry.account);
        }
        return entry;
    }

    private void release(Slot slot) {
        if (--slot.destination.slots == 0) {
            destinations.remove(slot.destination.name);
        }
        watch.changed(slot, true);
    }

    /** Destinations of a lane that is no more ask anew which way they go. */
    void forgetLane(Lane lane) {
        Destination destination = destinations.get(lane.key);
        if (destination != null && destination.lane == lane) {
            destination.lane = null;
        }
    }

    @Nullable Entry entry(long id) {
        return entries.get(id);
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    /** The messages in the order of their numbers; a copy. */
    List<Entry> ordered() {
        List<Entry> all = new ArrayList<>(entries.values());
        all.sort((one, other) -> Long.compare(one.id, other.id));
        return all;
    }

    int size() {
        return entries.size();
    }

    /** The octets of the records of queued messages; what else a log holds is history. */
    long liveOctets() {
        return liveOctets;
    }
}
