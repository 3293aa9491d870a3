package io.mailserver.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.jspecify.annotations.Nullable;

/**
 * kill -9 of a server that sends: its users hand in numbered messages, a sink takes them, the process is killed in the middle and started
 * again on the same data, many times. Each message that got its 250 then arrives; twice at most one for each connection to the sink that
 * was open at a kill (docs/decisions/0701-sending.md).
 *
 * <p>3 kills, each after 50 more messages, or {@code -Dkill.queue=50 -Dkill.queue.messages=200}.
 */
@Tag("kill")
@Isolated("it takes the whole machine")
class QueueKillTest {
    private static final int CLIENTS = 10;
    private static final int OCTETS = 4 << 10;
    private static final Duration WAIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everyAcceptedMessageArrivesWhateverIsKilled() throws Exception {
        int kills = Integer.getInteger("kill.queue", 3);
        int each = Integer.getInteger("kill.queue.messages", 50);
        int messages = kills * each;
        Path data = folder.resolve("data");
        Ledger ledger = new Ledger("queuekill");
        // Numbers whose answer a kill cut off are never used again, so there are more numbers than messages.
        int numbers = 2 * messages + kills * CLIENTS;
        int exposed = 0;
        try (Sink sink = Sink.start(numbers, number -> false)) {
            String more = RelayBench.configuration("sink.test", sink.address().getPort());
            ThisServer server = ThisServer.startNew(KillTest.command(), data, 1, more);
            for (int kill = 1; kill <= kills; kill++) {
                exposed += killInTheMiddle(server, sink, ledger, each, numbers);
                server = ThisServer.start(KillTest.command(), data, 0, 1, more);
            }
            await().atMost(WAIT).until(() -> missing(ledger, sink) == 0);
            server.close();
            int twice = 0;
            for (int number = 0; number < ledger.begun(); number++) {
                twice += Math.max(0, sink.copies(number) - 1);
            }
            String books = "%d kills, %d messages begun, %d accepted, %d arrived, %d once more than needed, %d connections open at kills"
                    .formatted(kills, ledger.begun(), ledger.acceptedCount(), sink.distinct(), twice, exposed);
            System.out.println(books);
            assertThat(ledger.acceptedCount()).as(books).isGreaterThanOrEqualTo(messages);
            assertThat(exposed).as(books).isPositive();
            assertThat(twice).as(books).isLessThanOrEqualTo(exposed);
        }
    }

    /** How many connections to the sink were open at that moment. */
    private static int killInTheMiddle(ThisServer server, Sink sink, Ledger ledger, int each, int numbers) throws Exception {
        OutgoingLoad load = new OutgoingLoad(server::submission, true, OCTETS, ledger, number -> "user@sink.test");
        AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
        Thread clients = Thread.ofPlatform().name("clients").uncaughtExceptionHandler((thread, thrown) -> trouble.set(thrown))
                .start(() -> {
                    try {
                        load.run(CLIENTS, numbers);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        int enough = ledger.acceptedCount() + each;
        await().atMost(WAIT).pollInterval(Duration.ofMillis(1)).until(() -> ledger.acceptedCount() >= enough || trouble.get() != null);
        int exposed = sink.connections();
        server.kill();
        load.stop();
        clients.join();
        assertThat(trouble.get()).isNull();
        return exposed;
    }

    private static long missing(Ledger ledger, Sink sink) {
        return ledger.acceptedNumbers().stream().filter(number -> sink.copies(number) == 0).count();
    }
}
