package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Deliveries on a disk that fails, fills up or loses power at EVERY operation in turn, to new mailboxes and to used ones, to one and to
 * three, with and without hard links. What must hold (DESIGN invariants 1 and 2):
 *
 * <ul>
 *   <li>250 was said: after any power cut the message is in every mailbox, once, with all its octets and its time.
 *   <li>4xx was said: the message is in no mailbox, now and after a power cut.
 *   <li>Nothing was said, as the power went before: the message is in each mailbox once or not at all, and never in part.
 *   <li>Whatever happened, messages acknowledged before are there, once, and the next delivery works.
 * </ul>
 *
 * <p>{@code ./dev test DeliveryCrashTest -Dcrash.seeds=40} tries so many choices of what an unforced disk keeps (a minute; with
 * hundreds add {@code -Djunit.jupiter.execution.timeout.mode=disabled}); {@code -Dcrash.seed=17} repeats one.
 */
// Every operation times every operation: a busy machine needs more than the two minutes of other tests.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DeliveryCrashTest {
    private static final int SEEDS = Integer.getInteger("crash.seeds", 2);
    private static final int ONE_SEED = Integer.getInteger("crash.seed", -1);
    private static final String EARLIER = "Subject: earlier\r\n\r\n" + "e".repeat(700) + "\r\n";
    private static final String MESSAGE = "Subject: this one\r\n\r\n" + "m".repeat(1500) + "\r\n";
    private static final String LATER = "Subject: later\r\n\r\nl\r\n";

    /**
     * @param mailboxes who gets the message
     * @param used whether they have had mail before in this process
     * @param links whether the disk has hard links
     */
    record Scenario(List<String> mailboxes, boolean used, boolean links) {
        SimulatedDisk disk(long seed) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            return links ? disk : disk.withoutLinks();
        }
    }

    static Stream<Scenario> scenarios() {
        List<String> one = List.of("alice");
        List<String> three = List.of("alice", "bob", "carol");
        return Stream.of(
                new Scenario(one, true, true),
                new Scenario(one, false, true),
                new Scenario(three, true, true),
                new Scenario(three, false, true),
                new Scenario(three, true, false));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void powerCutAtEveryOperation(Scenario scenario) throws IOException {
        forEverySeedAndOperation(scenario, (seed, operation) -> {
            try (Run run = new Run(scenario, seed)) {
                run.disk.cutPowerAt(run.disk.operations() + operation);
                run.deliver();
                run.checkAfterPowerCut();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void failureAtEveryOperation(Scenario scenario) throws IOException {
        forEverySeedAndOperation(scenario, (seed, operation) -> {
            try (Run run = new Run(scenario, seed)) {
                run.disk.failAt(run.disk.operations() + operation);
                run.deliver();
                run.checkWhileRunning();
                run.checkAfterPowerCut();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void diskFullFromEveryOperationOn(Scenario scenario) throws IOException {
        forEverySeedAndOperation(scenario, (seed, operation) -> {
            try (Run run = new Run(scenario, seed)) {
                run.disk.fullFrom(run.disk.operations() + operation);
                run.deliver();
                run.checkWhileRunning();
                run.checkAfterPowerCut();
            }
        });
    }

    /** Taking back needs the disk too: when that is gone for good, the operator is told where a message may show. */
    @ParameterizedTest
    @MethodSource("scenarios")
    void diskDeadFromEveryOperationOn(Scenario scenario) throws IOException {
        forEverySeedAndOperation(scenario, (seed, operation) -> {
            try (Run run = new Run(scenario, seed)) {
                run.disk.failFrom(run.disk.operations() + operation);
                run.deliver();
                boolean told = !run.world.log.events("store.not-taken-back").isEmpty();
                run.disk.healed();
                boolean accepted = run.reply.orElseThrow().isPositive();
                if (accepted || !told) {
                    run.checkWhileRunning();
                }
            }
        });
    }

    /** The power goes while a failed delivery is being taken back, or right after its 4xx. */
    @ParameterizedTest
    @MethodSource("scenarios")
    void powerCutAtEveryOperationAfterAFailureAtEveryOperation(Scenario scenario) throws IOException {
        forEverySeedAndOperation(scenario, (seed, failing) -> {
            int more = 0;
            boolean cut = true;
            while (cut) {
                more++;
                try (Run run = new Run(scenario, seed)) {
                    int before = run.disk.operations();
                    run.disk.failAt(before + failing).cutPowerAt(before + failing + more);
                    run.deliver();
                    cut = run.reply.isEmpty();
                    run.checkAfterPowerCut();
                }
            }
        });
    }

    private interface Attempt {
        void run(long seed, int operation) throws IOException;
    }

    /** Counts the operations of a delivery without faults, then tries each, and one more: right after the answer. */
    private static void forEverySeedAndOperation(Scenario scenario, Attempt attempt) throws IOException {
        int firstSeed = ONE_SEED < 0 ? 0 : ONE_SEED;
        int seeds = ONE_SEED < 0 ? SEEDS : 1;
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            int operations;
            try (Run run = new Run(scenario, seed)) {
                int before = run.disk.operations();
                run.deliver();
                operations = run.disk.operations() - before;
                run.checkAfterPowerCut();
                assertThat(run.reply).as("without faults").map(Reply::code).contains(250);
            }
            assertThat(operations).isGreaterThanOrEqualTo(6);
            for (int operation = 1; operation <= operations + 1; operation++) {
                try {
                    attempt.run(seed, operation);
                } catch (AssertionError e) {
                    throw new AssertionError(
                            scenario + ", operation " + operation + " of " + operations + "; again with: ./dev test DeliveryCrashTest "
                                    + "-Dcrash.seed=" + seed,
                            e);
                }
            }
        }
    }

    /** One delivery on one disk. */
    private static final class Run implements AutoCloseable {
        private final Scenario scenario;
        private final SimulatedDisk disk;
        private final IntakeWorld world;
        private Optional<Reply> reply = Optional.empty();

        Run(Scenario scenario, long seed) throws IOException {
            this.scenario = scenario;
            this.disk = scenario.disk(seed);
            this.world = new IntakeWorld(disk.root(), 0);
            if (scenario.used()) {
                assertThat(world.deliver(envelope(), EARLIER).code()).isEqualTo(250);
            }
        }

        /** Delivers until there is an answer, or no power. */
        void deliver() throws IOException {
            try {
                reply = Optional.of(world.deliver(envelope(), MESSAGE));
            } catch (SimulatedDisk.PowerLost e) {
                reply = Optional.empty();
            }
        }

        /** The process goes on, on a disk that works again: what was said must be so, and the sender's next try must work. */
        void checkWhileRunning() throws IOException {
            disk.healed();
            check(disk.root());
            boolean accepted = reply.orElseThrow().isPositive();
            if (!accepted) {
                assertThat(world.deliver(envelope(), MESSAGE).code()).as("second try").isEqualTo(250);
                reply = Optional.of(Reply.of(250, "2.0.0", "second try"));
                check(disk.root());
            }
        }

        /** The power goes, and a new process starts. */
        void checkAfterPowerCut() throws IOException {
            SimulatedDisk after = disk.restart();
            check(after.root());
            try (IntakeWorld next = new IntakeWorld(after.root(), 0, 2, world.databases.afterPowerCut(new Random(disk.operations())))) {
                assertThat(next.deliver(envelope(), LATER).code()).as("delivery after the restart").isEqualTo(250);
            }
            check(after.root());
            SimulatedDisk last = after.restart();
            check(last.root());
            for (String mailbox : scenario.mailboxes()) {
                assertThat(copies(last.root(), mailbox, LATER)).isEqualTo(1);
            }
        }

        private void check(Path data) throws IOException {
            for (String mailbox : scenario.mailboxes()) {
                assertThat(copies(data, mailbox, EARLIER))
                        .as("%s: mail acknowledged before", mailbox)
                        .isEqualTo(scenario.used() ? 1 : 0);
                int copies = copies(data, mailbox, MESSAGE);
                if (reply.isEmpty()) {
                    assertThat(copies).as("%s: no answer was given", mailbox).isBetween(0, 1);
                } else {
                    assertThat(copies)
                            .as("%s: the answer was %s", mailbox, reply.get())
                            .isEqualTo(reply.get().isPositive() ? 1 : 0);
                }
            }
        }

        /** How often the message is there; fails for a file that is none of the three messages in full. */
        private static int copies(Path data, String mailbox, String message) throws IOException {
            int copies = 0;
            for (Path file : visible(data, mailbox)) {
                String octets = Files.readString(file);
                assertThat(Stream.of(EARLIER, MESSAGE, LATER).filter(octets::endsWith))
                        .as("whole messages only, but %s has %s octets", file, octets.length())
                        .hasSize(1);
                assertThat(octets).startsWith("Return-Path: <sender@example.net>\r\n");
                assertThat(file.getFileName().toString()).contains(",S=" + octets.length() + ",W=" + octets.length());
                assertThat(Files.getLastModifiedTime(file).toInstant().getEpochSecond())
                        .isEqualTo(new ManualTime(SimulatedDisk.START).now().getEpochSecond());
                if (octets.endsWith(message)) {
                    copies++;
                }
            }
            return copies;
        }

        private static List<Path> visible(Path data, String mailbox) throws IOException {
            List<Path> files = new ArrayList<>(IntakeWorld.inbox(data, mailbox));
            Path cur = data.resolve("accounts/example.com").resolve(mailbox).resolve("Maildir/cur");
            if (Files.isDirectory(cur)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(cur)) {
                    entries.forEach(files::add);
                }
            }
            return files;
        }

        private Envelope envelope() {
            return IntakeWorld.envelope(scenario.mailboxes().toArray(String[]::new));
        }

        @Override
        public void close() {
            world.close();
        }
    }
}
