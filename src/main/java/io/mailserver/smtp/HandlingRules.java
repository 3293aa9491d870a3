package io.mailserver.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What users may ask for of how and when their messages go on, whatever the way they submit them by.
 *
 * @param maxHold how long a message may be held (RFC 4865); zero for not at all
 * @param minDeliverBy the shortest time for a delivery (RFC 2852)
 * @param maxPriority the highest priority (RFC 6710), 0 to 9; what asks for more gets this
 * @param now when the message comes
 */
public record HandlingRules(Duration maxHold, Duration minDeliverBy, int maxPriority, Instant now) {
    /** The lines for EHLO. */
    public List<String> lines() {
        String deliverBy = "DELIVERBY " + minDeliverBy.toSeconds(); // RFC 2852 §3
        String priority = "MT-PRIORITY"; // RFC 6710 §3; no named policy
        return maxHold.isZero()
                ? List.of(deliverBy, priority)
                // RFC 4865 §3: both limits, and the date in UTC.
                : List.of("FUTURERELEASE " + maxHold.toSeconds() + " " + now.plus(maxHold).truncatedTo(ChronoUnit.SECONDS), deliverBy,
                        priority);
    }

    /** What is wrong with a wish; empty if nothing. */
    public Optional<Reply> refusal(Handling handling) {
        Optional<Reply> held = handling.release().flatMap(this::refusal);
        return held.isPresent() ? held : handling.deliverBy().flatMap(by -> refusal(by, handling.release()));
    }

    private Optional<Reply> refusal(FutureRelease release) {
        if (maxHold.isZero()) {
            return Optional.of(Reply.of(555, "5.5.4", "Messages are not held for later here")); // RFC 5321 §4.1.1.11
        }
        Instant at = release.at(now);
        if (at.isBefore(now)) {
            return Optional.of(Reply.of(501, "5.5.4", "The time to send the message at is in the past"));
        }
        return at.isAfter(now.plus(maxHold))
                ? Optional.of(Reply.of(501, "5.5.4", "A message is held for " + maxHold.toSeconds() + " seconds at most"))
                : Optional.empty();
    }

    private Optional<Reply> refusal(DeliverBy by, Optional<FutureRelease> release) {
        if (by.returned() && by.seconds() < minDeliverBy.toSeconds()) {
            return Optional.of(Reply.of(501, "5.5.4", "BY must be " + minDeliverBy.toSeconds() + " seconds at least, as EHLO says"));
        }
        boolean afterIt = release.isPresent() && !release.get().at(now).isBefore(by.deadline(now));
        return afterIt && by.returned()
                ? Optional.of(Reply.of(501, "5.5.4", "The message would be held until it is too late to deliver it"))
                : Optional.empty();
    }

    /** A wish that is not refused, as it is kept: intervals as times, so that they mean the same tomorrow; a priority that is allowed. */
    public Handling settled(Handling handling) {
        return new Handling(
                handling.tls(),
                handling.release().map(release -> new FutureRelease.Until(release.at(now))),
                Math.min(handling.priority(), maxPriority),
                handling.deliverBy().map(by -> by.settled(now)));
    }

    /** What the sender is told where it gets less than it asked for, the new priority first (RFC 6710 §4.1); empty where it does not. */
    public Optional<Reply> note(Handling asked) {
        return asked.priority() > maxPriority
                ? Optional.of(Reply.of(250, "2.3.6", maxPriority + " is the priority of the message, the highest here"))
                : Optional.empty();
    }
}
