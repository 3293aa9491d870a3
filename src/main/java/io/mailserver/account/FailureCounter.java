package io.mailserver.account;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The failures of one network or one name. The same wrong password again is no further guess: a phone that does not know the new
 * password must not lock its owner out; but it cannot go on for ever either. Guarded by the lock of {@link LoginThrottle}.
 */
final class FailureCounter {
    private static final int REMEMBERED_GUESSES = 4;

    /** So many times the limit of guesses may be tried with passwords that were tried before. */
    private static final int REPEATS_PER_GUESS = 10;

    private final int maxFailures;
    private final LoginLimits limits;
    private final Deque<ByteBuffer> lastGuesses = new ArrayDeque<>(REMEMBERED_GUESSES);
    private int failures;
    private int attempts;
    private long lastFailureNanos;
    private boolean locked;
    private long lockedAtNanos;

    FailureCounter(int maxFailures, LoginLimits limits) {
        this.maxFailures = maxFailures;
        this.limits = limits;
    }

    /** How much longer it is locked; empty if it is not. */
    Optional<Duration> lockedFor(long nowNanos) {
        if (!locked) {
            return Optional.empty();
        }
        Duration left = limits.lockedFor().minusNanos(nowNanos - lockedAtNanos);
        if (left.isZero() || left.isNegative()) {
            reset();
            return Optional.empty();
        }
        return Optional.of(left);
    }

    /**
     * Notes a failure and returns how many count.
     *
     * @param guess stands for name and password; equal for equal ones
     */
    int failed(ByteBuffer guess, long nowNanos) {
        if (attempts > 0 && nowNanos - lastFailureNanos >= limits.forgottenAfter().toNanos()) {
            reset();
        }
        lastFailureNanos = nowNanos;
        attempts++;
        if (!lastGuesses.contains(guess)) {
            failures++;
            if (lastGuesses.size() == REMEMBERED_GUESSES) {
                lastGuesses.removeFirst();
            }
            lastGuesses.addLast(guess);
        }
        if (!locked && (failures >= maxFailures || attempts >= maxFailures * REPEATS_PER_GUESS)) {
            locked = true;
            lockedAtNanos = nowNanos;
        }
        return failures;
    }

    private void reset() {
        failures = 0;
        attempts = 0;
        locked = false;
        lastGuesses.clear();
    }
}
