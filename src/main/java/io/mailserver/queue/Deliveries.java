package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.dsn.RecipientNotice;
import io.mailserver.dsn.RecipientNotice.Action;
import io.mailserver.log.EventLog;
import io.mailserver.returnpath.SenderRewriting;
import io.mailserver.smtp.DeliverBy;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import io.mailserver.smtp.Reply;
import io.mailserver.smtpclient.Dialogue;
import io.mailserver.smtpclient.MessageShape;
import io.mailserver.smtpclient.OutgoingMessage;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The workers: each takes one message after the other of a lane, hands it on, and notes what came of it before it takes the next. So a
 * crash can repeat at most the message that was on its way on each connection.
 */
final class Deliveries {
    private static final EnhancedStatus EXPIRED = new EnhancedStatus(5, 4, 7);
    private static final EnhancedStatus SUCCESS = new EnhancedStatus(2, 0, 0);
    private static final EnhancedStatus FAILED = new EnhancedStatus(5, 0, 0);
    private static final EnhancedStatus DELAYED = new EnhancedStatus(4, 0, 0);
    /** RFC 3463 §3.5: delivery time expired, not for good. */
    private static final EnhancedStatus LATE = new EnhancedStatus(4, 4, 7);
    private static final EnhancedStatus UNREACHABLE = new EnhancedStatus(4, 4, 1);

    private final Parts parts;
    private final BlockedPort blocked;
    private final Set<Courier.Trip> trips = ConcurrentHashMap.newKeySet();
    private final SendStatistics statistics = new SendStatistics();

    /** What workers stand on. */
    record Parts(
            QueueStore store,
            Scheduler scheduler,
            Courier courier,
            Function<String, Route> routes,
            LocalDelivery local,
            Predicate<String> suspended,
            Notices notices,
            Downgrade downgrade,
            Outcomes outcomes,
            Function<String, RetrySchedule> schedule,
            RandomGenerator random,
            Time time,
            EventLog log) {}

    Deliveries(Parts parts) {
        this.parts = parts;
        this.blocked = new BlockedPort(parts.log());
    }

    SendStatistics statistics() {
        return statistics;
    }

    /** What the operator should know of all destinations together. */
    Optional<String> advice() {
        return blocked.advice(parts.time().now());
    }

    /** Closes all connections under what waits on them. */
    void abort() {
        trips.forEach(Courier.Trip::abort);
    }

    /** A worker's life; on its own thread. */
    void work(Lane lane) {
        Courier.Trip[] trip = new Courier.Trip[1];
        try {
            Scheduler.Lease lease = parts.scheduler().next(lane, 0);
            for (int taken = 1; lease != null; taken++) {
                boolean goOn = deliver(lane, lease, trip);
                lease = goOn ? parts.scheduler().next(lane, taken) : null;
            }
        } catch (RuntimeException e) {
            // A bug must not take the lane with it; its messages are tried again when the lane has rested.
            parts.log().error("queue.bug", e, "lane", lane.key);
            parts.scheduler().failed(lane, "a bug: " + e);
        } finally {
            if (trip[0] != null) {
                trips.remove(trip[0]);
                trip[0].close();
            }
            parts.scheduler().finished(lane);
        }
    }

