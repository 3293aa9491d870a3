package io.mailserver.account;

import io.mailserver.config.AuthConfig;
import java.time.Duration;

/**
 * When guessing passwords is slowed down and stopped. Failures count for the client's network (an IPv4 address or an IPv6 /64) and
 * for the name it tried, whether or not somebody has that name.
 *
 * @param freeFailures how many failures are answered at once; each further one waits longer
 * @param firstDelay of the first slowed answer; each further one takes twice as long
 * @param maxDelay the longest delay
 * @param accountFailures failures for one name that lock it
 * @param addressFailures failures from one network that lock it
 * @param lockedFor how long a lock lasts
 * @param forgottenAfter after so long without a failure, those before no longer count
 */
public record LoginLimits(
        int freeFailures,
        Duration firstDelay,
        Duration maxDelay,
        int accountFailures,
        int addressFailures,
        Duration lockedFor,
        Duration forgottenAfter) {
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    /** Shorter than what a stopping server waits for its sessions. */
    private static final Duration MAX_DELAY = Duration.ofSeconds(4);

    public LoginLimits {
        if (freeFailures < 0 || accountFailures < 1 || addressFailures < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** The limits of a configuration. */
    public static LoginLimits of(AuthConfig config) {
        return new LoginLimits(
                config.failuresBeforeDelay(),
                FIRST_DELAY,
                MAX_DELAY,
                config.failuresPerAccount(),
                config.failuresPerAddress(),
                config.lockedFor(),
                config.forgetFailuresAfter());
    }

    /** How long the answer to the {@code failures}th failure waits. */
    Duration delay(int failures) {
        int slowed = failures - freeFailures;
        if (slowed <= 0) {
            return Duration.ZERO;
        }
        Duration delay = firstDelay.multipliedBy(1L << Math.min(slowed - 1, 20));
        return delay.compareTo(maxDelay) > 0 ? maxDelay : delay;
    }
}
