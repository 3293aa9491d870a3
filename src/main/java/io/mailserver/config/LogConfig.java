package io.mailserver.config;

import io.mailserver.log.Level;
import io.mailserver.log.LogFormat;

/** What the server says on standard output. */
public record LogConfig(
        @Key(
                doc = "console: lines for people. json: one JSON object a line, with time, session and message ids.",
                value = "console",
                restart = true)
        LogFormat format,
        @Key(
                doc = "How much is said. error: failures. warn: also what should be looked at. notice: also start, stop, and each message. "
                        + "info: also connections, logins and refusals.",
                value = "notice")
        Level level) {}
