package io.mailserver.config;

import io.mailserver.net.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Limits and times of a POP3 session, the same for all POP3 listeners. */
public record Pop3Config(
        @Key(
                doc = "Networks whose clients may log in without TLS. Leave it empty unless the network is your own.",
                example = "[127.0.0.0/8, \"::1/128\"]")
        List<Network> plaintextLoginFrom,
        @Key(
                doc = "Commands in one connection that could not be understood; then it is closed.",
                value = "20",
                unit = "commands",
                min = "1",
                max = "10000")
        int maxErrors,
        @Key(
                doc = "How long the server waits for a command of a client that has not logged in.",
                value = "1m",
                min = "1s",
                max = "1h")
        Duration loginTimeout,
        @Key(
                doc = "How long the server waits for a command once the client has logged in (RFC 1939 §3 demands 10 minutes). Messages "
                        + "marked for deletion then stay.",
                value = "10m",
                min = "10m",
                max = "1d")
        Duration idleTimeout,
        @Key(
                doc = "How long a client may take to read one piece of an answer; then the connection is closed.",
                value = "3m",
                min = "1s",
                max = "1h")
        Duration writeTimeout,
        @Key(doc = "How long a TLS handshake after STLS may take.", value = "30s", min = "1s", max = "10m")
        Duration tlsHandshakeTimeout) {
    /** The values of an empty file. */
    public static Pop3Config defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static Pop3Config of(Map<String, String> changes) {
        return ConfigLoader.bind(Pop3Config.class, null, changes, Map.of());
    }
}
