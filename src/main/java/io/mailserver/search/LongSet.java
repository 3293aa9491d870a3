package io.mailserver.search;

import java.util.Arrays;

/** Numbers of emails, 0 not among them: sixteen octets each where a HashSet takes fifty. For one thread. */
final class LongSet {
    private long[] slots = new long[64];
    private int size;

    /** Whether it was not there yet. */
    boolean add(long number) {
        if (2 * size >= slots.length) {
            long[] old = slots;
            slots = new long[2 * old.length];
            Arrays.stream(old).filter(each -> each != 0).forEach(each -> slots[slotOf(each)] = each);
        }
        int slot = slotOf(number);
        boolean added = slots[slot] == 0;
        slots[slot] = number;
        size += added ? 1 : 0;
        return added;
    }

    boolean contains(long number) {
        return slots[slotOf(number)] == number;
    }

    int size() {
        return size;
    }

    /** Where it is or would be. */
    private int slotOf(long number) {
        int mask = slots.length - 1;
        int slot = (int) ((number * 0x9e3779b97f4a7c15L) >>> 32) & mask;
        while (slots[slot] != 0 && slots[slot] != number) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
