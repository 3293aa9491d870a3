package io.mailserver.delivery;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the intake decided since the start; counted by any thread. */
public final class IntakeStatistics {
    final LongAdder accepted = new LongAdder();
    final LongAdder acceptedOctets = new LongAdder();
    final LongAdder mailboxes = new LongAdder();
    final LongAdder failed = new LongAdder();
    /** Reasons are words of this package, so the map stays small. */
    private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();

    void refused(String reason) {
        refusals.computeIfAbsent(reason, key -> new LongAdder()).increment();
    }

    /** Messages that are durable and visible in every mailbox they were for. */
    public long accepted() {
        return accepted.sum();
    }

    /** The octets of {@link #accepted()} as received. */
    public long acceptedOctets() {
        return acceptedOctets.sum();
    }

    /** Mailboxes that got a message. */
    public long mailboxes() {
        return mailboxes.sum();
    }

    /** Messages that could not be stored and were put off. */
    public long failed() {
        return failed.sum();
    }

    /** How many senders, recipients and messages were refused, by reason. */
    public Map<String, Long> refusals() {
        Map<String, Long> sums = new TreeMap<>();
        refusals.forEach((reason, count) -> sums.put(reason, count.sum()));
        return sums;
    }
}
