package io.mailserver.bench;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the client was told about each numbered message of a run. Numbers start at 0 and are given out once. Safe for any thread.
 */
public final class Ledger {
    private final String run;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}, as are the fields below. */
    private final BitSet accepted = new BitSet();

    private int next;

    /** @param run marks the Message-IDs of this run; letters and digits only */
    public Ledger(String run) {
        this.run = run;
    }

    /** The mark of this run, as it stands in the Message-IDs after the dot. */
    public String run() {
        return run;
    }

    /** A number never given out before. */
    public int next() {
        lock.lock();
        try {
            return next++;
        } finally {
            lock.unlock();
        }
    }

    /** The server answered 250 to the end of message {@code number}. */
    public void accepted(int number) {
        lock.lock();
        try {
            accepted.set(number);
        } finally {
            lock.unlock();
        }
    }

    /** How many messages got their 250. */
    public int acceptedCount() {
        lock.lock();
        try {
            return accepted.cardinality();
        } finally {
            lock.unlock();
        }
    }

    /** The numbers of those messages. */
    List<Integer> acceptedNumbers() {
        lock.lock();
        try {
            return accepted.stream().boxed().toList();
        } finally {
            lock.unlock();
        }
    }

    /** How many messages were begun. */
    public int begun() {
        lock.lock();
        try {
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Compares with what is on disk: an accepted message must be there exactly once, any other at most once.
     *
     * @return one line per offence, at most 20; empty when the books agree
     */
    public List<String> compare(Census census) {
        lock.lock();
        try {
            List<String> offences = new ArrayList<>();
            for (int number = 0; number < next && offences.size() < 20; number++) {
                int copies = census.copies(number);
                if (accepted.get(number) && copies == 0) {
                    offences.add("lost: message " + number + " of " + run + " got its 250 and is in no Maildir");
                } else if (copies > 1) {
                    offences.add("doubled: message " + number + " of " + run + " is there " + copies + " times");
                }
            }
            if (census.highest() >= next) {
                offences.add("unknown: message " + census.highest() + " of " + run + " was never sent");
            }
            return offences;
        } finally {
            lock.unlock();
        }
    }
}
