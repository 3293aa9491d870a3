package io.mailserver.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** When mail for other servers is tried again, and when it is given up. */
public record QueueConfig(
        @Key(
                doc = "How long to wait after each failed attempt, in turn; the last interval goes on. Each is shortened or stretched by "
                        + "up to a tenth, so that mail that failed together does not come back together.",
                value = "[5m, 15m, 30m, 1h, 2h, 4h]")
        List<Duration> retry,
        @Key(doc = "After how long a message is given up and its sender told.", value = "5d", min = "1m", max = "60d")
        Duration giveUpAfter,
        @Key(doc = "The same for what has no sender to tell: bounces and other notices.", value = "1d", min = "1m", max = "60d")
        Duration giveUpNoticesAfter,
        @Key(
                doc = "A message is also given up after so many attempts.",
                value = "1000",
                unit = "attempts",
                min = "1",
                max = "60000")
        int maxAttempts,
        @Key(doc = "After how long the sender is told that a message is delayed.", value = "4h", min = "1m", max = "60d")
        Duration warnAfter,
        @Key(doc = "How long a copy of what was given up is kept for the operator.", value = "14d", min = "0s", max = "365d")
        Duration keepDead,
        @Key(
                doc = "Connections at a time to one destination; as many as it takes gladly up to this are used.",
                value = "20",
                unit = "connections",
                min = "1",
                max = "1000")
        int connectionsPerDestination,
        @Key(
                doc = "Connections to other servers at a time in all.",
                value = "200",
                unit = "connections",
                min = "1",
                max = "10000")
        int connections,
        @Key(doc = "Messages over one connection.", value = "500", unit = "messages", min = "1", max = "1000000")
        int messagesPerConnection) {
    public QueueConfig {
        if (retry.isEmpty() || retry.stream().anyMatch(interval -> interval.isZero() || interval.compareTo(Duration.ofDays(7)) > 0)) {
            throw new IllegalArgumentException("queue.retry needs one or more intervals of at most 7d, such as [5m, 15m, 1h]");
        }
        retry = List.copyOf(retry);
    }

    /** The values of an empty file. */
    public static QueueConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static QueueConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(QueueConfig.class, null, changes, Map.of());
    }
}
