package io.mailserver.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class PlatformPoolTest {
    @Test
    void workRunsOnAPlatformThread() throws Exception {
        try (PlatformPool pool = new PlatformPool("files", 1, 1)) {
            FutureTask<Boolean> asked = onVirtualThread(() -> pool.call(() -> Thread.currentThread().isVirtual()));
            assertThat(asked.get()).isFalse();
        }
    }

    @Test
    void exceptionsOfTheWorkReachTheCallerAsTheyAre() {
        try (PlatformPool pool = new PlatformPool("files", 1, 1)) {
            FileNotFoundException trouble = new FileNotFoundException("x");
            assertThatThrownBy(() -> pool.call(() -> {
                        throw trouble;
                    }))
                    .isSameAs(trouble);
        }
    }

    @Test
    void aFullQueueRefusesAtOnceAndLaterAcceptsAgain() throws Exception {
        try (PlatformPool pool = new PlatformPool("files", 1, 1)) {
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch running = new CountDownLatch(1);
            FutureTask<String> first = onVirtualThread(() -> pool.call(() -> {
                running.countDown();
                release.await();
                return "first";
            }));
            running.await();
            FutureTask<String> second = onVirtualThread(() -> pool.call(() -> "second"));
            while (pool.waiting() == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> pool.call(() -> "third")).isInstanceOf(PlatformPool.OverloadedException.class);
            assertThat(pool.refusals()).isEqualTo(1);
            release.countDown();
            assertThat(first.get()).isEqualTo("first");
            assertThat(second.get()).isEqualTo("second");
            assertThat(pool.<String, Exception>call(() -> "fourth")).isEqualTo("fourth");
        }
    }

    @Test
    void workMadeOfPiecesDoesNotWaitForItself() throws Exception {
        try (PlatformPool pool = new PlatformPool("files", 1, 1)) {
            String nested = pool.<String, Exception>call(() -> pool.<String, Exception>call(() -> "inner"));
            assertThat(nested).isEqualTo("inner");
        }
    }

    @Test
    void anInterruptedCallerStillLearnsTheOutcome() throws Exception {
        try (PlatformPool pool = new PlatformPool("files", 1, 1)) {
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch running = new CountDownLatch(1);
            boolean[] interruptedAfter = new boolean[1];
            FutureTask<String> asked = new FutureTask<>(() -> {
                String outcome = pool.call(() -> {
                    running.countDown();
                    release.await();
                    return "done";
                });
                interruptedAfter[0] = Thread.currentThread().isInterrupted();
                return outcome;
            });
            Thread caller = Thread.ofVirtual().start(asked);
            running.await();
            caller.interrupt();
            release.countDown();
            assertThat(asked.get()).isEqualTo("done");
            assertThat(interruptedAfter[0]).isTrue();
        }
    }

    @Test
    void aClosedPoolRefuses() {
        PlatformPool pool = new PlatformPool("files", 1, 1);
        pool.close();
        assertThatThrownBy(() -> pool.call(() -> "late")).isInstanceOf(PlatformPool.OverloadedException.class);
    }

    private static <T> FutureTask<T> onVirtualThread(java.util.concurrent.Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
