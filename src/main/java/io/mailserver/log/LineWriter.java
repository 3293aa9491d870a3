package io.mailserver.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * Lines in the order they were added, written by one daemon thread. Adding copies a line into a bounded buffer and never waits for
 * the stream: while the reader of the stream is too slow, lines are dropped whole, counted, and the count is written as a line of its
 * own as soon as there is room.
 *
 * <p>The thread takes everything that waits at once and then pauses a moment, so that thousands of lines a second cost some hundred
 * system calls and wake-ups, not thousands.
 */
final class LineWriter implements AutoCloseable {
    /** How long lines may wait for company, in nanoseconds: unseen by people, and a limit of 500 writes a second. */
    private static final long BATCH_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long CLOSE_SECONDS = 5;
    private static final int FIRST_CAPACITY = 16 * 1024;

    private final OutputStream out;
    private final int limitOctets;
    private final LongFunction<String> droppedLine;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private byte[] waiting = new byte[FIRST_CAPACITY];
    private int waitingOctets;
    private boolean closing;
    private long dropped;

    /**
     * @param out written and flushed by this writer's thread only; not closed
     * @param limitOctets how much may wait
     * @param droppedLine makes the line that reports how many lines were dropped since the last report
     */
    LineWriter(OutputStream out, int limitOctets, LongFunction<String> droppedLine) {
        this.out = out;
        this.limitOctets = limitOctets;
        this.droppedLine = droppedLine;
        this.thread = Thread.ofPlatform().daemon().name("log").start(this::drain);
    }

    /** Adds {@code line}, which ends with a line feed, or counts it as dropped. */
    void add(String line) {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            if (closing || octets.length > limitOctets - waitingOctets) {
                dropped++;
                return;
            }
            append(octets);
        } finally {
            lock.unlock();
        }
    }

    private void append(byte[] octets) {
        int needed = waitingOctets + octets.length;
        if (needed > waiting.length) {
            byte[] larger = new byte[Math.max(needed, waiting.length * 2)];
            System.arraycopy(waiting, 0, larger, 0, waitingOctets);
            waiting = larger;
        }
        System.arraycopy(octets, 0, waiting, waitingOctets, octets.length);
        if (waitingOctets == 0) {
            changed.signalAll();
        }
        waitingOctets = needed;
    }

    private void drain() {
        byte[] spare = new byte[FIRST_CAPACITY];
        boolean working = true;
        while (working) {
            byte[] batch;
            int octets;
            lock.lock();
            try {
                while (waitingOctets == 0 && dropped == 0 && !closing) {
                    changed.awaitUninterruptibly();
                }
                if (dropped > 0) {
                    append(droppedLine.apply(dropped).getBytes(StandardCharsets.UTF_8));
                    dropped = 0;
                }
                batch = waiting;
                octets = waitingOctets;
                waiting = spare;
                waitingOctets = 0;
                working = !closing;
            } finally {
                lock.unlock();
            }
            write(batch, octets);
            spare = batch.length <= FIRST_CAPACITY * 16 ? batch : new byte[FIRST_CAPACITY];
            if (working) {
                pause();
            }
        }
    }

    private void write(byte[] batch, int octets) {
        try {
            out.write(batch, 0, octets);
            out.flush();
        } catch (IOException e) {
            // Nobody reads the log any more. There is no place left to say so, and mail must go on.
            lock.lock();
            try {
                closing = true;
            } finally {
                lock.unlock();
            }
        }
    }

    private void pause() {
        lock.lock();
        try {
            long left = BATCH_PAUSE_NANOS;
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread on purpose; the next line is simply written sooner.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
