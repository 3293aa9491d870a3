package io.mailserver.smtpclient;

import java.time.Duration;

/**
 * How long a client waits, each from the last octet sent to the last octet of the reply.
 *
 * @param connect for the connection
 * @param greeting RFC 5321 §4.5.3.2.1
 * @param command EHLO, MAIL and RCPT, and the TLS handshake (§4.5.3.2.2, §4.5.3.2.3)
 * @param dataStart §4.5.3.2.4
 * @param dataBlock for each {@value SmtpClient#BLOCK_OCTETS} octets of a message (§4.5.3.2.5)
 * @param dataEnd §4.5.3.2.6: a server that is slow here may have taken the message
 */
public record Timeouts(
        Duration connect, Duration greeting, Duration command, Duration dataStart, Duration dataBlock, Duration dataEnd) {
    /** Those of RFC 5321. */
    public static final Timeouts RFC_5321 = new Timeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10));

    static final Duration QUIT = Duration.ofSeconds(5);
}
