package io.mailserver.queue;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The recipients of one account that are due in a lane: those of higher priority (RFC 6710) first, those of the same in the order in
 * which they came. Nearly all are of priority 0. Guarded by the index's lock.
 */
final class ReadyLine {
    private final Deque<Slot> usual = new ArrayDeque<>(2);
    private @Nullable TreeMap<Integer, Deque<Slot>> others;

    void add(Slot slot) {
        int priority = slot.entry.priority;
        if (priority == 0) {
            usual.add(slot);
            return;
        }
        TreeMap<Integer, Deque<Slot>> all = others == null ? new TreeMap<>(Collections.reverseOrder()) : others;
        all.computeIfAbsent(priority, key -> new ArrayDeque<>(2)).add(slot);
        others = all;
    }

    @Nullable Slot poll() {
        TreeMap<Integer, Deque<Slot>> all = others;
        if (all != null) {
            Map.Entry<Integer, Deque<Slot>> first = all.firstEntry();
            if (first.getKey() > 0 || usual.isEmpty()) {
                Slot slot = first.getValue().poll();
                if (first.getValue().isEmpty()) {
                    all.remove(first.getKey());
                    others = all.isEmpty() ? null : all;
                }
                return slot;
            }
        }
        return usual.poll();
    }

    boolean isEmpty() {
        return usual.isEmpty() && others == null;
    }
}
