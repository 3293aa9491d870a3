package io.mailserver.sasl;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Checks a user name and password. Implemented by the account directory, and by mini-smtp for its file of users. Safe for use by any
 * thread; may block for the time of one password hash, also for users that do not exist.
 */
public interface PasswordVerifier {
    /**
     * @param userName as the client gave it, before any normalization
     * @param password after SASLprep at the implementation's side; never logged
     * @param client where the attempt comes from, for slowing down guesses
     */
    Outcome verify(String userName, String password, InetAddress client);

    /** What SCRAM needs; empty where it is not offered. */
    default Optional<ScramDirectory> scram() {
        return Optional.empty();
    }

    /** What came of an attempt. */
    sealed interface Outcome {
        /** @param account the canonical address of the account that logged in */
        record Success(String account) implements Outcome {}

        /** Wrong password, unknown or disabled account: the client is not told which. */
        record Rejected() implements Outcome {}

        /**
         * Too many failures from this address or for this account: the connection shall end with 421.
         *
         * @param retryAfter when a further attempt makes sense
         */
        record LockedOut(Duration retryAfter) implements Outcome {}

        /** The directory cannot answer now: 454 4.7.0 (RFC 4954 §6). */
        record Unavailable() implements Outcome {}
    }
}