    /** Whether the worker should take another message. */
    private boolean deliver(Lane lane, Scheduler.Lease lease, Courier.Trip[] trip) {
        List<Integer> numbers = lease.slots().stream().map(slot -> slot.recipient).toList();
        try {
            Optional<QueueStore.Loaded> loaded = parts.store().load(lease.id());
            if (loaded.isEmpty()) {
                return true; // deleted meanwhile
            }
            QueuedMessage message = loaded.get().message();
            Content content = loaded.get().content();
            String account = message.envelope().account();
            if (!account.isEmpty() && parts.suspended().test(account)) {
                hold(lease.id(), numbers, "the account " + account + " is switched off, or held for junk");
                return true;
            }
            if (message.isOverdue(parts.time().now()) && message.deliverBy().filter(DeliverBy::returned).isPresent()) {
                settleLate(message, numbers, content); // RFC 2852 §4: not after its time
                return true;
            }
            Attempt attempt = attempt(lease, message, numbers, content, trip);
            if (!lane.shared) {
                blocked.tried(lane.key, attempt.results().getFirst(), parts.time().now());
            }
            settle(message, numbers, content, attempt);
            if (attempt.unreachable()) {
                parts.scheduler().failed(lane, attempt.results().getFirst().text());
                tellAged(lane, attempt);
                return false;
            }
            parts.scheduler().reached(lane);
            return true;
        } catch (DamagedRecordException e) {
            parts.log().error("queue.message-damaged", e, "message", lease.id());
            hold(lease.id(), numbers, "its octets on disk are damaged");
            return true;
        } catch (IOException e) {
            parts.log().error("queue.unreadable", e, "message", lease.id());
            parts.scheduler().failed(lane, "the queue's disk: " + e.getMessage());
            return false;
        } finally {
            parts.scheduler().settled(lease);
        }
    }

    private void hold(QueueId id, List<Integer> numbers, String why) {
        RecipientState held = new RecipientState(RecipientStatus.HELD, 0, parts.time().now(), false, why);
        parts.store().record(new Change.Update(id, numbers, numbers.stream().map(number -> held).toList()));
    }

    private Attempt attempt(
            Scheduler.Lease lease, QueuedMessage message, List<Integer> numbers, Content content, Courier.Trip[] trip)
            throws IOException {
        String destination = lease.slots().getFirst().destination.name;
        Route route = parts.routes().apply(destination);
        return switch (route) {
            case Route.Discard discard -> Attempt.same(
                    RecipientResult.local(Kind.DELIVERED, Stage.MESSAGE, "thrown away, as the route says"),
                    numbers.size(),
                    Optional.empty(),
                    false);
            case Route.Local local -> locally(message, numbers, content);
            default -> {
                if (trip[0] == null) {
                    trip[0] = parts.courier().begin(
                            destination, route, Dialogue.NONE, () -> parts.scheduler().answered(lease.lane()));
                    trips.add(trip[0]);
                }
                boolean ours = isOurs(message.envelope());
                yield trip[0].deliver(outgoing(message, numbers, content), each -> parts.downgrade().of(each, ours));
            }
        };
    }

    /** Whether one of our users wrote it: what an alias forwards goes by its account too, but under a rewritten or the null sender. */
    private static boolean isOurs(QueueEnvelope envelope) {
        return !envelope.account().isEmpty() && envelope.reversePath().filter(path -> !SenderRewriting.isRewritten(path)).isPresent();
    }

    private OutgoingMessage outgoing(QueuedMessage message, List<Integer> numbers, Content content)
            throws IOException {
        List<Recipient> recipients = numbers.stream().map(number -> message.envelope().recipients().get(number)).toList();
        MailParameters parameters = message.envelope().parameters();
        Optional<String> id = parameters.envid().isPresent() ? Optional.empty() : parts.outcomes().envelopeId(message, recipients);
        if (id.isPresent()) {
            // RFC 3461 §5.2.1: ORCPT may be added, so that a report names whom we sent it to, wherever it was forwarded.
            parameters = parameters.withEnvid(id.get());
            recipients = recipients.stream().map(Recipient::withOriginal).toList();
        }
        return new OutgoingMessage(message.envelope().reversePath(), parameters, recipients, content, MessageShape.of(content));
    }

