package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.dsn.RecipientNotice;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What an operator does with a queue, while it is being sent or not. Safe for use by any thread.
 */
public final class QueueAdmin {
    private static final int CHANGES_AT_ONCE = 500;
    private static final EnhancedStatus RETURNED = new EnhancedStatus(5, 7, 0);

    private final QueueStore store;
    private final Notices notices;
    private final Optional<Scheduler> scheduler;
    private final Duration keepDead;
    private final Optional<TestDelivery> tests;
    private final Supplier<Optional<String>> advice;
    private final Supplier<List<String>> findings;
    private final Time time;

    /**
     * That a way is not tried for a while.
     *
     * @param until when it is
     * @param trouble what the last attempt got
     */
    record Rest(Instant until, String trouble) {}

    /** One queued recipient. */
    public record Item(QueuedMessage message, int number, RecipientState state, String why) {
        public Recipient recipient() {
            return message.envelope().recipients().get(number);
        }
    }

    /**
     * @param items not more than asked for, the oldest first
     * @param matched how many there are, if all were counted; else how many at least
     */
    public record Listing(List<Item> items, long matched) {}

    /**
     * @param recipients by their status
     * @param oldest since when the oldest waits that is still to be sent
     * @param destinations those with most recipients that wait, at most 20
     */
    public record Summary(
            int messages,
            Map<RecipientStatus, Long> recipients,
            Optional<Instant> oldest,
            Map<String, Long> destinations,
            long logOctets) {}

    QueueAdmin(
            QueueStore store, Notices notices, Optional<Scheduler> scheduler, Duration keepDead,
            Optional<TestDelivery> tests, Supplier<Optional<String>> advice,
            Supplier<List<String>> findings, Time time) {
        this.store = store;
        this.notices = notices;
        this.scheduler = scheduler;
        this.keepDead = keepDead;
        this.tests = tests;
        this.advice = advice;
        this.findings = findings;
        this.time = time;
    }

    /** For a queue that nobody sends from now. Notices are queued unsigned. */
    public static QueueAdmin ofStopped(QueueStore store, String hostname, Duration keepDead, Time time) {
        return new QueueAdmin(
                store, new Notices(store, hostname, message -> message), Optional.empty(), keepDead,
                Optional.empty(), Optional::empty, List::of, time);
    }

    /** Which messages match; reads them from the disk as far as the filter or the list needs it. */
    public Listing list(QueueFilter filter, int limit) throws IOException {
        List<Item> items = new ArrayList<>();
        long matched = 0;
        for (Map.Entry<Long, List<Integer>> found : matching(filter, slot -> true).entrySet()) {
            if (items.size() >= limit && !filter.needsEnvelope()) {
                matched += found.getValue().size();
                continue;
            }
            Optional<QueuedMessage> message = store.read(new QueueId(found.getKey()));
            if (message.isEmpty()) {
                continue;
            }
            Map<Integer, RecipientState> states = Map.of();
            for (int number : found.getValue()) {
                if (!filter.matches(message.get().envelope(), number)) {
                    continue;
                }
                matched++;
                if (items.size() < limit) {
                    states = states.isEmpty() ? store.states(message.get().id()) : states;
                    RecipientState state = states.get(number);
                    if (state != null) {
                        items.add(new Item(message.get(), number, state, why(message.get(), number, state)));
                    }
                }
            }
        }
        return new Listing(items, matched);
    }

    private String why(QueuedMessage message, int number, RecipientState state) {
        String destination = QueueEnvelope.destination(message.envelope().recipients().get(number).address());
        return switch (state.status()) {
            case HELD -> "held" + (state.lastReply().isEmpty() ? "" : ": " + state.lastReply());
            case FAILED -> "given up after " + state.attempts() + (state.attempts() == 1 ? " attempt: " : " attempts: ")
                    + state.lastReply();
            default -> {
                if (store.pauses().isPaused(destination)) {
                    yield destination + " is paused, until queue resume " + (paused().contains(destination) ? destination : Pauses.ALL);
                }
                Optional<Rest> rest = scheduler.flatMap(running -> Optional.ofNullable(running.rest(destination)));
                if (rest.isPresent() && rest.get().until().isAfter(state.due())) {
                    yield destination + " is tried again at " + rest.get().until() + ": " + rest.get().trouble();
                }
                boolean scheduled = state.attempts() == 0 && state.due().isAfter(time.now()) && message.release().isPresent();
                if (scheduled) {
                    yield "held until " + state.due() + ", as its sender wants it; queue release sends it now";
                }
                yield state.attempts() == 0
                        ? "goes " + (state.due().isAfter(time.now()) ? "at " + state.due() : "as soon as there is a connection")
                        : "attempt " + (state.attempts() + 1) + " at " + state.due() + ": " + state.lastReply();
            }
        };
    }

