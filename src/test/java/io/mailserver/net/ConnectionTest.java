package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailserver.simulation.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final byte[] GOODBYE = "421 4.4.2 Timeout\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Reaper reaper = new Reaper(time);

    @Test
    void overdueReadEndsAndGoodbyeIsStillSent() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            connection.deadline(Duration.ofMinutes(5));
            Future<Integer> read = inThread(() -> connection.in().read());
            awaitReading(connection);

            time.advance(Duration.ofMinutes(5).minusSeconds(1));
            assertThat(read.isDone()).isFalse();
            time.advance(Duration.ofSeconds(1).plus(Reaper.SWEEP));

            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
            assertThat(connection.endOfInput()).isEqualTo(EndOfInput.TIMED_OUT);
            sayGoodbye(connection);
            assertThat(pair.client().getInputStream().readAllBytes()).isEqualTo(GOODBYE);
        }
    }

    @Test
    void dripDoesNotStretchTheDeadline() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            connection.deadline(Duration.ofSeconds(10));
            for (int second = 0; second < 10; second++) {
                pair.client().getOutputStream().write('x');
                assertThat(connection.in().read()).isEqualTo('x');
                time.advance(Duration.ofSeconds(1));
            }
            pair.client().getOutputStream().write('x');

            assertThat(connection.in().read()).isEqualTo(-1);
            assertThat(connection.endOfInput()).isEqualTo(EndOfInput.TIMED_OUT);
        }
    }

    @Test
    void busySessionIsNotEndedByItsDeadline() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            connection.deadline(Duration.ofSeconds(10));
            time.advance(Duration.ofMinutes(10));
            pair.client().getOutputStream().write('x');
            connection.deadline(Duration.ofSeconds(10));

            assertThat(connection.in().read()).isEqualTo('x');
            assertThat(connection.endOfInput()).isEqualTo(EndOfInput.NONE);
        }
    }

    @Test
    void stalledWriteIsClosedHard() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            connection.writeDeadline(Duration.ofMinutes(1));
            Future<Integer> writer = inThread(() -> writeUntilFull(connection));

            letTimePassUntilDone(writer, Duration.ofMinutes(1));

            assertThatThrownBy(() -> writer.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void stalledGoodbyeIsClosedHardAfterTheGrace() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            connection.interruptInput(EndOfInput.SERVER_STOPPING);
            Future<Integer> writer = inThread(() -> writeUntilFull(connection));

            letTimePassUntilDone(writer, Reaper.GRACE);

            assertThatThrownBy(() -> writer.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void interruptEndsAWaitingReadAtOnce() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            Future<Integer> read = inThread(() -> connection.in().read());
            awaitReading(connection);

            connection.interruptInput(EndOfInput.SERVER_STOPPING);

            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
            assertThat(connection.endOfInput()).isEqualTo(EndOfInput.SERVER_STOPPING);
        }
    }

    @Test
    void peersCloseIsTheEndOfInput() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            pair.client().close();

            assertThat(connection.in().read()).isEqualTo(-1);
            assertThat(connection.endOfInput()).isEqualTo(EndOfInput.PEER_CLOSED);
        }
    }

    @Test
    void stopLetsATransferGoOnAndEndsTheInputAfterIt() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            connection.inTransfer(true);
            connection.requestStop();
            pair.client().getOutputStream().write('x');
            assertThat(connection.in().read()).isEqualTo('x');

            connection.inTransfer(false);

            assertThat(connection.in().read()).isEqualTo(-1);
            assertThat(connection.endOfInput()).isEqualTo(EndOfInput.SERVER_STOPPING);
        }
    }

    @Test
    void closingOverUnreadInputDoesNotLoseTheLastReply() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            pair.client().getOutputStream().write(new byte[10_000]);
            await().until(() -> connection.in().available() == 10_000);
            sayGoodbye(connection);
            assertThat(pair.client().getInputStream().readAllBytes()).isEqualTo(GOODBYE);
        }
    }

    @Test
    void withoutConnectionsNoSweepIsScheduled() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            Connection.over(pair.server(), reaper).close();
            time.advance(Reaper.SWEEP);
            assertThat(reaper.isSweeping()).isFalse();
        }
    }

    private static void sayGoodbye(Connection connection) throws IOException {
        try (connection) {
            connection.out().write(GOODBYE);
        }
    }

    private static Integer writeUntilFull(Connection connection) throws IOException {
        byte[] block = new byte[64 * 1024];
        while (true) {
            connection.out().write(block);
        }
    }

    private static void awaitReading(Connection connection) {
        await().until(connection::waitsForInput);
    }

    /** The kernel takes some writes at first; time goes on until one is stuck and ended. */
    private void letTimePassUntilDone(Future<?> writer, Duration step) {
        await().until(() -> {
            time.advance(step);
            return writer.isDone();
        });
    }

    private static <T> Future<T> inThread(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofVirtual().start(future);
        return future;
    }
}
