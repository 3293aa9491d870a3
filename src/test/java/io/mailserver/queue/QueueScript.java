package io.mailserver.queue;

import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A fixed course of changes that a queue goes through in crash tests, with what must be there after each: messages small and large, of
 * one and of several recipients, retried, held, finished and deleted, so many that small segments fill up and are cleaned.
 */
final class QueueScript {
    /** @param certain whether it is noted by {@link QueueStore#record} */
    record Step(List<Change> changes, boolean certain) {}

    private final List<Step> steps = new ArrayList<>();

    /** What a queue should hold. */
    static final class Model {
        private record Message(QueueEnvelope envelope, String octets, TreeMap<Integer, RecipientState> states) {}

        private final TreeMap<Long, Message> messages = new TreeMap<>();

        void apply(Change change) {
            switch (change) {
                case Change.Add add -> {
                    TreeMap<Integer, RecipientState> states = new TreeMap<>();
                    for (int i = 0; i < add.envelope().recipients().size(); i++) {
                        states.put(i, RecipientState.fresh(add.due()));
                    }
                    messages.put(add.id().number(), new Message(add.envelope(), text(add), states));
                }
                case Change.Update update -> {
                    Message message = messages.get(update.id().number());
                    if (message == null) {
                        return;
                    }
                    for (int i = 0; i < update.recipients().size(); i++) {
                        RecipientState state = update.states().get(i);
                        if (state.status().isGone()) {
                            message.states.remove(update.recipients().get(i));
                        } else if (message.states.containsKey(update.recipients().get(i))) {
                            message.states.put(update.recipients().get(i), state);
                        }
                    }
                    if (message.states.isEmpty()) {
                        messages.remove(update.id().number());
                    }
                }
                case Change.Delete delete -> messages.remove(delete.id().number());
            }
        }

        Map<Long, String> snapshot() {
            Map<Long, String> all = new TreeMap<>();
            messages.forEach((id, message) ->
                    all.put(id, QueueSnapshot.message(message.envelope(), message.octets(), message.states())));
            return all;
        }
    }

    static String text(Change.Add add) {
        try {
            return new String(Letters.HEAD, StandardCharsets.UTF_8)
                    + new String(add.content().open().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param rounds how often the same mixture comes; 10 rounds fill many segments of 1 KiB */
    QueueScript(int rounds) {
        long id = 1;
        for (int round = 0; round < rounds; round++) {
            Instant now = SimulatedDisk.START.plus(Duration.ofMinutes(round));
            Change.Add small = add(id++, now, "s".repeat(100 + round), "bob@example.net");
            Change.Add large = add(id++, now, "l".repeat(900 + round), "carol@example.net", "dave@example.org", "eve@example.net");
            Change.Add stays = add(id++, now, "k".repeat(50), "frank@example.org", "grace@example.org");
            step(small);
            step(large, stays);
            Instant later = now.plus(Duration.ofMinutes(5));
            RecipientState tried = RecipientState.fresh(now).tried(RecipientStatus.PENDING, later, "451 4.3.0 busy " + round);
            certain(new Change.Update(large.id(), List.of(0, 2), List.of(tried, tried)));
            step(Change.Update.of(large.id(), 0, tried.with(RecipientStatus.HELD, later)));
            certain(Change.Update.of(small.id(), 0, tried.with(RecipientStatus.DELIVERED, later)));
            certain(Change.Update.of(stays.id(), 1, tried.with(RecipientStatus.DELIVERED, later)));
            certain(new Change.Update(
                    large.id(),
                    List.of(1, 2),
                    List.of(tried.with(RecipientStatus.DELIVERED, later), tried.with(RecipientStatus.FAILED, later))));
            if (round % 2 == 0) {
                step(new Change.Delete(large.id()));
            }
            if (round > 3) {
                step(new Change.Delete(new QueueId(stays.id().number() - 9)));
            }
        }
    }

    private static Change.Add add(long id, Instant now, String text, String... recipients) {
        // Every third is one for later: what its sender wishes must survive all that the others do.
        QueueEnvelope envelope = id % 3 == 0 ? Letters.later(now.plusSeconds(id), recipients) : Letters.to(recipients);
        return new Change.Add(new QueueId(id), now, envelope.due(now), envelope, Letters.HEAD, Letters.content(text));
    }

    private void step(Change... changes) {
        steps.add(new Step(List.of(changes), false));
    }

    private void certain(Change.Update update) {
        steps.add(new Step(List.of(update), true));
    }

    List<Step> steps() {
        return steps;
    }

    static void run(QueueStore store, Step step) throws IOException {
        for (Change change : step.changes()) {
            if (change instanceof Change.Add add) {
                long next = store.nextId().number();
                while (next < add.id().number()) {
                    next = store.nextId().number();
                }
            }
        }
        if (step.certain()) {
            store.record((Change.Update) step.changes().getFirst());
        } else {
            store.commit(step.changes());
        }
    }
}