    /** Numbers of recipients by their messages, as far as the index tells. */
    private NavigableMap<Long, List<Integer>> matching(QueueFilter filter, Predicate<Slot> also) {
        TreeMap<Long, List<Integer>> found = new TreeMap<>();
        long now = time.now().getEpochSecond();
        QueueIndex index = store.index();
        index.lock.lock();
        try {
            for (Entry entry : index.entries()) {
                for (Slot slot : entry.slots()) {
                    if (filter.matches(slot, now) && also.test(slot)) {
                        found.computeIfAbsent(entry.id, key -> new ArrayList<>(1)).add(slot.recipient);
                    }
                }
            }
        } finally {
            index.lock.unlock();
        }
        return found;
    }

    /** Stops sending to these until they are released. */
    public long hold(QueueFilter filter) throws IOException {
        return change(filter.with(RecipientStatus.PENDING), slot -> true, state -> state.with(RecipientStatus.HELD, time.now()));
    }

    /** Lets those that are held go, and those whose senders want them later (RFC 4865). */
    public long release(QueueFilter filter) throws IOException {
        return change(filter.with(RecipientStatus.HELD), slot -> true, this::dueNow)
                + change(filter.with(RecipientStatus.PENDING), this::awaitsRelease, this::dueNow);
    }

    /** Tries these at once, whatever their turn; not those whose senders want them later. */
    public long retry(QueueFilter filter) throws IOException {
        long changed = change(filter.with(RecipientStatus.PENDING), slot -> !awaitsRelease(slot), this::dueNow);
        scheduler.ifPresent(running -> running.wakeUp(""));
        return changed;
    }

    /**
     * Sends nothing more to a destination until it is resumed, also after a restart; what is on its way arrives. Messages keep waiting, and
     * are given up by their first failure afterwards where their time is over by then.
     *
     * @param destination a domain or an address literal in lower case; {@code *} for all
     * @return whether it was not paused before
     */
    public boolean pause(String destination) throws IOException {
        return store.pauses().change(destination, true);
    }

    /** Ends that; whether it was paused. */
    public boolean resume(String destination) throws IOException {
        boolean changed = store.pauses().change(destination, false);
        scheduler.ifPresent(running -> running.resume(destination));
        return changed;
    }

    /** What is paused. */
    public Set<String> paused() {
        return store.pauses().all();
    }

    private RecipientState dueNow(RecipientState state) {
        return state.with(RecipientStatus.PENDING, time.now());
    }

    private boolean awaitsRelease(Slot slot) {
        return slot.awaitsRelease(time.now().getEpochSecond());
    }

    /**
     * Begins anew with what was given up: as a new message, so that its days of being tried and its attempts begin again. In a crash it is
     * either given up or queued again, never both.
     *
     * @return how many recipients
     */
    public long requeue(QueueFilter filter) throws IOException {
        long requeued = 0;
        for (Map.Entry<QueuedMessage, List<Item>> each : byMessage(list(filter.with(RecipientStatus.FAILED), Integer.MAX_VALUE))) {
            QueuedMessage message = each.getKey();
            Optional<Content> content = store.content(message.id());
            if (content.isEmpty()) {
                continue;
            }
            List<Item> items = each.getValue();
            QueueEnvelope old = message.envelope();
            // What was to be held was held already (RFC 4865), and what was to be there by a time is late anyway (RFC 2852).
            MailParameters parameters = old.parameters().with(old.parameters().handling().untimed());
            QueueEnvelope fresh = new QueueEnvelope(
                    old.traceId(), old.account(), old.reversePath(), parameters, items.stream().map(Item::recipient).toList());
            try (Content octets = content.get()) {
                store.commit(List.of(
                        new Change.Add(store.nextId(), time.now(), time.now(), fresh, new byte[0], octets),
                        new Change.Update(
                                message.id(), items.stream().map(Item::number).toList(),
                                items.stream().map(item -> item.state().with(RecipientStatus.DROPPED, time.now())).toList())));
            }
            requeued += items.size();
        }
        return requeued;
    }

    private static Set<Map.Entry<QueuedMessage, List<Item>>> byMessage(Listing listing) {
        Map<QueuedMessage, List<Item>> byMessage = new LinkedHashMap<>();
        listing.items().forEach(item -> byMessage.computeIfAbsent(item.message(), any -> new ArrayList<>()).add(item));
        return byMessage.entrySet();
    }

