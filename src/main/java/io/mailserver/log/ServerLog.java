package io.mailserver.log;

/** The process's log: an {@link EventLog} with a level that a reload may change. Closed last, by whoever opened it. */
public sealed interface ServerLog extends EventLog, AutoCloseable permits ConsoleLog, JsonLog {
    /** Changes what is written from now on. */
    void level(Level level);

    /** Writes what still waits, for five seconds at most, and ends the log's thread. Later events are dropped. Idempotent. */
    @Override
    void close();
}
