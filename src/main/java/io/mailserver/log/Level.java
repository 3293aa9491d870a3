package io.mailserver.log;

/** How much the log says; each level includes those before it. */
public enum Level {
    /** Something failed that should not. */
    ERROR,
    /** Something an operator should look at. */
    WARN,
    /** What a person at the console wants to see: listeners, one line a message received, one a message stored. */
    NOTICE,
    /** The ordinary course of things: connections, logins, refusals. */
    INFO;

    /** Whether a log at this level writes events of {@code other}. */
    boolean includes(Level other) {
        return other.compareTo(this) <= 0;
    }
}