    /** Takes these off the queue, without a word to their senders. */
    public long delete(QueueFilter filter) throws IOException {
        return change(filter, slot -> true, state -> state.with(RecipientStatus.DROPPED, time.now()));
    }

    /** Gives these up, and tells their senders. */
    public long bounce(QueueFilter filter, String reason) throws IOException {
        long bounced = 0;
        for (Item item : list(filter, Integer.MAX_VALUE).items()) {
            if (item.state().status() == RecipientStatus.FAILED) {
                continue;
            }
            QueueId id = item.message().id();
            List<Change> changes = new ArrayList<>();
            Optional<Content> content = store.content(id);
            if (content.isPresent() && Notices.isWanted(item.message(), item.number(), Notify.FAILURE)) {
                RecipientNotice notice = new RecipientNotice(
                        item.recipient().address(), item.recipient().originalRecipient(), RecipientNotice.Action.FAILED, RETURNED,
                        Optional.empty(), reason, false, Optional.empty());
                changes.add(notices.notice(item.message(), content.get(), List.of(notice), time.now()));
            }
            RecipientState failed = new RecipientState(
                    RecipientStatus.FAILED, item.state().attempts(), time.now().plus(keepDead), item.state().delayNotified(), reason);
            changes.add(Change.Update.of(id, item.number(), failed));
            store.commit(changes);
            bounced++;
        }
        return bounced;
    }

    private interface Step {
        RecipientState from(RecipientState state);
    }

    private long change(QueueFilter filter, Predicate<Slot> also, Step step) throws IOException {
        long changed = 0;
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<Long, List<Integer>> found : matching(filter, also).entrySet()) {
            QueueId id = new QueueId(found.getKey());
            List<Integer> numbers = found.getValue();
            if (filter.needsEnvelope()) {
                Optional<QueuedMessage> message = store.read(id);
                numbers = message.isEmpty()
                        ? List.of()
                        : numbers.stream().filter(number -> filter.matches(message.get().envelope(), number)).toList();
            }
            Map<Integer, RecipientState> states = numbers.isEmpty() ? Map.of() : store.states(id);
            List<Integer> here = numbers.stream().filter(states::containsKey).toList();
            if (!here.isEmpty()) {
                changes.add(new Change.Update(id, here, here.stream().map(number -> step.from(Objects.requireNonNull(states.get(number))))
                        .toList()));
                changed += here.size();
            }
            if (changes.size() >= CHANGES_AT_ONCE) {
                store.commit(changes);
                changes.clear();
            }
        }
        if (!changes.isEmpty()) {
            store.commit(changes);
        }
        return changed;
    }

    /** The octets of a message; empty if it is gone. */
    public Optional<Content> content(QueueId id) throws IOException {
        return store.content(id);
    }

    /**
     * Sends a test message at once and returns the dialogue; blocks for as long as that takes.
     *
     * @param live told of each line as it is said, on a thread of its choice but one at a time
     *
     * @throws OperatorException no server runs
     */
    public List<String> test(Address from, Address to, Consumer<String> live) throws IOException {
        return tests.orElseThrow(() -> new OperatorException("no server runs that could send", "start it first")).send(from, to, live);
    }

    /** What is worth knowing about the ways out, a line each. */
    public List<String> findings() {
        return findings.get();
    }

    /** What is wrong with all destinations together, and what to do; empty if nothing is. */
    public Optional<String> advice() {
        return advice.get();
    }

    /** Counts. */
    public Summary summary() {
        Map<RecipientStatus, Long> recipients = new EnumMap<>(RecipientStatus.class);
        Map<String, Long> byDestination = new HashMap<>();
        long oldest = Long.MAX_VALUE;
        int messages;
        QueueIndex index = store.index();
        index.lock.lock();
        try {
            messages = index.size();
            for (Entry entry : index.entries()) {
                for (Slot slot : entry.slots()) {
                    recipients.merge(slot.status(), 1L, Long::sum);
                    if (slot.status() == RecipientStatus.PENDING) {
                        byDestination.merge(slot.destination.name, 1L, Long::sum);
                        oldest = Math.min(oldest, entry.created());
                    }
                }
            }
        } finally {
            index.lock.unlock();
        }
        Map<String, Long> most = new LinkedHashMap<>();
        byDestination.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(20)
                .forEach(entry -> most.put(entry.getKey(), entry.getValue()));
        Optional<Instant> since = oldest == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(oldest));
        return new Summary(messages, recipients, since, most, store.logOctets());
    }
}
