package io.mailserver.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages on their way into one mailbox. Each gets its UID when its file becomes visible; the files of several may become durable in
 * another order, but the mailbox shows them in the order of their UIDs, so that none ever appears below one that was told already.
 *
 * <p>UIDs are taken from a block that was reserved durably. Who wants some first has them promised, as a file worker that takes one must
 * not wait for the database.
 *
 * <p>Safe for use by any thread; nothing is done under the lock here but arithmetic.
 */
final class Arrivals {
    private static final Comparator<Integer> UNSIGNED = Integer::compareUnsigned;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** All guarded by {@link #lock}. */
    private int next;

    private int reserved;
    private int promised;
    private final TreeSet<Integer> underWay = new TreeSet<>(UNSIGNED);
    private final TreeMap<Integer, Arrival> waiting = new TreeMap<>(UNSIGNED);
    private volatile boolean someWaiting;

    /**
     * A message whose file is durable.
     *
     * @param size as served, in octets, unsigned
     * @param date seconds since 1970, unsigned
     * @param email which email it is, for a copy; otherwise it is a new one
     * @param rendered what the index keeps of a new email; empty if it has to be read from the file when it is first asked for
     */
    record Arrival(
            int uid, long flags, int size, int date, String file, Optional<Long> email, Optional<RenderedEmail> rendered) {
        /** Which email it is in a mailbox of this UIDVALIDITY. */
        long email(int uidValidity) {
            return email.orElseGet(() -> EmailId.of(uidValidity, uid).number());
        }
    }

    /**
     * @param next the next UID
     * @param reserved the highest that may be given
     */
    Arrivals(int next, int reserved) {
        this.next = next;
        this.reserved = reserved;
    }

    /** Has {@code count} UIDs kept for the caller; false if the block is too small for that. */
    boolean promise(int count) {
        lock.lock();
        try {
            long free = Integer.toUnsignedLong(reserved) - Integer.toUnsignedLong(next) + 1 - promised;
            if (free < count) {
                return false;
            }
            promised += count;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The mark that a block for {@code count} more would need; 0 if there are not so many UIDs. */
    int markFor(int count, int block) {
        lock.lock();
        try {
            long mark = Integer.toUnsignedLong(next) + promised + count + block;
            return mark > 0xffff_fffeL ? 0 : (int) mark;
        } finally {
            lock.unlock();
        }
    }

    /** A larger block is reserved durably. */
    void reservedTo(int mark) {
        lock.lock();
        try {
            reserved = mark;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a promised UID. */
    int take() {
        lock.lock();
        try {
            promised--;
            int uid = next++;
            underWay.add(uid);
            return uid;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back promises. */
    void forgo(int count) {
        lock.lock();
        try {
            promised -= count;
        } finally {
            lock.unlock();
        }
    }

    /** The message did not come about. */
    void abandoned(int uid) {
        lock.lock();
        try {
            underWay.remove(uid);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The message is durable. */
    void arrived(Arrival arrival) {
        lock.lock();
        try {
            underWay.remove(arrival.uid());
            waiting.put(arrival.uid(), arrival);
            someWaiting = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Puts back what {@link #ready} gave: it could not be shown. */
    void restore(List<Arrival> arrivals) {
        lock.lock();
        try {
            arrivals.forEach(arrival -> waiting.put(arrival.uid(), arrival));
            someWaiting = !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there are messages that are durable and not shown yet. */
    boolean any() {
        return someWaiting;
    }

    /**
     * Takes the messages that can be shown, in the order of their UIDs. Until {@link #shown} or {@link #restore} there still are
     * {@link #any}: whoever looks meanwhile has to wait for them.
     */
    List<Arrival> ready() {
        lock.lock();
        try {
            List<Arrival> ready = new ArrayList<>(waiting.size());
            while (!waiting.isEmpty() && (underWay.isEmpty() || UNSIGNED.compare(waiting.firstKey(), underWay.first()) < 0)) {
                ready.add(waiting.pollFirstEntry().getValue());
            }
            return ready;
        } finally {
            lock.unlock();
        }
    }

    /** What {@link #ready} gave is shown. */
    void shown() {
        lock.lock();
        try {
            someWaiting = !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that wait now could be shown: until nothing below them is under way. Not under any other lock. */
    void awaitReady() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                return;
            }
            int last = waiting.lastKey();
            while (!underWay.isEmpty() && UNSIGNED.compare(underWay.first(), last) < 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a file with this UID is one on its way, or waits to be shown. */
    boolean knows(int uid) {
        lock.lock();
        try {
            return underWay.contains(uid) || waiting.containsKey(uid);
        } finally {
            lock.unlock();
        }
    }

    /** The next UID. */
    int next() {
        lock.lock();
        try {
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** The highest UID that may be given without another reservation. */
    int reserved() {
        lock.lock();
        try {
            return reserved;
        } finally {
            lock.unlock();
        }
    }
}
