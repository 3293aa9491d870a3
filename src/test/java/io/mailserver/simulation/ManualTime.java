package io.mailserver.simulation;

import io.mailserver.base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A clock that only {@link #advance} moves; due tasks run on the thread that moves it, in order of time, then of scheduling. */
public final class ManualTime implements Time {
    private final Instant start;
    private long nanos;
    private long sequence;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();

    public ManualTime(Instant start) {
        this.start = start;
    }

    @Override
    public synchronized Instant now() {
        return start.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Scheduled schedule(Duration delay, Runnable action) {
        Task task = new Task(nanos + delay.toNanos(), sequence++, action);
        tasks.add(task);
        return () -> cancel(task);
    }

    /** Moves the clock forward, stopping at each due task to run it. */
    public void advance(Duration by) {
        long target = nanos() + by.toNanos();
        Task due = nextDue(target);
        while (due != null) {
            due.action().run();
            due = nextDue(target);
        }
    }

    /** Whether a task waits for its time. */
    public synchronized boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Moves the clock to the next task's time and runs what is due then; nothing if no task waits. */
    public void advanceToNextTask() {
        Duration wait = untilNextTask();
        if (!wait.isNegative()) {
            advance(wait);
        }
    }

    private synchronized Duration untilNextTask() {
        Task head = tasks.peek();
        return head == null ? Duration.ofNanos(-1) : Duration.ofNanos(Math.max(0, head.at() - nanos));
    }

    private synchronized @Nullable Task nextDue(long target) {
        Task head = tasks.peek();
        if (head == null || head.at() > target) {
            nanos = target;
            return null;
        }
        tasks.remove(head);
        nanos = Math.max(nanos, head.at());
        return head;
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    private record Task(long at, long sequence, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
