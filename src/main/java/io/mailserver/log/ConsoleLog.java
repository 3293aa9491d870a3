package io.mailserver.log;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The log for people: what was said, as it was said, and other events as {@code [WARN] event key=value}. Without times: a terminal
 * needs none, and journald adds its own.
 *
 * <p>Safe for use by any thread; lines of one thread stay in order.
 */
public final class ConsoleLog implements ServerLog {
    private static final int MAX_WAITING_OCTETS = 4 * 1024 * 1024;

    private final LineWriter writer;
    private volatile Level level;

    public ConsoleLog(OutputStream out, Level level) {
        this.writer = new LineWriter(out, MAX_WAITING_OCTETS, dropped -> "[WARN] log.dropped lines=" + dropped + "\n");
        this.level = level;
    }

    @Override
    public void level(Level newLevel) {
        level = newLevel;
    }

    @Override
    public void say(String line, String event, Object... fields) {
        if (level.includes(Level.NOTICE)) {
            writer.add(Escaping.line(Fields.line(line)) + "\n");
        }
    }

    @Override
    public void info(String event, Object... fields) {
        write(Level.INFO, event, null, fields);
    }

    @Override
    public void warn(String event, Object... fields) {
        write(Level.WARN, event, null, fields);
    }

    @Override
    public void error(String event, @Nullable Throwable cause, Object... fields) {
        write(Level.ERROR, event, cause, fields);
    }

    private void write(Level of, String event, @Nullable Throwable cause, Object... fields) {
        if (!level.includes(of)) {
            return;
        }
        StringBuilder line = new StringBuilder(128);
        line.append('[').append(of).append("] ").append(event);
        LogContext context = LogContext.current();
        appendContext(line, "session", context.session(), fields);
        appendContext(line, "message", context.message(), fields);
        Fields.each(fields, (name, value) -> {
            line.append(' ').append(name).append('=');
            Escaping.appendValue(line, Fields.text(value));
        });
        if (cause != null) {
            line.append(" cause=");
            Escaping.appendValue(line, Causes.chain(cause));
            Causes.stack(cause).forEach(frame -> line.append("\n    ").append(Escaping.line(frame)));
        }
        writer.add(line.append('\n').toString());
    }

    private static void appendContext(StringBuilder line, String name, @Nullable String id, Object... fields) {
        if (id != null && !Fields.named(name, fields)) {
            line.append(' ').append(name).append('=');
            Escaping.appendValue(line, id);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
