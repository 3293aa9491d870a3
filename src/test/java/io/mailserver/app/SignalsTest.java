package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {
    @Test
    void runsTheActionWhenTheSignalComes() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        assumeTrue(Signals.on("WINCH", came::countDown), "needs Unix signals");
        new ProcessBuilder("kill", "-WINCH", Long.toString(ProcessHandle.current().pid())).start().waitFor();
        assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysWhenASignalCannotBeHad() {
        assertThat(Signals.on("NOSUCH", () -> {})).isFalse();
    }
}
