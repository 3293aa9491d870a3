package io.mailserver.sasl;

import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What SCRAM asks of the account directory. Safe for use by any thread; may block. */
public interface ScramDirectory {
    /** What is known of a user. */
    sealed interface Lookup {
        /**
         * Go on.
         *
         * @param keys of the user's passwords, all of one salt and iteration count, at least one; of a name that nobody has, keys that no
         *     password opens, with a salt that is the same each time
         * @param nonce the server's half of it: random, at least 96 bits, of base64 characters
         */
        record Found(List<ScramKeys> keys, String nonce) implements Lookup {
            public Found {
                keys = List.copyOf(keys);
            }
        }

        /** Not now: {@link Outcome.LockedOut} or {@link Outcome.Unavailable}. */
        record Refused(Outcome outcome) implements Lookup {}
    }

    /** The keys for a user name as the client gave it. */
    Lookup lookup(String userName, InetAddress client);

    /**
     * Ends an attempt that {@link #lookup} let go on, and counts it.
     *
     * @param proven the keys whose password the client has; empty if none
     */
    Outcome conclude(String userName, Optional<ScramKeys> proven, InetAddress client);
}
