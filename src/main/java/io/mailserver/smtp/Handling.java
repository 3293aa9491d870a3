package io.mailserver.smtp;

import java.util.Optional;

/**
 * How and when a message may go on, as its sender wants it.
 *
 * @param tls what its connections must be
 * @param release when it may leave this server; empty for at once
 */
public record Handling(Tls tls, Optional<FutureRelease> release) {
    public static final Handling USUAL = new Handling(Tls.USUAL, Optional.empty());

    /** RFC 8689 §4.1: the tag of a message. */
    public enum Tls {
        /** As the servers on its way agree. */
        USUAL,
        /** REQUIRETLS: over authenticated TLS to servers that promise the same, or not at all. */
        REQUIRED,
        /** {@code TLS-Required: No}: it is better read by others than not delivered, whatever the recipient's domain demands. */
        OPTIONAL;

        /** Whether a connection that is good enough for this is so for {@code other}. */
        public boolean covers(Tls other) {
            return this == other || this == REQUIRED || other == OPTIONAL;
        }
    }

    /** This with another wish for TLS. */
    public Handling with(Tls newTls) {
        return new Handling(newTls, release);
    }

    /** This with another time of release. */
    public Handling with(Optional<FutureRelease> newRelease) {
        return new Handling(tls, newRelease);
    }
}
