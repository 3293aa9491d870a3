package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.store.AccountKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The saving of what was learned cut by a power cut, or met by a failing disk, at every file operation in turn: each table is afterwards
 * as it was before or as it is now, never half of it, and the server goes on learning.
 */
class LearningCrashTest {
    private static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");
    private static final int SEEDS = Integer.getInteger("crash.seeds", 2);

    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final RecordingLog log = new RecordingLog();
    private PlatformPool files = new PlatformPool("files", 1, 100);

    @AfterEach
    void close() {
        files.close();
    }

    @Test
    void powerCutAtEveryOperation() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            int operations = operations(seed);
            assertThat(operations).isGreaterThan(6);
            for (int operation = 1; operation <= operations + 1; operation++) {
                SimulatedDisk disk = taughtOnce(seed);
                Learning learning = open(disk);
                teach(learning);
                disk.cutPowerAt(disk.operations() + operation);
                boolean saved = save(learning);
                assertThat(saved).isEqualTo(operation > operations);
                disk = disk.restart();
                files.close();
                files = new PlatformPool("files", 1, 100);
                check(disk, saved, "power cut at operation " + operation + " of " + operations + ", seed " + seed);
            }
        }
    }

    @Test
    void failureAtEveryOperation() throws Exception {
        int operations = operations(0);
        for (int operation = 1; operation <= operations; operation++) {
            SimulatedDisk disk = taughtOnce(0);
            Learning learning = open(disk);
            teach(learning);
            disk.failAt(disk.operations() + operation);
            save(learning);
            disk.healed();
            learning.save();
            check(disk, true, "failure at operation " + operation + " of " + operations);
        }
    }

    private int operations(long seed) throws IOException {
        SimulatedDisk disk = taughtOnce(seed);
        Learning learning = open(disk);
        teach(learning);
        int before = disk.operations();
        learning.save();
        return disk.operations() - before;
    }

    private SimulatedDisk taughtOnce(long seed) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(seed);
        Files.createDirectories(disk.root().resolve("alice"));
        Learning learning = open(disk);
        teach(learning);
        learning.save();
        return disk;
    }

    private Learning open(SimulatedDisk disk) {
        Path root = disk.root();
        return Learning.open(new Learning.Parts(root, account -> root.resolve("alice"), files, time, log));
    }

    private static void teach(Learning learning) throws IOException {
        Tokens tokens = new Tokens();
        tokens.text("body", "marvellous pills for everybody");
        learning.taught(Optional.empty(), tokens, true);
        learning.taught(Optional.of(ALICE), tokens, true);
    }

    private static boolean save(Learning learning) {
        try {
            learning.save();
            return true;
        } catch (SimulatedDisk.PowerLost e) {
            return false;
        }
    }

    private void check(SimulatedDisk disk, boolean saved, String when) throws IOException {
        Learning learning = open(disk);
        int server = learning.server().statistics().spamMessages();
        int alice = learning.of(ALICE).orElseThrow().statistics().spamMessages();
        assertThat(server).as(when).isBetween(saved ? 2 : 1, 2);
        assertThat(alice).as(when).isBetween(saved ? 2 : 1, 2);
        assertThat(log.events("spam.learned-lost")).as(when).isEmpty();
        teach(learning);
        learning.save();
        assertThat(open(disk).server().statistics().spamMessages()).as(when).isEqualTo(server + 1);
    }
}
