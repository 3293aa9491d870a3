package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.ManualTime;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
    private static final String ALICE = "alice@example.com";
    private static final int ACCOUNT_FAILURES = 10;
    private static final int ADDRESS_FAILURES = 20;

    private final ManualTime time = new ManualTime(Instant.EPOCH);
    private final LoginThrottle throttle = new LoginThrottle(Fixture.LIMITS, time);
    private int guesses;

    @Test
    void theTenthGuessLocksTheName() {
        for (int i = 1; i < ACCOUNT_FAILURES; i++) {
            assertThat(guess(ALICE, "192.0.2." + i).accountLocked()).isFalse();
        }
        assertThat(throttle.lockedFor(ALICE, ip("198.51.100.1"))).isEmpty();
        assertThat(guess(ALICE, "192.0.2.99").accountLocked()).isTrue();
        assertThat(throttle.lockedFor(ALICE, ip("198.51.100.1"))).contains(Duration.ofMinutes(15));
        assertThat(throttle.lockedFor("bob@example.com", ip("192.0.2.99"))).isEmpty();
    }

    @Test
    void theTwentiethGuessLocksTheNetwork() {
        for (int i = 1; i < ADDRESS_FAILURES; i++) {
            assertThat(guess("user" + i, "192.0.2.1").networkLocked()).isFalse();
        }
        assertThat(guess("another", "192.0.2.1").networkLocked()).isTrue();
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.1"))).isPresent();
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.2"))).isEmpty();
    }

    @Test
    void anIpv6NetworkIsOneClient() {
        for (int i = 0; i < ADDRESS_FAILURES; i++) {
            guess("user" + i, "2001:db8:1:2::" + i);
        }
        assertThat(throttle.lockedFor(ALICE, ip("2001:db8:1:2:ffff:ffff:ffff:ffff"))).isPresent();
        assertThat(throttle.lockedFor(ALICE, ip("2001:db8:1:3::1"))).isEmpty();
        assertThat(throttle.locked()).extracting(LoginThrottle.Locked::what).containsExactly("2001:db8:1:2:0:0:0:0/64");
        assertThat(throttle.unlockAddress(ip("2001:db8:1:2::5"))).isTrue();
        assertThat(throttle.lockedFor(ALICE, ip("2001:db8:1:2::1"))).isEmpty();
    }

    @Test
    void aLockLastsExactlyItsTimeAndGuessesDoNotProlongIt() {
        for (int i = 0; i < ACCOUNT_FAILURES; i++) {
            guess(ALICE, "192.0.2.1");
        }
        time.advance(Duration.ofMinutes(10));
        guess(ALICE, "192.0.2.1");
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.1"))).contains(Duration.ofMinutes(5));
        time.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.1"))).contains(Duration.ofNanos(1));
        time.advance(Duration.ofNanos(1));
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.1"))).isEmpty();
        assertThat(guess(ALICE, "192.0.2.1").failures()).as("of the network").isEqualTo(12);
    }

    @Test
    void failuresAreForgottenAfterAQuietTime() {
        for (int i = 1; i < ACCOUNT_FAILURES; i++) {
            guess(ALICE, "192.0.2.1");
        }
        time.advance(Duration.ofMinutes(15).minusNanos(1));
        assertThat(guess(ALICE, "192.0.2.1").accountLocked()).isTrue();
        throttle.unlockAccount(ALICE);
        guess(ALICE, "192.0.2.2");
        time.advance(Duration.ofMinutes(15));
        assertThat(guess(ALICE, "192.0.2.2").failures()).isEqualTo(1);
    }

    @Test
    void theSameWrongPasswordAgainIsNoGuess() {
        for (int i = 0; i < 99; i++) {
            assertThat(fail(ALICE, "192.0.2.1", "old password").failures()).isEqualTo(1);
        }
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.1"))).isEmpty();
    }

    @Test
    void theSameWrongPasswordForEverIsStoppedToo() {
        for (int i = 0; i < 10 * ACCOUNT_FAILURES; i++) {
            fail(ALICE, "192.0.2.1", "old password");
        }
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.1"))).isPresent();
    }

    @Test
    void guessesFromElsewhereDoNotLockAUserOutWhereSheWorks() {
        throttle.succeeded(ALICE, ip("192.0.2.1"));
        for (int i = 0; i < ACCOUNT_FAILURES; i++) {
            guess(ALICE, "198.51.100." + i);
        }
        assertThat(throttle.lockedFor(ALICE, ip("198.51.100.77"))).isPresent();
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.1"))).isEmpty();
        time.advance(Duration.ofDays(30));
        for (int i = 0; i < ACCOUNT_FAILURES; i++) {
            guess(ALICE, "198.51.100." + i);
        }
        assertThat(throttle.lockedFor(ALICE, ip("192.0.2.1"))).as("a place of long ago").isPresent();
    }

    @Test
    void aSuccessForgetsTheNamesFailuresButNotTheNetworks() {
        for (int i = 1; i < ACCOUNT_FAILURES; i++) {
            guess(ALICE, "192.0.2.1");
        }
        throttle.succeeded(ALICE, ip("192.0.2.1"));
        LoginThrottle.Failure next = guess(ALICE, "192.0.2.1");
        assertThat(next.accountLocked()).isFalse();
        assertThat(next.failures()).isEqualTo(ACCOUNT_FAILURES);
    }

    @Test
    void delaysDoubleUpToTheirLimit() {
        assertThat(IntStream.of(0, 1, 3, 4, 5, 6, 7, 1_000_000).mapToObj(Fixture.LIMITS::delay))
                .containsExactly(
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(4));
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < 25_000; i++) {
            guess("user" + i, "10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256);
        }
        assertThat(throttle.remembered()).isEqualTo(40_000);
    }

    private LoginThrottle.Failure guess(String name, String client) {
        return fail(name, client, "guess " + guesses++);
    }

    private LoginThrottle.Failure fail(String name, String client, String password) {
        return throttle.failed(name, ip(client), ByteBuffer.wrap((name + " " + password).getBytes(StandardCharsets.UTF_8)));
    }

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
