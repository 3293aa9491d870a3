package io.mailserver.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.jspecify.annotations.Nullable;

/**
 * kill -9 under load: 50 clients send numbered messages, the server's process is killed in the middle and started again on the same
 * data, several times. Each message that got its 250 must then be there exactly once, every other at most once.
 *
 * <p>Ten seconds of load in all, or {@code -Dkill.seconds=60}.
 */
@Tag("kill")
@Isolated("it takes the whole machine")
class KillTest {
    private static final int KILLS = 3;
    private static final int CLIENTS = 50;
    private static final int MAILBOXES = 5;
    private static final int OCTETS = 4 << 10;
    private static final int FEWEST_MESSAGES = 50;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyAcceptedMessageSurvivesOnceWhenTheProcessIsKilled() throws Exception {
        long roundMillis = TimeUnit.SECONDS.toMillis(Integer.getInteger("kill.seconds", 10)) / (KILLS + 1);
        Path data = folder.resolve("data");
        Ledger ledger = new Ledger("kill");
        try (SystemTime time = new SystemTime()) {
            ThisServer server = ThisServer.startNew(command(), data, MAILBOXES);
            for (int kill = 1; kill <= KILLS; kill++) {
                int before = ledger.acceptedCount();
                killUnderLoad(server, ledger, roundMillis, time);
                assertThat(ledger.acceptedCount() - before).as("messages accepted before kill %d", kill)
                        .isGreaterThan(FEWEST_MESSAGES);
                server = ThisServer.start(command(), data, 0, MAILBOXES);
            }
            // The survivor of all this still takes mail, and stops in order.
            LoadResult last = new SmtpLoad(server.smtp(), plan(roundMillis), ledger, MAILBOXES, time).run();
            server.close();
            assertThat(last.failures()).isEmpty();
            assertThat(last.accepted()).isPositive();
        }
        Census census = Census.take(ThisServer.maildirs(data, MAILBOXES), ledger.run());
        String books = "%d kills, %d messages begun, %d accepted, %d on disk"
                .formatted(KILLS, ledger.begun(), ledger.acceptedCount(), census.files());
        System.out.println(books);
        assertThat(ledger.compare(census)).as(books).isEmpty();
    }

    private static void killUnderLoad(ThisServer server, Ledger ledger, long millis, SystemTime time) throws Exception {
        SmtpLoad load = new SmtpLoad(server.smtp(), plan(Duration.ofMinutes(5).toMillis()), ledger, MAILBOXES, time);
        AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
        Thread clients = Thread.ofPlatform().name("clients").uncaughtExceptionHandler((thread, thrown) -> trouble.set(thrown))
                .start(() -> {
                    try {
                        load.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        clients.join(millis);
        server.kill();
        load.stop();
        clients.join();
        assertThat(trouble.get()).isNull();
    }

    private static LoadPlan plan(long millis) {
        return LoadPlan.kept(CLIENTS, OCTETS, Duration.ofMillis(millis));
    }

    /** What the launcher runs, but from the classes this test was compiled with. */
    static List<String> command() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders", "-Xmx256m", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), "io.mailserver.app.Main");
    }
}
