package io.mailserver.log;

import io.mailserver.base.Time;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Remembers the last errors of a log on their way, so that the operator can be told of them. Safe for use by any thread. */
public final class RecentErrors implements EventLog {
    private static final int KEPT = 20;
    private static final int MAX_CHARS = 300;

    private final EventLog log;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Noted> last = new ArrayDeque<>();
    private long count;

    /** One error. */
    public record Noted(Instant at, String text) {}

    /**
     * @param count since the process started
     * @param last the newest at the end, at most 20
     */
    public record Summary(long count, List<Noted> last) {
        public Summary {
            last = List.copyOf(last);
        }
    }

    /** @param log where all events go */
    public RecentErrors(EventLog log, Time time) {
        this.log = log;
        this.time = time;
    }

    /** What there was. */
    public Summary summary() {
        lock.lock();
        try {
            return new Summary(count, List.copyOf(last));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void say(String line, String event, Object... fields) {
        log.say(line, event, fields);
    }

    @Override
    public void info(String event, Object... fields) {
        log.info(event, fields);
    }

    @Override
    public void warn(String event, Object... fields) {
        log.warn(event, fields);
    }

    @Override
    public void error(String event, @Nullable Throwable cause, Object... fields) {
        StringBuilder text = new StringBuilder(event);
        Fields.each(fields, (name, value) -> text.append(' ').append(name).append('=').append(Escaping.line(Fields.text(value))));
        if (cause != null) {
            text.append(": ").append(Escaping.line(Causes.chain(cause)));
        }
        lock.lock();
        try {
            count++;
            last.addLast(new Noted(time.now(), text.substring(0, Math.min(text.length(), MAX_CHARS))));
            if (last.size() > KEPT) {
                last.removeFirst();
            }
        } finally {
            lock.unlock();
        }
        log.error(event, cause, fields);
    }
}