    private Attempt locally(QueuedMessage message, List<Integer> numbers, Content content) {
        List<RecipientResult> results = new ArrayList<>(numbers.size());
        List<Optional<Action>> receipts = new ArrayList<>(numbers.size());
        for (int number : numbers) {
            LocalDelivery.Result result = parts.local().deliver(message, number, content);
            Reply reply = result.reply();
            receipts.add(result.receipt());
            Kind kind = reply.isPositive() ? Kind.DELIVERED : reply.isPermanent() ? Kind.PERMANENT : Kind.TEMPORARY;
            String text = reply.code() + (reply.status() == null ? "" : " " + reply.status()) + " " + String.join(" ", reply.lines());
            results.add(new RecipientResult(kind, Stage.MESSAGE, Optional.empty(), text, Optional.ofNullable(reply.status())));
        }
        return new Attempt(results, Optional.empty(), receipts, false);
    }

    /** Messages behind one that could not go, and whose own time is over or for a word to their senders. */
    private void tellAged(Lane lane, Attempt attempt) {
        for (Scheduler.Lease aged : parts.scheduler().aged(lane, parts.schedule().apply(lane.key))) {
            try {
                Optional<QueueStore.Loaded> loaded = parts.store().load(aged.id());
                if (loaded.isPresent()) {
                    List<Integer> numbers = aged.slots().stream().map(slot -> slot.recipient).toList();
                    RecipientResult result = attempt.results().getFirst();
                    Attempt same = Attempt.same(result, numbers.size(), attempt.host(), true);
                    settle(loaded.get().message(), numbers, loaded.get().content(), same);
                }
            } catch (IOException e) {
                parts.log().error("queue.unreadable", e, "message", aged.id());
            } finally {
                parts.scheduler().settled(aged);
            }
        }
    }

    /** Messages whose senders wanted them delivered by now, from the timer: they go back, or their senders are told of the delay. */
    void overdue(List<Scheduler.Lease> leases) {
        for (Scheduler.Lease lease : leases) {
            try {
                Optional<QueueStore.Loaded> loaded = parts.store().load(lease.id());
                if (loaded.isPresent()) {
                    List<Integer> numbers = lease.slots().stream().map(slot -> slot.recipient).toList();
                    settleLate(loaded.get().message(), numbers, loaded.get().content());
                }
            } catch (IOException e) {
                parts.log().error("queue.unreadable", e, "message", lease.id());
                hold(lease.id(), lease.slots().stream().map(slot -> slot.recipient).toList(), "its octets on disk cannot be read");
            } finally {
                parts.scheduler().settled(lease);
            }
        }
    }

    private void settleLate(QueuedMessage message, List<Integer> numbers, Content content) throws IOException {
        DeliverBy by = message.deliverBy().orElseThrow();
        String text = "its sender wanted it delivered by " + by.deadline(message.created());
        RecipientResult result = RecipientResult.local(Kind.TEMPORARY, Stage.CONNECT, LATE, text);
        Attempt none = Attempt.same(result, numbers.size(), Optional.empty(), false);
        settle(message, numbers, content, none, (number, state, why) -> by.returned()
                ? new Verdict(new RecipientState(RecipientStatus.FAILED, state.attempts(),
                        parts.time().now().plus(schedule(message, number).keepDead()), state.delayNotified(), text), why, true, false)
                : new Verdict(state.notified(), why, false, !state.delayNotified()));
    }

    /** Makes a recipient's new state of the one it has and of what was tried. */
    private interface Judging {
        Verdict of(int number, RecipientState state, RecipientResult result);
    }

    private void settle(QueuedMessage message, List<Integer> numbers, Content content, Attempt attempt) throws IOException {
        settle(message, numbers, content, attempt, (number, state, result) -> verdict(message, number, state, result));
    }

