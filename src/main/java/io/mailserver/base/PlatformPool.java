package io.mailserver.base;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of platform threads for work that holds its thread: flushes and other file work, SQLite. A virtual thread that did
 * such work itself would hold its carrier, of which there are as many as processors. The hop to the pool and back costs about 5 us
 * of time and of processor, less when many do it, where a durable delivery costs some 500 us (docs/decisions/0200-platform-pool.md).
 *
 * <p>The work never sees an interrupt: interrupting a thread inside a {@code FileChannel} would close the channel under it, and a
 * caller that went away in the middle of a delivery would not know its outcome. So a caller waits for its work to end, and keeps its
 * interrupt for later. Scoped values of the caller are not seen by the work.
 *
 * <p>Safe for use by any thread. Closed by whoever made it.
 */
public final class PlatformPool implements AutoCloseable {
    private final String name;
    private final ThreadPoolExecutor threads;
    private final AtomicLong refusals = new AtomicLong();

    /**
     * @param name of the threads, for thread dumps
     * @param threadCount how many pieces of work run at once; threads start when first needed and end after a minute without work
     * @param queueLength how many pieces of work may wait for a thread
     */
    public PlatformPool(String name, int threadCount, int queueLength) {
        this.name = name;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(queueLength),
                work -> new Worker(this, work, name + "-" + number.incrementAndGet()),
                new ThreadPoolExecutor.AbortPolicy());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * A piece of blocking work.
     *
     * @param <T> what it gives
     * @param <X> what it throws besides unchecked exceptions
     */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object, X extends Exception> {
        T run() throws X;
    }

    /**
     * Runs {@code work} on a thread of the pool and waits for its end, whatever interrupts come. Called on a thread of the pool it
     * runs at once, so that work may be made of pieces that use the pool themselves.
     *
     * @throws OverloadedException the queue is full or the pool is closed; nothing was done, and later may do
     * @throws X what the work threw, the same object
     */
    public <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work)
            throws X, OverloadedException {
        if (Thread.currentThread() instanceof Worker worker && worker.pool == this) {
            return work.run();
        }
        FutureTask<T> task = new FutureTask<>(work::run);
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            refusals.incrementAndGet();
            throw new OverloadedException(name, e);
        }
        return await(task);
    }

    /** How many pieces of work wait for a thread now. */
    public int waiting() {
        return threads.getQueue().size();
    }

    /** How many pieces of work run now. */
    public int running() {
        return threads.getActiveCount();
    }

    /** How many pieces of work were refused since the start. */
    public long refusals() {
        return refusals.get();
    }

    /** Refuses new work, and waits until all accepted work is done. */
    @Override
    public void close() {
        threads.close();
    }

    // What the work throws is X or unchecked: the compiler saw to it at the call.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends @Nullable Object, X extends Exception> T await(FutureTask<T> task)
            throws X {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case Error error -> throw error;
                        case RuntimeException unchecked -> throw unchecked;
                        case null -> throw new IllegalStateException(e);
                        case Throwable checked -> throw (X) checked;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Worker extends Thread {
        private final PlatformPool pool;

        Worker(PlatformPool pool, Runnable work, String name) {
            super(work, name);
            this.pool = pool;
            setDaemon(true);
        }
    }

    /** More blocking work was asked for than the machine can do in useful time: a temporary refusal (451 4.3.2 in SMTP). */
    public static final class OverloadedException extends IOException {
        private OverloadedException(String pool, Throwable cause) {
            super("too much waits for the threads of " + pool, cause);
        }
    }
}
