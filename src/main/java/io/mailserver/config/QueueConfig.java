package io.mailserver.config;

import io.mailserver.base.Domain;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        int messagesPerConnection,
        @Key(
                doc = "Destinations that are treated otherwise: by the domain of recipients, or by the host that sending.smart-host or "
                        + "sending.routes names.",
                example = "[{domain: example.net, connections: 2, messages-per-minute: 30, retry: [15m, 1h], priority: low}]")
        List<Destination> destinations) {
    public QueueConfig {
        if (retry.isEmpty() || retry.stream().anyMatch(interval -> interval.isZero() || interval.compareTo(Duration.ofDays(7)) > 0)) {
            throw new IllegalArgumentException("queue.retry needs one or more intervals of at most 7d, such as [5m, 15m, 1h]");
        }
        retry = List.copyOf(retry);
        destinations = List.copyOf(destinations);
        if (destinations.stream().map(Destination::domain).distinct().count() != destinations.size()) {
            throw new IllegalArgumentException("queue.destinations names a domain twice");
        }
    }

    /** How one destination is treated. */
    public record Destination(
            @Key(doc = "The domain of recipients, or the host.") Domain domain,
            @Key(doc = "Connections at a time, at most.", example = "2") Optional<Integer> connections,
            @Key(doc = "Messages a minute, at most.", example = "30") Optional<Integer> messagesPerMinute,
            @Key(doc = "Intervals after failed attempts, instead of queue.retry.", example = "[15m, 1h]") List<Duration> retry,
            @Key(doc = "Where connections are scarce, higher ones get theirs first.", value = "normal") Priority priority) {
        public Destination {
            retry = List.copyOf(retry);
            if (connections.orElse(1) < 1 || messagesPerMinute.orElse(1) < 1) {
                throw new IllegalArgumentException("queue.destinations: " + domain + " needs at least one connection and one message a "
                        + "minute; queue pause " + domain + " sends nothing there");
            }
            if (retry.stream().anyMatch(Duration::isZero)) {
                throw new IllegalArgumentException("queue.destinations: an interval of " + domain + " is zero");
            }
        }
    }

    /** Who gets connections first. */
    public enum Priority {
        LOW,
        NORMAL,
        HIGH
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
