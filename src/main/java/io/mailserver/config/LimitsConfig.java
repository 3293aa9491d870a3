package io.mailserver.config;

import java.util.Map;

/** Limits on connections; a connection over a limit is told 421 and closed. */
public record LimitsConfig(
        @Key(
                doc = "Connections at a time from one address.",
                value = "100",
                unit = "connections",
                min = "1",
                max = "1000000")
        int connectionsPerAddress,
        @Key(
                doc = "Connections at a time from one network: /24 of IPv4, /56 of IPv6.",
                value = "300",
                unit = "connections",
                min = "1",
                max = "1000000")
        int connectionsPerNetwork,
        @Key(doc = "Connections at a time in all.", value = "10000", unit = "connections", min = "1", max = "1000000")
        int connections,
        @Key(
                doc = "New connections from one address within a minute.",
                value = "1000",
                unit = "connections",
                min = "1",
                max = "1000000000")
        int newPerMinute) {
    /** The values of an empty file. */
    public static LimitsConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static LimitsConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(LimitsConfig.class, null, changes, Map.of());
    }
}
