package io.mailserver.queue;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * How one destination is treated, where it is not as all others.
 *
 * @param connections at a time, at most
 * @param messagesPerMinute at most
 * @param retry intervals of its own; none: those of all
 * @param priority where connections are scarce, lanes of a higher one get theirs first
 */
public record DestinationRule(OptionalInt connections, OptionalInt messagesPerMinute, List<Duration> retry, Priority priority) {
    /** As all others. */
    public static final DestinationRule NONE =
            new DestinationRule(OptionalInt.empty(), OptionalInt.empty(), List.of(), Priority.NORMAL);

    public DestinationRule {
        retry = List.copyOf(retry);
    }

    /** Of lanes that wait for a connection. */
    public enum Priority {
        LOW,
        NORMAL,
        HIGH
    }
}
