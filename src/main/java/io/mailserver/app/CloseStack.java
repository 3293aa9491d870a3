package io.mailserver.app;

import io.mailserver.log.EventLog;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was opened on the way up, closed in reverse order on the way down, also when the way up ended half-way. A part that fails to
 * close is logged and keeps none of the others open. Used by one thread.
 */
final class CloseStack implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final EventLog log;

    CloseStack(EventLog log) {
        this.log = log;
    }

    /** Remembers {@code part} and returns it. */
    <T extends AutoCloseable> T add(T part) {
        opened.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                log.error("server.close-failed", e);
            }
        }
    }
}
