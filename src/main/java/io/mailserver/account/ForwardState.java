package io.mailserver.account;

import java.time.Instant;
import java.util.Optional;

/**
 * How it goes with mail that is forwarded to one address.
 *
 * @param failures messages in a row that could not be delivered there
 * @param firstFailure when the first of them was given up
 * @param reason what the other server said last
 * @param suspended since when nothing is forwarded there any more
 */
public record ForwardState(Forward forward, int failures, Instant firstFailure, String reason, Optional<Instant> suspended) {}
