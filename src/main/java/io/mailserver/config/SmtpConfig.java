package io.mailserver.config;

import io.mailserver.net.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Limits and times of an SMTP session (RFC 5321 §4.5.3), the same for all SMTP listeners. */
public record SmtpConfig(
        @Key(
                doc = "The largest message that is accepted, announced as SIZE (RFC 1870). Larger ones are refused with 552.",
                value = "50MiB",
                min = "64KiB",
                max = "64GiB")
        ByteSize maxMessageSize,
        @Key(
                doc = "Recipients of one message; more are refused with 452, so that the sender sends the message again for them.",
                value = "100",
                unit = "recipients",
                min = "1",
                max = "100000")
        int maxRecipients,
        @Key(
                doc = "Messages in one connection; then the client is asked to connect again (421).",
                value = "10000",
                unit = "messages",
                min = "1",
                max = "1000000000")
        int maxMessages,
        @Key(
                doc = "The longest command line, without what extensions add (RFC 5321 §4.5.3.1.4 demands 512).",
                value = "2048",
                unit = "octets",
                min = "512",
                max = "65536")
        int maxCommandLine,
        @Key(
                doc = "The longest line in a message (RFC 5321 §4.5.3.1.6 demands 1000).",
                value = "64KiB",
                min = "1000",
                max = "16MiB")
        ByteSize maxTextLine,
        @Key(
                doc = "Received fields in a message; more are taken for a loop and refused with 554 (RFC 5321 §6.3 suggests "
                        + "100).",
                value = "50",
                unit = "fields",
                min = "10",
                max = "1000")
        int maxReceived,
        @Key(
                doc = "Commands in a row that bring no message on, such as NOOP, RSET, VRFY and EHLO; each further one counts as refused.",
                value = "100",
                unit = "commands",
                min = "10",
                max = "1000000")
        int maxIdleCommands,
        @Key(
                doc = "Commands in one connection that were refused; then it is closed with 421.",
                value = "20",
                unit = "errors",
                min = "1",
                max = "10000")
        int maxErrors,
        @Key(
                doc = "How long the server waits for a command, from the reply before it to its last octet (RFC 5321 §4.5.3.2.7).",
                value = "5m",
                min = "1s",
                max = "1h")
        Duration commandTimeout,
        @Key(
                doc = "How long the server waits for the next piece of a message (RFC 5321 §4.5.3.2.5).",
                value = "3m",
                min = "1s",
                max = "1h")
        Duration dataBlockTimeout,
        @Key(
                doc = "The slowest rate at which a message may arrive on average, per second, once data-block-timeout has passed; a slower "
                        + "connection is closed.",
                value = "1KiB",
                min = "0",
                max = "1GiB")
        ByteSize minDataRate,
        @Key(
                doc = "How long a TLS handshake may take, together with the header of the PROXY protocol.",
                value = "30s",
                min = "1s",
                max = "10m")
        Duration tlsHandshakeTimeout,
        @Key(
                doc = "How long a user may have a message held before it is sent (FUTURERELEASE, RFC 4865); 0s: not at all.",
                value = "30d",
                min = "0s",
                max = "365d")
        Duration maxHold,
        @Key(
                doc = "The shortest time in which a user may want a message delivered or returned (DELIVERBY, RFC 2852).",
                value = "1m",
                min = "0s",
                max = "365d")
        Duration minDeliverBy,
        @Key(
                doc = "The highest priority that a user's message gets (MT-PRIORITY, RFC 6710); who asks for more gets this.",
                value = "4",
                unit = "levels",
                min = "0",
                max = "9")
        int maxPriority,
        @Key(doc = "Networks of mail proxies that may use XCLIENT to name the client they speak for.", example = "[192.0.2.11]")
        List<Network> xclientFrom) {
    /** The values of an empty file. */
    public static SmtpConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names, such as {@code max-recipients}. */
    public static SmtpConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(SmtpConfig.class, null, changes, Map.of());
    }
}
