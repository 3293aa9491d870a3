package io.mailserver.simulation;

import io.mailserver.log.EventLog;
import io.mailserver.log.Level;
import io.mailserver.log.LogContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A log that remembers what it was told, for tests to look at. Badly formed events (an odd number of fields, a name that is not
 * {@code words.with.dots}) fail the test that logs them at once.
 */
public final class RecordingLog implements EventLog {
    private static final long PATIENCE_SECONDS = 20;
    private static final Pattern EVENT_NAME = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final List<Recorded> events = new ArrayList<>();

    /**
     * One event.
     *
     * @param line what was said to people; empty for events that are not said
     * @param fields by name, in the order given, values as text
     */
    public record Recorded(
            Level level, String event, String line, Map<String, String> fields, @Nullable Throwable cause, LogContext context) {
        /** The value of a field, as text; the empty text where there is none. */
        public String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    @Override
    public void say(String line, String event, Object... fields) {
        record(Level.NOTICE, event, line, null, fields);
    }

    @Override
    public void info(String event, Object... fields) {
        record(Level.INFO, event, "", null, fields);
    }

    @Override
    public void warn(String event, Object... fields) {
        record(Level.WARN, event, "", null, fields);
    }

    @Override
    public void error(String event, @Nullable Throwable cause, Object... fields) {
        record(Level.ERROR, event, "", cause, fields);
    }

    private void record(Level level, String event, String line, @Nullable Throwable cause, Object... fields) {
        if (!EVENT_NAME.matcher(event).matches() || fields.length % 2 != 0) {
            throw new AssertionError("badly formed log event: " + event + " " + List.of(fields));
        }
        Map<String, String> byName = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            byName.put((String) fields[i], String.valueOf(fields[i + 1]));
        }
        lock.lock();
        try {
            events.add(new Recorded(level, event, line, byName, cause, LogContext.current()));
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Everything so far, in order. */
    public List<Recorded> all() {
        lock.lock();
        try {
            return List.copyOf(events);
        } finally {
            lock.unlock();
        }
    }

    /** The events of that name so far. */
    public List<Recorded> events(String name) {
        return all().stream().filter(e -> e.event().equals(name)).toList();
    }

    /** The lines said to people so far. */
    public List<String> lines() {
        return all().stream().map(Recorded::line).filter(line -> !line.isEmpty()).toList();
    }

    /** Waits until an event of that name was logged and returns the first. */
    public Recorded await(String name) {
        return await(name, e -> true);
    }

    /** Waits until such an event was logged and returns the first; fails the test after 20 seconds. */
    public Recorded await(String name, Predicate<Recorded> wanted) {
        long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        lock.lock();
        try {
            int next = 0;
            while (true) {
                for (; next < events.size(); next++) {
                    Recorded event = events.get(next);
                    if (event.event().equals(name) && wanted.test(event)) {
                        return event;
                    }
                }
                if (left <= 0) {
                    throw new AssertionError("no event " + name + " within " + PATIENCE_SECONDS + " s; logged: " + events);
                }
                left = added.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + name, e);
        } finally {
            lock.unlock();
        }
    }

    /** Fails if an error was logged, with its first cause. */
    public void assertNoErrors() {
        assertNone(Level.ERROR);
    }

    /** Fails if a warning or an error was logged. */
    public void assertNoWarnings() {
        assertNone(Level.WARN);
        assertNone(Level.ERROR);
    }

    private void assertNone(Level level) {
        for (Recorded event : all()) {
            if (event.level() == level) {
                throw new AssertionError("unexpected log event: " + event, event.cause());
            }
        }
    }
}
