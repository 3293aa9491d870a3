package io.mailserver.config;

import io.mailserver.net.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Limits and times of an IMAP session, the same for all IMAP listeners. */
public record ImapConfig(
        @Key(
                doc = "Networks whose clients may log in without TLS. Leave it empty unless the network is your own.",
                example = "[127.0.0.0/8, \"::1/128\"]")
        List<Network> plaintextLoginFrom,
        @Key(
                doc = "The largest message that a client may store, announced as APPENDLIMIT (RFC 7889). Larger ones are refused.",
                value = "64MiB",
                min = "64KiB",
                max = "4GiB")
        ByteSize maxMessageSize,
        @Key(
                doc = "The longest command, with its strings but without messages.",
                value = "256KiB",
                min = "8KiB",
                max = "64MiB")
        ByteSize maxCommandSize,
        @Key(
                doc = "Sessions of one account at a time; one more is refused. A mail program uses 5 to 10.",
                value = "100",
                unit = "sessions",
                min = "1",
                max = "1000000")
        int sessionsPerAccount,
        @Key(
                doc = "Searches of one session whose results are kept up to date (RFC 5267); one more is answered only once.",
                value = "10",
                unit = "searches",
                min = "1",
                max = "1000")
        int searchContexts,
        @Key(
                doc = "The largest result of SORT that is kept up to date: each new message in it means sorting it again.",
                value = "10000",
                unit = "messages",
                min = "0",
                max = "10000000")
        int sortedContextSize,
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
                doc = "How long the server waits for a command, or in IDLE, once the client has logged in (RFC 9051 §5.4 demands 30 "
                        + "minutes).",
                value = "30m",
                min = "30m",
                max = "1d")
        Duration idleTimeout,
        @Key(
                doc = "How long the server waits for the next piece of a command that has begun to come in.",
                value = "5m",
                min = "1s",
                max = "1h")
        Duration dataTimeout,
        @Key(
                doc = "How long a client may take to read one piece of an answer; then the connection is closed.",
                value = "3m",
                min = "1s",
                max = "1h")
        Duration writeTimeout,
        @Key(
                doc = "How long a TLS handshake after STARTTLS may take.",
                value = "30s",
                min = "1s",
                max = "10m")
        Duration tlsHandshakeTimeout,
        @Key(
                doc = "Clients from which capabilities are withheld, because they fail at them.",
                example = "[{client: \"Example Mail 3.*\", withhold: [no-condstore, no-notify]}]")
        List<QuirkConfig> quirks) {
    /** The values of an empty file. */
    public static ImapConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names, such as {@code max-errors}. */
    public static ImapConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(ImapConfig.class, null, changes, Map.of());
    }
}