    /** Notes what came of an attempt, with the notices that follow from it. */
    private void settle(QueuedMessage message, List<Integer> numbers, Content content, Attempt attempt, Judging judging)
            throws IOException {
        Map<Integer, RecipientState> before = parts.store().states(message.id());
        List<Integer> settled = new ArrayList<>(numbers.size());
        List<RecipientState> states = new ArrayList<>(numbers.size());
        Map<Integer, Verdict> verdicts = new LinkedHashMap<>();
        Map<Action, List<RecipientNotice>> notices = new EnumMap<>(Action.class);
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            RecipientState state = before.get(number);
            if (state == null) {
                continue; // taken off the queue meanwhile
            }
            Verdict verdict = judging.of(number, state, attempt.results().get(i));
            settled.add(number);
            states.add(verdict.state());
            verdicts.put(number, verdict);
            report(message, number, verdict, attempt);
            notice(message, number, verdict, attempt, attempt.receipts().get(i)).ifPresent(one ->
                    notices.computeIfAbsent(one.action(), key -> new ArrayList<>()).add(one));
        }
        if (settled.isEmpty()) {
            return;
        }
        List<Change> changes = new ArrayList<>();
        try {
            for (List<RecipientNotice> each : notices.values()) {
                changes.add(parts.notices().notice(message, content, each, parts.time().now()));
            }
        } catch (DamagedRecordException e) {
            parts.log().error("queue.message-damaged", e, "message", message.id());
        }
        note(new Change.Update(message.id(), settled, states), changes);
        verdicts.forEach((number, verdict) -> tell(message, message.envelope().recipients().get(number), verdict));
    }

    private void tell(QueuedMessage message, Recipient recipient, Verdict verdict) {
        switch (verdict.state().status()) {
            case DELIVERED -> parts.outcomes().delivered(message, recipient);
            case FAILED -> parts.outcomes().failed(
                    message, recipient, verdict.expired() ? EXPIRED : verdict.result().status().orElse(FAILED), verdict.result());
            default -> { }
        }
    }

    private void note(Change.Update update, List<Change> notices) {
        if (notices.isEmpty()) {
            parts.store().record(update);
            return;
        }
        List<Change> all = new ArrayList<>(notices);
        all.add(update);
        try {
            parts.store().commit(all);
            statistics.notices.add(notices.size());
        } catch (IOException e) {
            // Without the notice on disk nobody would learn of a failure: it is found out again later.
            parts.log().error("queue.notice-failed", e, "message", update.id());
            Instant later = parts.schedule().apply("").next(1, parts.time().now(), parts.random().nextDouble());
            List<RecipientState> again = update.states().stream().map(state -> state.status() == RecipientStatus.FAILED
                    ? new RecipientState(RecipientStatus.PENDING, state.attempts(), later, state.delayNotified(), state.lastReply())
                    : state).toList();
            parts.store().record(new Change.Update(update.id(), update.recipients(), again));
        }
    }

    /** A recipient's new state, and what its sender is told. */
    private record Verdict(RecipientState state, RecipientResult result, boolean expired, boolean late) {}

    private Verdict verdict(QueuedMessage message, int number, RecipientState before, RecipientResult result) {
        Instant now = parts.time().now();
        RetrySchedule schedule = schedule(message, number);
        boolean notice = message.envelope().reversePath().isEmpty();
        int attempts = before.attempts() + 1;
        return switch (result.kind()) {
            case DELIVERED -> new Verdict(before.tried(RecipientStatus.DELIVERED, now, result.text()), result, false, false);
            case PERMANENT -> new Verdict(
                    before.tried(RecipientStatus.FAILED, now.plus(schedule.keepDead()), result.text()), result, false, false);
            case TEMPORARY -> {
                boolean overdue = message.isOverdue(now);
                boolean returned = overdue && message.deliverBy().filter(DeliverBy::returned).isPresent();
                if (returned || schedule.isOver(attempts, message.begun(), notice, now)) {
                    RecipientState dead = before.tried(RecipientStatus.FAILED, now.plus(schedule.keepDead()), result.text());
                    yield new Verdict(dead, result, true, false);
                }
                Instant due = schedule.next(attempts, now, parts.random().nextDouble());
                Instant end = schedule.end(message.begun(), notice);
                RecipientState again = before.tried(RecipientStatus.PENDING, due.isBefore(end) ? due : end, result.text());
                boolean late = (overdue || schedule.isLate(message.begun(), now)) && !before.delayNotified();
                yield new Verdict(late ? again.notified() : again, result, false, late);
            }
        };
    }

    private RetrySchedule schedule(QueuedMessage message, int number) {
        return parts.schedule().apply(QueueEnvelope.destination(message.envelope().recipients().get(number).address()));
    }

    /** What a recipient's sender is to be told, if anything. */
    private Optional<RecipientNotice> notice(
            QueuedMessage message, int number, Verdict verdict, Attempt attempt, Optional<Action> receipt) {
        return switch (verdict.state().status()) {
            case FAILED -> Notices.isWanted(message, number, Notify.FAILURE)
                    ? Optional.of(noticeOf(message, number, verdict, attempt, Action.FAILED, verdict.expired() ? EXPIRED : FAILED))
                    : Optional.empty();
            case DELIVERED -> receipt.filter(action -> Notices.isWanted(message, number, Notify.SUCCESS))
                    .or(() -> trace(message, number, attempt))
                    .map(action -> noticeOf(message, number, verdict, attempt, action, SUCCESS));
            default -> verdict.late() && Notices.isWanted(message, number, Notify.DELAY)
                    ? Optional.of(noticeOf(message, number, verdict, attempt, Action.DELAYED,
                            attempt.unreachable() ? UNREACHABLE : DELAYED))
                    : Optional.empty();
        };
    }

    /** RFC 2852 §4, by-trace: whoever hands the message on says so. */
    private static Optional<Action> trace(QueuedMessage message, int number, Attempt attempt) {
        boolean traced = message.deliverBy().filter(DeliverBy::traced).isPresent() && message.envelope().reversePath().isPresent();
        boolean never = message.envelope().recipients().get(number).notifyOn().contains(Notify.NEVER);
        return traced && !never && attempt.host().isPresent() ? Optional.of(Action.RELAYED) : Optional.empty();
    }

    private RecipientNotice noticeOf(
            QueuedMessage message, int number, Verdict verdict, Attempt attempt, Action action, EnhancedStatus otherwise) {
        Recipient recipient = message.envelope().recipients().get(number);
        RecipientResult result = verdict.result();
        EnhancedStatus status = result.status().filter(given -> given.statusClass() == otherwise.statusClass()).orElse(otherwise);
        Optional<Instant> until = action == Action.DELAYED
                ? Optional.of(schedule(message, number).end(message.begun(), false))
                : Optional.empty();
        return new RecipientNotice(
                recipient.address(), recipient.originalRecipient(), action, status, attempt.host(), result.text(),
                result.reply().isPresent(), until);
    }

    private void report(QueuedMessage message, int number, Verdict verdict, Attempt attempt) {
        String to = message.envelope().recipients().get(number).address().toString();
        String via = attempt.host().map(host -> " via " + host).orElse("");
        RecipientState state = verdict.state();
        Object[] facts = {
            "message", message.envelope().traceId(), "queue", message.id(), "from", message.envelope().sender(), "to", to,
            "host", attempt.host().orElse(""), "attempt", state.attempts(), "reply", state.lastReply(), "due", state.due()
        };
        String head = "[SEND] " + message.id() + " to " + to + via;
        switch (state.status()) {
            case DELIVERED -> {
                statistics.delivered(Duration.between(message.begun(), parts.time().now()));
                parts.log().say(head + ": " + state.lastReply(), "queue.delivered", facts);
            }
            case FAILED -> {
                statistics.failed.increment();
                String why = verdict.expired() ? " given up after " + state.attempts() + " attempts: " : " failed: ";
                parts.log().say(head + why + state.lastReply(), "queue.failed", facts);
            }
            default -> {
                statistics.deferred.increment();
                parts.log().say(head + " deferred until " + state.due() + ": " + state.lastReply(), "queue.deferred", facts);
            }
        }
    }
}
