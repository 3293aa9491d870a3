package io.mailserver.queue;

import io.mailserver.base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which recipient is tried when, and by how many connections. Everything waits in a {@link Lane} for each way; a lane that cannot
 * be reached rests as a whole and costs one attempt at its end, however many messages wait in it. Nothing is ever scanned: each lane has
 * its times in a heap, and one timer stands at the earliest of all.
 *
 * <p>Its state is guarded by the index's lock. Workers run on virtual threads of their own.
 */
final class Scheduler implements QueueIndex.Watch {
    static final byte NOWHERE = 0;
    private static final byte WAITING = 1;
    private static final byte READY = 2;
    private static final byte LEASED = 3;

    private static final int MAX_RECIPIENTS = 100;
    private static final int MAX_LEASES_WITH_OTHERS_IN_LINE = 50;
    private static final int MAX_AGED = 500;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final long[] REST_SECONDS = {30, 60, 120, 300, 600, 1200, 1800, 3600};

    private final QueueIndex index;
    private final Condition idle;
    private final Time time;
    private final Supplier<LaneLimits> limits;
    private final UnaryOperator<String> laneKeys;
    private final Pauses pauses;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>();
    private final PriorityQueue<Lane.Timed> dead = new PriorityQueue<>();
    /** Those that are to be delivered by a time. Stale where that has been seen to, or where a worker has them. */
    private final PriorityQueue<Lane.Timed> deadlines = new PriorityQueue<>();
    private final PriorityQueue<InLine> line = new PriorityQueue<>();
    private long linedUp;
    private final Set<Long> withheld = new TreeSet<>();
    private Consumer<Lane> worker = lane -> {};
    private Consumer<List<QueueId>> expired = ids -> {};
    private Consumer<List<Lease>> overdue = leases -> {};
    private boolean running;
    private int workers;
    private long timerAt = Long.MAX_VALUE;
    private Time.@Nullable Scheduled timer;

    /** A lane that waits for a connection to be free. */
    private record InLine(DestinationRule.Priority priority, long number, Lane lane) implements Comparable<InLine> {
        @Override
        public int compareTo(InLine other) {
            int byPriority = other.priority.compareTo(priority);
            return byPriority != 0 ? byPriority : Long.compare(number, other.number);
        }
    }

