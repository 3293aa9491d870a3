package io.mailserver.queue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets many threads share a flush: whoever comes while nobody writes leads, and writes what has come so far; who comes meanwhile waits,
 * and the first of these leads next. No thread of its own, so a lone caller pays no hand-over and nobody leads for long.
 *
 * <p>Safe for use by any thread.
 *
 * @param <T> what is written
 */
final class GroupCommit<T> {
    private final Writer<T> writer;
    private final ToIntFunction<T> octetsOf;
    private final int maxOctets;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();
    private boolean led;

    /** Writes a batch, all of it or nothing; never called by two threads at once. */
    interface Writer<T> {
        void write(List<T> batch) throws IOException;
    }

    private enum Signal {
        LEAD,
        DONE
    }

    private static final class Waiting<T> {
        private final T item;
        private final CompletableFuture<Signal> signal = new CompletableFuture<>();

        Waiting(T item) {
            this.item = item;
        }
    }

    /** @param maxOctets a batch ends before it has more, but for its first item */
    GroupCommit(Writer<T> writer, ToIntFunction<T> octetsOf, int maxOctets) {
        this.writer = writer;
        this.octetsOf = octetsOf;
        this.maxOctets = maxOctets;
    }

    /** Blocks until {@code item} is written. */
    void write(T item) throws IOException {
        Waiting<T> own = new Waiting<>(item);
        boolean lead;
        lock.lock();
        try {
            waiting.add(own);
            lead = !led;
            led = true;
        } finally {
            lock.unlock();
        }
        if (lead || await(own) == Signal.LEAD) {
            lead();
        }
    }

    private Signal await(Waiting<T> own) throws IOException {
        try {
            return own.signal.join();
        } catch (CompletionException e) {
            throw new IOException("the queue could not be written: " + e.getMessage(), e);
        }
    }

    private void lead() throws IOException {
        List<Waiting<T>> batch = take();
        @Nullable Throwable failure = null;
        try {
            writer.write(batch.stream().map(each -> each.item).toList());
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            for (Waiting<T> each : batch) {
                if (failure == null) {
                    each.signal.complete(Signal.DONE);
                } else {
                    each.signal.completeExceptionally(failure);
                }
            }
            handOver();
        }
    }

    private List<Waiting<T>> take() {
        lock.lock();
        try {
            List<Waiting<T>> batch = new ArrayList<>();
            int octets = 0;
            while (!waiting.isEmpty()) {
                octets += octetsOf.applyAsInt(waiting.getFirst().item);
                if (!batch.isEmpty() && octets > maxOctets) {
                    break;
                }
                batch.add(waiting.removeFirst());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void handOver() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                led = false;
            } else {
                waiting.getFirst().signal.complete(Signal.LEAD);
            }
        } finally {
            lock.unlock();
        }
    }
}
