package io.mailserver.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The authority did not give what was asked for. The message is for people and says why. */
public final class AcmeException extends Exception {
    private final Optional<Instant> retryAfter;

    /** @param retryAfter before when the authority does not want to be asked again */
    AcmeException(String message, Optional<Instant> retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** Before when the authority does not want to be asked again. */
    public Optional<Instant> retryAfter() {
        return retryAfter;
    }
}
