package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Mail for other hosts, of a running server: takes it in, and sends it. Closed by whoever started it, before its store.
 *
 * <p>Safe for use by any thread.
 */
public final class MailQueue implements AutoCloseable {
    /** How long messages on their way may take at the end. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final QueueStore store;
    private final Scheduler scheduler;
    private final Deliveries deliveries;
    private final QueueAdmin admin;
    private final Time time;
    private final EventLog log;

    /**
     * What it stands on; all of it outlives it.
     *
     * @param hostname of this server, for notices
     * @param routes which way mail for a destination (a domain or an address literal, lower case) goes
     * @param suspended whether an account is switched off, so that its mail is held
     * @param signer signs notices
     * @param outcomes is told what becomes of each recipient
     */
    public record Parts(
            QueueStore store,
            Courier courier,
            Function<String, Route> routes,
            LocalDelivery local,
            Predicate<String> suspended,
            NoticeSigner signer,
            Outcomes outcomes,
            String hostname,
            Supplier<Settings> settings,
            RandomGenerator random,
            Time time,
            EventLog log) {}

    /** Adds a signature to a message that this server makes. */
    public interface NoticeSigner {
        byte[] apply(byte[] message);
    }

    /**
     * @param connections to other servers in all
     * @param connectionsPerDestination to one of them
     * @param rules of destinations, or of hosts that take mail for several, that are treated otherwise
     */
    public record Settings(
            RetrySchedule schedule, int connections, int connectionsPerDestination, Map<String, DestinationRule> rules) {
        public Settings {
            rules = Map.copyOf(rules);
        }

        RetrySchedule schedule(String destination) {
            DestinationRule rule = rules.get(destination);
            return rule == null ? schedule : schedule.with(rule.retry());
        }
    }

    private MailQueue(
            QueueStore store, Scheduler scheduler, Deliveries deliveries, QueueAdmin admin, Time time, EventLog log) {
        this.store = store;
        this.scheduler = scheduler;
        this.deliveries = deliveries;
        this.admin = admin;
        this.time = time;
        this.log = log;
    }

    /** Begins to send what is in the store. */
    public static MailQueue start(Parts parts) {
        Scheduler scheduler = new Scheduler(
                parts.store().index(),
                parts.time(),
                () -> limits(parts.settings().get()),
                destination -> {
                    String shared = parts.routes().apply(destination).laneKey();
                    return shared.isEmpty() ? destination : shared;
                },
                parts.store().pauses());
        Notices notices = new Notices(parts.store(), parts.hostname(), parts.signer()::apply);
        Deliveries deliveries = new Deliveries(new Deliveries.Parts(
                parts.store(), scheduler, parts.courier(), parts.routes(), parts.local(), parts.suspended(), notices,
                new Downgrade(parts.signer()::apply),
                parts.outcomes(),
                destination -> parts.settings().get().schedule(destination), parts.random(), parts.time(), parts.log()));
        QueueAdmin admin = new QueueAdmin(
                parts.store(), notices, Optional.of(scheduler), parts.settings().get().schedule().keepDead(),
                Optional.of(new TestDelivery(
                        parts.courier(), parts.routes(), parts.signer()::apply, parts.hostname(), parts.time())),
                deliveries::advice,
                parts.courier()::findings,
                parts.time());
        MailQueue queue = new MailQueue(parts.store(), scheduler, deliveries, admin, parts.time(), parts.log());
        scheduler.start(deliveries::work, queue::forget, deliveries::overdue);
        return queue;
    }

    private static LaneLimits limits(Settings settings) {
        return new LaneLimits(settings.connections(), settings.connectionsPerDestination(), settings.rules());
    }

    /** A message that is durable and not sent yet. */
    public interface Accepted {
        QueueId id();

        /** Lets it go on its way. */
        void release();

        /**
         * Takes it back.
         *
         * @throws IOException it could not be, and will be sent after a restart
         */
        void withdraw() throws IOException;
    }

    /**
     * Takes a message in; durable when this returns.
     *
     * @param head header fields to put before {@code content}
     * @param due when it is tried first
     */
    public Accepted accept(QueueEnvelope envelope, byte[] head, Content content, Instant due) throws IOException {
        QueueId id = store.nextId();
        scheduler.withhold(id);
        boolean done = false;
        try {
            store.commit(List.of(new Change.Add(id, time.now(), due, envelope, head, content)));
            done = true;
        } finally {
            if (!done) {
                scheduler.release(id);
            }
        }
        return new Accepted() {
            @Override
            public QueueId id() {
                return id;
            }

            @Override
            public void release() {
                scheduler.release(id);
            }

            @Override
            public void withdraw() throws IOException {
                store.commit(List.of(new Change.Delete(id)));
                scheduler.release(id);
            }
        };
    }

    private void forget(List<QueueId> over) {
        try {
            store.commit(over.stream().<Change>map(Change.Delete::new).toList());
        } catch (IOException e) {
            // They take room on the disk and nothing else; the next start finds them due again.
            log.error("queue.not-forgotten", e, "messages", over.size());
        }
    }

    public QueueStore store() {
        return store;
    }

    /** For the operator. */
    public QueueAdmin admin() {
        return admin;
    }

    public SendStatistics statistics() {
        return deliveries.statistics();
    }

    /** Tries destinations that rest at once; all of them where {@code laneKey} is empty. */
    public void wakeUp(String laneKey) {
        scheduler.wakeUp(laneKey);
    }

    /** Connections now. */
    public int connections() {
        return scheduler.workers();
    }

    /** Registers the queue's figures; once. */
    public void measure(Metrics metrics) {
        metrics.gauge("queue_messages", "Queued messages, those kept for the operator included.", store::messages);
        metrics.gauge("queue_oldest_seconds", "How long the oldest waits that is still to be sent; looked at once a minute.",
                new OldestAge(admin, time)::seconds);
        metrics.gauge("queue_destinations_paused", "Destinations that the operator has paused.", () -> store.pauses().all().size());
        metrics.gauge("queue_connections", "Connections to other servers.", this::connections);
        metrics.gauge("queue_destinations_resting", "Destinations that are not tried for a while after a failure.", scheduler::resting);
        metrics.counter("queue_segments_cleaned", "Old segments of the queue's log that were emptied.", store::segmentsCleaned);
        deliveries.statistics().measure(metrics);
    }

    /** Starts nothing any more, lets messages on their way arrive, and cuts what takes longer. */
    @Override
    public void close() {
        scheduler.stop();
        try {
            if (!scheduler.awaitIdle(PATIENCE)) {
                deliveries.abort();
                if (!scheduler.awaitIdle(PATIENCE)) {
                    log.warn("queue.workers-left", "workers", scheduler.workers());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
