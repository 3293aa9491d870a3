package io.mailserver.log;

import io.mailserver.base.Time;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log for programs: one JSON object a line. First {@code time} (RFC 3339, UTC, microseconds), {@code level}, {@code event}, then
 * {@code session} and {@code message} where there are any, {@code text} (the line said to people), the event's own fields, and
 * {@code cause} and {@code stack} of an error. Integers and booleans are JSON's own, all other values strings.
 *
 * <p>Safe for use by any thread; lines of one thread stay in order.
 */
public final class JsonLog implements ServerLog {
    private static final int MAX_WAITING_OCTETS = 4 * 1024 * 1024;
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
    /** Names a field of an event may not take; such a field gets an underscore. */
    private static final Set<String> RESERVED = Set.of("time", "level", "event", "text");
    /** The same, where an error brings a throwable along. */
    private static final Set<String> RESERVED_WITH_CAUSE = Set.of("time", "level", "event", "text", "cause", "stack");

    private final Time time;
    private final LineWriter writer;
    private volatile Level level;
    /** The text of the last second formatted; threads that race merely format it twice. */
    private volatile SecondText lastSecond = new SecondText(Long.MIN_VALUE, "");

    public JsonLog(OutputStream out, Time time, Level level) {
        this.time = time;
        this.level = level;
        this.writer = new LineWriter(
                out, MAX_WAITING_OCTETS, dropped -> json(Level.WARN, "log.dropped", null, null, "lines", dropped));
    }

    @Override
    public void level(Level newLevel) {
        level = newLevel;
    }

    @Override
    public void say(String line, String event, Object... fields) {
        write(Level.NOTICE, event, line, null, fields);
    }

    @Override
    public void info(String event, Object... fields) {
        write(Level.INFO, event, null, null, fields);
    }

    @Override
    public void warn(String event, Object... fields) {
        write(Level.WARN, event, null, null, fields);
    }

    @Override
    public void error(String event, @Nullable Throwable cause, Object... fields) {
        write(Level.ERROR, event, null, cause, fields);
    }

    private void write(Level of, String event, @Nullable String text, @Nullable Throwable cause, Object... fields) {
        if (level.includes(of)) {
            writer.add(json(of, event, text, cause, fields));
        }
    }

    private String json(Level of, String event, @Nullable String text, @Nullable Throwable cause, Object... fields) {
        StringBuilder line = new StringBuilder(256);
        line.append("{\"time\":\"");
        appendTime(line, time.now());
        line.append("\",\"level\":\"").append(of).append('"');
        appendString(line, "event", event);
        LogContext context = LogContext.current();
        appendContext(line, "session", context.session(), fields);
        appendContext(line, "message", context.message(), fields);
        if (text != null) {
            appendString(line, "text", Fields.line(text));
        }
        Set<String> reserved = cause == null ? RESERVED : RESERVED_WITH_CAUSE;
        Fields.each(fields, (name, value) -> appendField(line, reserved.contains(name) ? name + "_" : name, value));
        if (cause != null) {
            appendString(line, "cause", Causes.chain(cause));
            String stack = String.join("\n", Causes.stack(cause));
            if (!stack.isEmpty()) {
                appendString(line, "stack", stack);
            }
        }
        return line.append("}\n").toString();
    }

    private void appendTime(StringBuilder line, Instant now) {
        SecondText second = lastSecond;
        if (second.epochSecond() != now.getEpochSecond()) {
            second = new SecondText(now.getEpochSecond(), SECOND.format(now));
            lastSecond = second;
        }
        line.append(second.text()).append('.');
        int micros = now.getNano() / 1000;
        for (int unit = 100_000; unit > 0; unit /= 10) {
            line.append((char) ('0' + micros / unit % 10));
        }
        line.append('Z');
    }

    private static void appendContext(StringBuilder line, String name, @Nullable String id, Object... fields) {
        if (id != null && !Fields.named(name, fields)) {
            appendString(line, name, id);
        }
    }

    private static void appendField(StringBuilder line, String name, @Nullable Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            line.append(",\"");
            Escaping.appendQuoted(line, name);
            line.append("\":").append(value);
        } else {
            appendString(line, name, Fields.text(value));
        }
    }

    private static void appendString(StringBuilder line, String name, String value) {
        line.append(",\"");
        Escaping.appendQuoted(line, name);
        line.append("\":\"");
        Escaping.appendQuoted(line, value);
        line.append('"');
    }

    @Override
    public void close() {
        writer.close();
    }

    private record SecondText(long epochSecond, String text) {}
}
