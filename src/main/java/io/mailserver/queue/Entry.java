package io.mailserver.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One queued message in memory; as small as it can be. Guarded by the index's lock. */
final class Entry {
    final long id;
    final String account;
    /** -1 where the octets are in the record. */
    final long fileOctets;
    final int recipients;
    private final int created;
    /** When it was first to be tried: later than created where its sender wanted it so. */
    private final int start;
    final byte priority;
    private final boolean returned;
    /** By when it is to be delivered (RFC 2852); 0 for no such time. */
    private final int deadline;
    int segment;
    int offset;
    int recordOctets;
    /** Recipients with something left to do or to keep, in their order. */
    private Slot[] slots = new Slot[0];

    Entry(Fact.Added added, String account) {
        this.id = added.id();
        this.account = account;
        this.fileOctets = added.fileOctets();
        this.recipients = added.destinations().size();
        this.created = (int) added.created();
        this.start = (int) added.due();
        this.priority = (byte) added.urgency().priority();
        this.returned = added.urgency().returned();
        this.deadline = (int) added.urgency().deadline();
    }

    void slots(Slot[] all) {
        slots = all;
    }

    Slot[] slots() {
        return slots;
    }

    @Nullable Slot slot(int recipient) {
        int low = 0;
        int high = slots.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = slots[middle].recipient;
            if (found == recipient) {
                return slots[middle];
            }
            if (found < recipient) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    void remove(Slot gone) {
        slots = Arrays.stream(slots).filter(slot -> slot != gone).toArray(Slot[]::new);
    }

    long created() {
        return Integer.toUnsignedLong(created);
    }

    long start() {
        return Integer.toUnsignedLong(start);
    }

    /** By when it is to be delivered; {@link Long#MAX_VALUE} for no such time. */
    long deadline() {
        return deadline == 0 ? Long.MAX_VALUE : Integer.toUnsignedLong(deadline);
    }

    /** Whether it goes back when it is late. */
    boolean isReturnedLate() {
        return returned;
    }

    boolean isAt(Place place) {
        return segment == place.segment() && offset == place.offset();
    }
}
