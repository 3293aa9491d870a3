package io.mailserver.log;

import org.jspecify.annotations.Nullable;

/**
 * Where the server says what happens: named events with fields, one line each, and for some of them a sentence for the person at the
 * console. Names are lower-case words joined by dots ({@code smtp.accepted}) and are a contract with operators: they are listed in
 * {@code docs/testing-and-debugging.md} and never change their meaning. Field values are never secrets or message bodies.
 *
 * <p>Safe for use by any thread; never blocks for long and never throws.
 */
public interface EventLog {
    /**
     * An event that people watching the console want to see: {@code line} as it is in the form for people, the event in JSON.
     *
     * @param line such as {@code [STORE] Maildir saved: /var/...}; CR, LF and other controls in it are replaced
     * @param event the event's name
     * @param fields names and values in turn
     */
    void say(String line, String event, Object... fields);

    /** Ordinary course of things, for the log only. */
    void info(String event, Object... fields);

    /** Something an operator should look at, that harms nobody yet. */
    void warn(String event, Object... fields);

    /** Something failed that should not; {@code cause} is written with its stack trace where it is a bug. */
    void error(String event, @Nullable Throwable cause, Object... fields);
}
