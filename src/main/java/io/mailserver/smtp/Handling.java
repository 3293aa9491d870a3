package io.mailserver.smtp;

import java.util.Optional;

/**
 * How and when a message may go on, as its sender wants it.
 *
 * @param tls what its connections must be
 * @param release when it may leave this server; empty for at once
 * @param priority -9 to 9 (RFC 6710); 0 is usual, more goes before it
 * @param deliverBy by when it is to be delivered; empty for as soon as can be
 */
public record Handling(Tls tls, Optional<FutureRelease> release, int priority, Optional<DeliverBy> deliverBy) {
    public static final int MAX_PRIORITY = 9;
    public static final Handling USUAL = new Handling(Tls.USUAL, Optional.empty(), 0, Optional.empty());

    public Handling {
        if (priority < -MAX_PRIORITY || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("priority " + priority);
        }
    }

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
        return new Handling(newTls, release, priority, deliverBy);
    }

    /** This with another time of release. */
    public Handling with(Optional<FutureRelease> newRelease) {
        return new Handling(tls, newRelease, priority, deliverBy);
    }

    /** This with another priority. */
    public Handling with(int newPriority) {
        return new Handling(tls, release, newPriority, deliverBy);
    }

    /** This with a time by which it is to be delivered. */
    public Handling with(DeliverBy by) {
        return new Handling(tls, release, priority, Optional.of(by));
    }

    /** This without its times. */
    public Handling untimed() {
        return new Handling(tls, Optional.empty(), priority, Optional.empty());
    }
}
