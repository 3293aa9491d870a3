package io.mailserver.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.PlatformPool;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A queue on a disk that fails, fills up or loses power at EVERY operation in turn, through {@link QueueScript}. What must hold
 * (DESIGN invariants 1 and 2):
 *
 * <ul>
 *   <li>After any power cut everything acknowledged is there, exactly; of the change on its way a part from its beginning, or nothing.
 *   <li>What was refused is not there, now and after a power cut.
 *   <li>What a server has answered is known on, even when the disk did not take it.
 *   <li>A torn end never counts as damage.
 * </ul>
 *
 * <p>{@code -Dcrash.seeds=40} tries so many choices of what an unforced disk keeps; {@code -Dcrash.seed=17} repeats one.
 */
class QueueCrashTest {
    private static final int SEEDS = Integer.getInteger("crash.seeds", 1);
    private static final int ONE_SEED = Integer.getInteger("crash.seed", -1);
    private static final QueueStore.Settings SMALL = new QueueStore.Settings(1024, 600);
    private static final int ROUNDS = 10;

    @Test
    void powerCutAtEveryOperation() throws IOException {
        forEverySeedAndOperation((seed, operation) -> {
            try (Run run = new Run(seed)) {
                run.disk.cutPowerAt(operation);
                run.go();
                run.checkAfterPowerCut();
            }
        });
    }

    @Test
    void failureAtEveryOperation() throws IOException {
        forEverySeedAndOperation((seed, operation) -> {
            try (Run run = new Run(seed)) {
                run.disk.failAt(operation);
                run.go();
                run.settle();
                run.checkAfterPowerCut();
            }
        });
    }

    @Test
    void diskFullFromEveryOperationOn() throws IOException {
        forEverySeedAndOperation((seed, operation) -> {
            try (Run run = new Run(seed)) {
                run.disk.fullFrom(operation);
                run.go();
                run.settle();
                run.checkAfterPowerCut();
            }
        });
    }

    @Test
    void diskDeadFromEveryOperationOn() throws IOException {
        forEverySeedAndOperation((seed, operation) -> {
            try (Run run = new Run(seed)) {
                run.disk.failFrom(operation);
                run.go();
                run.settle();
                run.checkAfterPowerCut();
            }
        });
    }

    @Test
    void powerCutAfterAFailureAtEveryOperation() throws IOException {
        forEverySeedAndOperation((seed, operation) -> {
            for (int more = 1; more <= 4; more++) {
                try (Run run = new Run(seed)) {
                    run.disk.failAt(operation).cutPowerAt(operation + more);
                    run.go();
                    run.checkAfterPowerCut();
                }
            }
        });
    }

    private interface Attempt {
        void run(long seed, int operation) throws IOException;
    }

