package io.mailserver.queue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The recipients that go the same way, and how that way fares. Those that are due wait in one line for each sending account, and the
 * lines take turns, so that a mailing of thousands delays nobody else's mail. Guarded by the index's lock.
 */
final class Lane {
    /** Connections once a server has answered; before, there is one: who never answers is not to have those that others need. */
    static final int FIRST_LIMIT = 3;

    final String key;
    /** Whether several destinations go this way. */
    final boolean shared;
    final PriorityQueue<Timed> waiting = new PriorityQueue<>();
    /** Connections now. */
    int workers;
    /** Connections at most: grows with every success, shrinks with every failure. */
    int limit = 1;
    /** Whether a server of it has ever answered. */
    boolean answered;
    /** Failures to connect in a row. */
    int failures;
    /** No connection is tried before, in seconds since 1970. */
    long restUntil;
    /** The minute in which {@link #sent} messages were given out, since 1970. */
    long minute;

    int sent;
    /** No further message before, in seconds since 1970: as many as a minute may have are on their way. */
    long rateUntil;
    /** What the last failure was. */
    String trouble = "";
    boolean inLine;
    private final Map<String, ReadyLine> ready = new HashMap<>();
    private final Deque<String> turns = new ArrayDeque<>();
    private int readySlots;

    /** A recipient that waits for its time. Stale where the slot has another time by now. */
    record Timed(Slot slot, long due) implements Comparable<Timed> {
        @Override
        public int compareTo(Timed other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(slot.entry.id, other.slot.entry.id);
        }
    }

    Lane(String key, boolean shared) {
        this.key = key;
        this.shared = shared;
    }

    /** The destination, or the host where several share the lane: the name that a rule is for. */
    String ruleName() {
        if (!shared) {
            return key;
        }
        String host = key.startsWith("lmtp:") ? key.substring("lmtp:".length()) : key;
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    /** Nothing is sent before, in seconds since 1970. */
    long notBefore() {
        return Math.max(restUntil, rateUntil);
    }

    void addReady(Slot slot) {
        ReadyLine line = ready.get(slot.entry.account);
        if (line == null) {
            line = new ReadyLine();
            ready.put(slot.entry.account, line);
            turns.add(slot.entry.account);
        }
        line.add(slot);
        readySlots++;
    }

    boolean hasReady() {
        return readySlots > 0;
    }

    int readySlots() {
        return readySlots;
    }

    /** The next in turn, which may have another state by now. */
    @Nullable Slot pollReady() {
        String account = turns.poll();
        if (account == null) {
            return null;
        }
        ReadyLine line = ready.get(account);
        Slot slot = line == null ? null : line.poll();
        if (line == null || line.isEmpty()) {
            ready.remove(account);
        } else {
            turns.add(account);
        }
        readySlots--;
        return slot;
    }

    boolean isEmpty() {
        return readySlots == 0 && waiting.isEmpty() && workers == 0;
    }
}
