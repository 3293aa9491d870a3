package io.mailserver.queue;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which queued recipients are meant; what is empty does not matter.
 *
 * @param ids of messages; empty for all
 * @param sender part of the reverse-path or of the sending account
 * @param recipient part of the address
 * @param destination the domain of the recipient
 * @param status PENDING, HELD or FAILED
 * @param olderThan since the message came
 */
public record QueueFilter(
        Set<QueueId> ids,
        Optional<String> sender,
        Optional<String> recipient,
        Optional<String> destination,
        Optional<RecipientStatus> status,
        Duration olderThan) {
    /** Everything that is still to be sent. */
    public static final QueueFilter ALL = new QueueFilter(
            Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);

    public QueueFilter {
        ids = Set.copyOf(ids);
        sender = sender.map(text -> text.toLowerCase(Locale.ROOT));
        recipient = recipient.map(text -> text.toLowerCase(Locale.ROOT));
        destination = destination.map(text -> text.toLowerCase(Locale.ROOT));
    }

    /** This for one status. */
    public QueueFilter with(RecipientStatus newStatus) {
        return new QueueFilter(ids, sender, recipient, destination, Optional.of(newStatus), olderThan);
    }

    /** What the index knows. */
    boolean matches(Slot slot, long nowSeconds) {
        return (ids.isEmpty() || ids.contains(new QueueId(slot.entry.id)))
                && status.map(wanted -> wanted == slot.status()).orElse(true)
                && destination.map(wanted -> wanted.equals(slot.destination.name)).orElse(true)
                && slot.entry.created() <= nowSeconds - olderThan.toSeconds();
    }

    boolean needsEnvelope() {
        return sender.isPresent() || recipient.isPresent();
    }

    /** What only the envelope tells. */
    boolean matches(QueueEnvelope envelope, int number) {
        boolean from = sender.map(part -> envelope.sender().toLowerCase(Locale.ROOT).contains(part)
                || envelope.account().toLowerCase(Locale.ROOT).contains(part)).orElse(true);
        String to = envelope.recipients().get(number).address().toString().toLowerCase(Locale.ROOT);
        return from && recipient.map(to::contains).orElse(true);
    }
}
