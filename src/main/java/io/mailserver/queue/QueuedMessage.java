package io.mailserver.queue;

import io.mailserver.smtp.DeliverBy;
import java.time.Instant;
import java.util.Optional;

/**
 * A message in the queue, without its octets.
 *
 * @param id names it
 * @param created when it was accepted, to the second
 * @param envelope whose it is and where it goes
 * @param octets its size as it will be sent, in octets with CRLF line ends
 */
public record QueuedMessage(QueueId id, Instant created, QueueEnvelope envelope, long octets) {
    /** When its time here begins to be counted: its release where its sender wanted it later (RFC 4865 §4), else when it came. */
    public Instant begun() {
        return release().filter(created::isBefore).orElse(created);
    }

    /** By when its sender wants it delivered, and what happens else (RFC 2852). */
    public Optional<DeliverBy> deliverBy() {
        return envelope.parameters().handling().deliverBy();
    }

    /** Whether it should have been delivered by now. */
    boolean isOverdue(Instant now) {
        return deliverBy().filter(by -> !now.isBefore(by.deadline(created))).isPresent();
    }

    /** When its sender wants it to be sent; empty for at once. */
    public Optional<Instant> release() {
        return envelope.parameters().handling().release().map(release -> release.at(created));
    }
}