    private static void forEverySeedAndOperation(Attempt attempt) throws IOException {
        int firstSeed = ONE_SEED < 0 ? 0 : ONE_SEED;
        int seeds = ONE_SEED < 0 ? SEEDS : 1;
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            int operations;
            try (Run run = new Run(seed)) {
                run.go();
                operations = run.disk.operations();
                assertThat(run.store().segmentsCleaned()).as("the script has old segments cleaned").isPositive();
                run.checkAfterPowerCut();
            }
            for (int operation = 1; operation <= operations + 1; operation++) {
                try {
                    attempt.run(seed, operation);
                } catch (AssertionError | RuntimeException | IOException e) {
                    throw new AssertionError("operation " + operation + " of " + operations + "; again with -Dcrash.seed=" + seed, e);
                }
            }
        }
    }

    /** One course on one disk. */
    private static final class Run implements AutoCloseable {
        private SimulatedDisk disk;
        private final PlatformPool pool = new PlatformPool("files", 1, 100);
        private final RecordingLog log = new RecordingLog();
        private final QueueScript script = new QueueScript(ROUNDS);
        /** What was acknowledged, in order. */
        private final List<Change> durable = new ArrayList<>();
        /** What happened, but could not be written yet. */
        private final List<Change> owed = new ArrayList<>();
        /** What was tried since the last success, owed changes included: any part of it may show after a power cut. */
        private final List<List<Change>> attempts = new ArrayList<>();
        private @Nullable QueueStore store;

        Run(long seed) {
            disk = new SimulatedDisk(seed);
        }

        QueueStore store() {
            return Objects.requireNonNull(store);
        }

        void go() throws IOException {
            try {
                while (store == null) {
                    store = open();
                }
                for (QueueScript.Step step : script.steps()) {
                    step(step);
                }
            } catch (SimulatedDisk.PowerLost e) {
                store = null;
            }
        }

        private @Nullable QueueStore open() {
            try {
                return QueueStore.open(disk.root().resolve("queue"), pool, SMALL, () -> 4711, log);
            } catch (IOException e) {
                disk = disk.restart(); // The operator mends the machine and starts it again.
                return null;
            }
        }

        private void step(QueueScript.Step step) {
            List<Change> batch = new ArrayList<>(owed);
            batch.addAll(step.changes());
            attempts.add(batch);
            int notRecorded = log.events("queue.not-recorded").size();
            try {
                QueueScript.run(store(), step);
            } catch (IOException e) {
                return;
            }
            if (log.events("queue.not-recorded").size() > notRecorded) {
                owed.addAll(step.changes());
                return;
            }
            durable.addAll(batch);
            owed.clear();
            attempts.clear();
        }

        /** The disk works again, and the process goes on: what was said must be so, and all owed is written with the next change. */
        void settle() throws IOException {
            disk.healed();
            List<Change> known = new ArrayList<>(durable);
            known.addAll(owed);
            assertThat(QueueSnapshot.of(store())).as("while running").isEqualTo(model(known));
            step(new QueueScript.Step(List.of(new Change.Delete(new QueueId(999_999))), false));
            assertThat(attempts).isEmpty();
            store().close();
        }

        /** The power goes, and a new process starts, and goes on; and once more. */
        void checkAfterPowerCut() throws IOException {
            SimulatedDisk after = disk.restart();
            Map<Long, String> found = reopen(after);
            List<Map<Long, String>> allowed = allowed();
            assertThat(allowed).as("what is there after the power cut").contains(found);
            SimulatedDisk last = after.restart();
            assertThat(reopen(last)).as("after one more message and power cut").isEqualTo(withOneMore(found));
            assertThat(log.events("queue.damaged")).isEmpty();
        }

        private Map<Long, String> reopen(SimulatedDisk from) throws IOException {
            try (QueueStore next = QueueStore.open(from.root().resolve("queue"), pool, SMALL, () -> 4711, log)) {
                Map<Long, String> found = QueueSnapshot.of(next);
                long fresh = next.nextId().number();
                assertThat(durable.stream().filter(Change.Add.class::isInstance).map(add -> ((Change.Add) add).id().number()))
                        .as("numbers are never used again")
                        .allMatch(used -> used < fresh);
                next.commit(List.of(oneMore()));
                return found;
            }
        }

        private static Map<Long, String> withOneMore(Map<Long, String> found) {
            QueueScript.Model model = new QueueScript.Model();
            model.apply(oneMore());
            Map<Long, String> all = new TreeMap<>(found);
            all.putAll(model.snapshot());
            return all;
        }

        private static Change.Add oneMore() {
            return new Change.Add(
                    new QueueId(500_000),
                    SimulatedDisk.START,
                    SimulatedDisk.START,
                    Letters.to("zoe@example.org"),
                    Letters.HEAD,
                    Letters.content("one more"));
        }

        private List<Map<Long, String>> allowed() {
            List<Map<Long, String>> allowed = new ArrayList<>(List.of(model(durable)));
            for (List<Change> attempt : attempts) {
                for (int part = 1; part <= attempt.size(); part++) {
                    List<Change> changes = new ArrayList<>(durable);
                    changes.addAll(attempt.subList(0, part));
                    allowed.add(model(changes));
                }
            }
            return allowed;
        }

        private static Map<Long, String> model(List<Change> changes) {
            QueueScript.Model model = new QueueScript.Model();
            changes.forEach(model::apply);
            return model.snapshot();
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