    private record Wake(long at, Lane lane) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            return Long.compare(at, other.at);
        }
    }

    /** Some recipients of one message, for a worker alone until {@link #settled}. */
    record Lease(Lane lane, QueueId id, List<Slot> slots) {}

    /** @param laneKeys which way a destination goes */
    Scheduler(QueueIndex index, Time time, Supplier<LaneLimits> limits, UnaryOperator<String> laneKeys, Pauses pauses) {
        this.index = index;
        this.idle = index.lock.newCondition();
        this.time = time;
        this.limits = limits;
        this.laneKeys = laneKeys;
        this.pauses = pauses;
    }

    /**
     * Begins, with everything that is in the index.
     *
     * @param newWorker runs on a thread of its own for a lane that has something to do, and ends with {@link #finished}
     * @param newExpired told of messages that need not be kept any more; called by the timer
     * @param newOverdue told of recipients that should have it by now, which it is to settle; called by the timer
     */
    void start(Consumer<Lane> newWorker, Consumer<List<QueueId>> newExpired, Consumer<List<Lease>> newOverdue) {
        index.lock.lock();
        try {
            worker = newWorker;
            expired = newExpired;
            overdue = newOverdue;
            running = true;
            index.watch(this);
            for (Entry entry : index.entries()) {
                added(entry);
            }
        } finally {
            index.lock.unlock();
        }
    }

    /** No worker is started any more; those that run end after their message. */
    void stop() {
        index.lock.lock();
        try {
            running = false;
            if (timer != null) {
                timer.cancel();
            }
        } finally {
            index.lock.unlock();
        }
    }

    /** Waits until no worker runs any more, for {@code limit} at most; whether it is so. */
    boolean awaitIdle(Duration limit) throws InterruptedException {
        index.lock.lock();
        try {
            long left = limit.toNanos();
            while (workers > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return workers == 0;
        } finally {
            index.lock.unlock();
        }
    }

    int workers() {
        index.lock.lock();
        try {
            return workers;
        } finally {
            index.lock.unlock();
        }
    }

    /** The message will be added, but is to wait until {@link #release}. */
    void withhold(QueueId id) {
        index.lock.lock();
        try {
            withheld.add(id.number());
        } finally {
            index.lock.unlock();
        }
    }

    /** The message may go. */
    void release(QueueId id) {
        index.lock.lock();
        try {
            Entry entry = withheld.remove(id.number()) ? index.entry(id.number()) : null;
            if (entry != null) {
                added(entry);
            }
        } finally {
            index.lock.unlock();
        }
    }

    @Override
    public void added(Entry entry) {
        if (!withheld.contains(entry.id)) {
            for (Slot slot : entry.slots()) {
                place(slot);
            }
        }
    }

    @Override
    public void changed(Slot slot, boolean gone) {
        if (gone) {
            slot.mark = NOWHERE;
        } else if (slot.mark != LEASED && !withheld.contains(slot.entry.id)) {
            place(slot);
        }
    }

    private long now() {
        return time.now().getEpochSecond();
    }

    private void place(Slot slot) {
        place(slot, 0);
    }

    /** @param patience seconds until a deadline that has passed is seen to: that was tried just now */
    private void place(Slot slot, long patience) {
        switch (slot.status()) {
            case PENDING -> {
                if (slot.awaitsDeadline()) {
                    deadlines.add(new Lane.Timed(slot, Math.max(slot.entry.deadline(), now() + patience)));
                    setTimer();
                }
                if (isPaused(slot)) {
                    slot.mark = NOWHERE;
                    return;
                }
                Lane lane = laneOf(slot);
                if (slot.due() <= now()) {
                    slot.mark = READY;
                    lane.addReady(slot);
                    startWorkers(lane);
                } else {
                    slot.mark = WAITING;
                    lane.waiting.add(new Lane.Timed(slot, slot.due()));
                    wakeAt(lane, slot.due());
                }
            }
            case FAILED -> {
                slot.mark = NOWHERE;
                dead.add(new Lane.Timed(slot, slot.due()));
                setTimer();
            }
            default -> slot.mark = NOWHERE;
        }
    }

    private boolean isPaused(Slot slot) {
        return pauses.isPaused(slot.destination.name);
    }

    /** Takes up what waits for a destination that is paused no more. */
    void resume(String destination) {
        index.lock.lock();
        try {
            for (Entry entry : index.entries()) {
                for (Slot slot : entry.slots()) {
                    boolean meant = destination.equals(Pauses.ALL) || destination.equals(slot.destination.name);
                    if (meant && slot.mark == NOWHERE && slot.status() == RecipientStatus.PENDING && !withheld.contains(entry.id)) {
                        place(slot);
                    }
                }
            }
        } finally {
            index.lock.unlock();
        }
    }

    private Lane laneOf(Slot slot) {
        Lane known = slot.destination.lane;
        if (known != null) {
            return known;
        }
        Lane lane = lanes.computeIfAbsent(
                laneKeys.apply(slot.destination.name), key -> new Lane(key, !key.equals(slot.destination.name)));
        slot.destination.lane = lane;
        return lane;
    }

    private void wakeAt(Lane lane, long at) {
        Lane.Timed first = lane.waiting.peek();
        if (first == null || at <= first.due()) {
            wakes.add(new Wake(at, lane));
            setTimer();
        }
    }

    private void setTimer() {
        long next = Math.min(wakes.isEmpty() ? Long.MAX_VALUE : wakes.peek().at(), Math.min(first(dead), first(deadlines)));
        if (!running || next >= timerAt) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        timerAt = next;
        timer = time.schedule(Duration.ofSeconds(Math.max(0, next - now())), this::tick);
    }

    private static long first(PriorityQueue<Lane.Timed> times) {
        Lane.Timed first = times.peek();
        return first == null ? Long.MAX_VALUE : first.due();
    }

    /** Takes those whose time is over, so that no worker has them meanwhile. */
    private List<Lease> takeOverdue(long now) {
        List<Lease> late = new ArrayList<>();
        while (first(deadlines) <= now) {
            Slot slot = deadlines.remove().slot();
            if (slot.awaitsDeadline() && slot.mark != LEASED && index.entry(slot.entry.id) == slot.entry) {
                slot.mark = LEASED;
                late.add(new Lease(laneOf(slot), new QueueId(slot.entry.id), List.of(slot)));
            }
        }
        return late;
    }

    private void tick() {
        List<QueueId> over = new ArrayList<>();
        List<Lease> late;
        index.lock.lock();
        try {
            timerAt = Long.MAX_VALUE;
            timer = null;
            if (!running) {
                return;
            }
            long now = now();
            while (!wakes.isEmpty() && wakes.peek().at() <= now) {
                wake(wakes.remove().lane(), now);
            }
            while (!dead.isEmpty() && dead.peek().due() <= now) {
                Slot slot = dead.remove().slot();
                if (slot.status() == RecipientStatus.FAILED && slot.due() <= now && index.entry(slot.entry.id) == slot.entry) {
                    over.add(new QueueId(slot.entry.id));
                }
            }
            late = takeOverdue(now);
            setTimer();
        } finally {
            index.lock.unlock();
        }
        if (!late.isEmpty()) {
            overdue.accept(late);
        }
        if (!over.isEmpty()) {
            expired.accept(over);
        }
    }

    private void wake(Lane lane, long now) {
        Lane.Timed next = lane.waiting.peek();
        while (next != null && next.due() <= now) {
            lane.waiting.remove();
            Slot slot = next.slot();
            if (slot.mark == WAITING && slot.due() == next.due()) {
                slot.mark = isPaused(slot) ? NOWHERE : READY;
                if (slot.mark == READY) {
                    lane.addReady(slot);
                }
            }
            next = lane.waiting.peek();
        }
        if (next != null) {
            wakes.add(new Wake(next.due(), lane));
        }
        startWorkers(lane);
    }

    private void startWorkers(Lane lane) {
        LaneLimits most = limits.get();
        while (running
                && lane.workers < Math.min(lane.limit, most.most(lane))
                && lane.workers < lane.readySlots()
                && now() >= lane.notBefore()) {
            if (workers >= most.connections()) {
                if (!lane.inLine) {
                    lane.inLine = true;
                    line.add(new InLine(most.rule(lane).priority(), linedUp++, lane));
                }
                return;
            }
            lane.workers++;
            workers++;
            Thread.ofVirtual().name("send " + lane.key).start(() -> worker.accept(lane));
        }
    }

    /**
     * The next message of a lane for a worker.
     *
     * @param taken how many it has had
     * @return null: the worker is to end
     */
    @Nullable Lease next(Lane lane, int taken) {
        index.lock.lock();
        try {
            boolean othersWait = !line.isEmpty() && taken >= MAX_LEASES_WITH_OTHERS_IN_LINE;
            if (!running || othersWait || now() < lane.notBefore() || lane.workers > Math.max(1, lane.limit)) {
                return null;
            }
            Lease lease = lease(lane);
            if (lease != null) {
                count(lane);
            }
            return lease;
        } finally {
            index.lock.unlock();
        }
    }

    /** One more message of this minute; where that was the last that is allowed, the lane goes on with the next. */
    private void count(Lane lane) {
        OptionalInt most = limits.get().rule(lane).messagesPerMinute();
        if (most.isEmpty()) {
            return;
        }
        long minute = now() / SECONDS_PER_MINUTE;
        lane.sent = lane.minute == minute ? lane.sent + 1 : 1;
        lane.minute = minute;
        if (lane.sent >= most.getAsInt()) {
            lane.rateUntil = (minute + 1) * SECONDS_PER_MINUTE;
            wakes.add(new Wake(lane.rateUntil, lane));
            setTimer();
        }
    }

    private @Nullable Lease lease(Lane lane) {
        while (lane.hasReady()) {
            Slot first = lane.pollReady();
            if (first == null || first.mark != READY) {
                continue;
            }
            if (isPaused(first)) {
                first.mark = NOWHERE;
                continue;
            }
            List<Slot> slots = new ArrayList<>();
            for (Slot slot : first.entry.slots()) {
                if (slot.mark == READY && slot.destination.lane == lane && !isPaused(slot) && slots.size() < MAX_RECIPIENTS) {
                    slot.mark = LEASED;
                    slots.add(slot);
                }
            }
            return new Lease(lane, new QueueId(first.entry.id), slots);
        }
        return null;
    }

    /** Messages that waited behind a failed attempt, and whose time to be given up or to be told of a delay has come. */
    List<Lease> aged(Lane lane, RetrySchedule schedule) {
        index.lock.lock();
        try {
            List<Lease> aged = new ArrayList<>();
            List<Slot> young = new ArrayList<>();
            int look = lane.readySlots();
            for (int i = 0; i < look && aged.size() < MAX_AGED; i++) {
                Slot slot = lane.pollReady();
                if (slot == null || slot.mark != READY) {
                    continue;
                }
                Instant begun = Instant.ofEpochSecond(slot.entry.start());
                boolean late = schedule.isLate(begun, time.now()) && !slot.delayNotified;
                if (late || schedule.isOver(slot.attempts(), begun, false, time.now())) {
                    slot.mark = LEASED;
                    aged.add(new Lease(lane, new QueueId(slot.entry.id), List.of(slot)));
                } else {
                    young.add(slot);
                }
            }
            young.forEach(lane::addReady);
            return aged;
        } finally {
            index.lock.unlock();
        }
    }

    /** The lease is over; what its recipients' states say comes next. */
    void settled(Lease lease) {
        index.lock.lock();
        try {
            for (Slot slot : lease.slots()) {
                if (slot.mark == LEASED) {
                    slot.mark = NOWHERE;
                    place(slot, slot.entry.deadline() > now() ? 0 : SECONDS_PER_MINUTE);
                }
            }
        } finally {
            index.lock.unlock();
        }
    }

    /** A connection to the lane's server was made: the first of them lets others follow. */
    void answered(Lane lane) {
        index.lock.lock();
        try {
            if (!lane.answered) {
                lane.answered = true;
                lane.limit = Math.max(lane.limit, Lane.FIRST_LIMIT);
                startWorkers(lane);
            }
        } finally {
            index.lock.unlock();
        }
    }

    /** The lane's server took or refused a message: it can be reached. */
    void reached(Lane lane) {
        index.lock.lock();
        try {
            lane.failures = 0;
            lane.trouble = "";
            lane.limit = Math.min(lane.limit + 1, limits.get().most(lane));
            startWorkers(lane);
        } finally {
            index.lock.unlock();
        }
    }

    /** A connection could not be made or broke. Where it was the lane's only one, the lane rests. */
    void failed(Lane lane, String trouble) {
        index.lock.lock();
        try {
            lane.trouble = trouble;
            if (lane.workers > 1) {
                lane.limit = Math.max(1, Math.min(lane.limit, lane.workers) - 1);
                return;
            }
            lane.limit = 1;
            lane.restUntil = now() + REST_SECONDS[Math.min(lane.failures, REST_SECONDS.length - 1)];
            lane.failures++;
            wakes.add(new Wake(lane.restUntil, lane));
            setTimer();
        } finally {
            index.lock.unlock();
        }
    }

    /** A worker has ended. */
    void finished(Lane lane) {
        index.lock.lock();
        try {
            lane.workers--;
            workers--;
            idle.signalAll();
            startWorkers(lane);
            while (workers < limits.get().connections() && !line.isEmpty()) {
                Lane next = line.remove().lane();
                next.inLine = false;
                startWorkers(next);
            }
            // What a lane with a rate has sent in this minute is not forgotten.
            if (lane.isEmpty() && !lane.shared && limits.get().rule(lane).messagesPerMinute().isEmpty()) {
                lanes.remove(lane.key, lane);
                index.forgetLane(lane);
            }
        } finally {
            index.lock.unlock();
        }
    }

    /** Tries everything that waits in these lanes as soon as can be; all lanes where the key is empty. */
    void wakeUp(String laneKey) {
        index.lock.lock();
        try {
            for (Lane lane : lanes.values()) {
                if (laneKey.isEmpty() || lane.key.equals(laneKey)) {
                    lane.restUntil = 0;
                    lane.limit = lane.failures == 0 && lane.answered ? Math.max(lane.limit, Lane.FIRST_LIMIT) : lane.limit;
                    startWorkers(lane);
                }
            }
        } finally {
            index.lock.unlock();
        }
    }

    /** When the lane of a destination is tried again, and why not now; null if it does not rest. */
    QueueAdmin.@Nullable Rest rest(String destination) {
        index.lock.lock();
        try {
            Lane lane = lanes.get(laneKeys.apply(destination));
            if (lane == null || lane.notBefore() <= now()) {
                return null;
            }
            boolean rests = lane.restUntil >= lane.rateUntil;
            String why = rests ? lane.trouble : "it gets " + lane.sent + " messages a minute (queue.destinations)";
            return new QueueAdmin.Rest(Instant.ofEpochSecond(lane.notBefore()), why);
        } finally {
            index.lock.unlock();
        }
    }

    /** How many lanes rest. */
    long resting() {
        index.lock.lock();
        try {
            long now = now();
            return lanes.values().stream().filter(lane -> lane.restUntil > now).count();
        } finally {
            index.lock.unlock();
        }
    }
}
