package io.mailserver.log;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Protocol traces: for which client addresses and accounts the dialogue of every session is written down, and until when. Switched on
 * by an operator for a time, for at most 16 subjects and a day; off otherwise, and then costs one volatile read a line.
 *
 * <p>Safe for use by any thread.
 */
public final class Trace {
    /** How many subjects may be traced at a time. */
    public static final int MAX_RULES = 16;

    /** How long a trace may be switched on. */
    public static final Duration MAX_DURATION = Duration.ofDays(1);

    private final TraceFolder folder;
    private final Time time;
    private final EventLog log;
    private final ReentrantLock lock = new ReentrantLock();
    /** Replaced as a whole under the lock, read without it. */
    private volatile List<Rule> rules = List.of();

    /**
     * @param folder where the files go; made when the first is written
     */
    public Trace(Path folder, Time time, EventLog log) {
        this.folder = new TraceFolder(folder, time);
        this.time = time;
        this.log = log;
    }

    /** Whose sessions are traced. */
    public sealed interface Subject {
        /** All sessions of a client address. */
        record Client(InetAddress address) implements Subject {
            @Override
            public String toString() {
                return address.getHostAddress();
            }
        }

        /**
         * All sessions of an account, from its login on.
         *
         * @param address its canonical address
         */
        record Account(String address) implements Subject {
            public Account {
                address = address.toLowerCase(Locale.ROOT);
            }

            @Override
            public String toString() {
                return address;
            }
        }
    }

    /**
     * A trace that is switched on.
     *
     * @param until when it ends by itself
     */
    public record Rule(Subject subject, Instant until) {}

    /**
     * Traces {@code subject} from now on, also in sessions that are open; a trace of it that is on already gets the new end.
     *
     * @param length more than zero, {@link #MAX_DURATION} at most
     * @throws OperatorException if the length is out of range or there are {@link #MAX_RULES} already
     */
    public Rule on(Subject subject, Duration length) {
        if (!length.isPositive() || length.compareTo(MAX_DURATION) > 0) {
            throw new OperatorException(
                    "a trace lasts more than nothing and at most " + MAX_DURATION.toHours() + " hours", "Use --for 10m or the like.");
        }
        Rule rule = new Rule(subject, time.now().plus(length));
        lock.lock();
        try {
            List<Rule> changed = new ArrayList<>(rules);
            changed.removeIf(old -> old.subject().equals(subject));
            if (changed.size() >= MAX_RULES) {
                throw new OperatorException("already " + MAX_RULES + " traces are on", "End one with trace off.");
            }
            changed.add(rule);
            rules = List.copyOf(changed);
        } finally {
            lock.unlock();
        }
        time.schedule(length, () -> end(rule));
        log.warn("trace.on", "subject", subject, "until", rule.until(), "folder", folder.path());
        return rule;
    }

    /** Ends the trace of {@code subject}; false if it was not on. */
    public boolean off(Subject subject) {
        return rules.stream().filter(rule -> rule.subject().equals(subject)).anyMatch(this::end);
    }

    /** The traces that are on. */
    public List<Rule> rules() {
        return rules;
    }

    private boolean end(Rule rule) {
        lock.lock();
        try {
            List<Rule> left = new ArrayList<>(rules);
            if (!left.remove(rule)) {
                return false;
            }
            rules = List.copyOf(left);
        } finally {
            lock.unlock();
        }
        log.info("trace.off", "subject", rule.subject());
        return true;
    }

    /**
     * The trace of one session, to be closed with it.
     *
     * @param id the session's id; letters, digits and hyphens
     * @param door what the client connected to, such as {@code SMTP:25}
     * @param client the client's address as the session knows it
     */
    public SessionTrace session(String id, String door, InetAddress client) {
        return new SessionTrace(this, id, door, client);
    }

    /** Whether anything is traced: one volatile read. */
    boolean any() {
        return !rules.isEmpty();
    }

    boolean covers(InetAddress client, @Nullable String account) {
        for (Rule rule : rules) {
            boolean meant = switch (rule.subject()) {
                case Subject.Client one -> one.address().equals(client);
                case Subject.Account one -> one.address().equals(account);
            };
            if (meant) {
                return true;
            }
        }
        return false;
    }

    /** A file for a session; null if none can be made, which is logged. */
    @Nullable TraceFile open(String session, String firstLine) {
        try {
            TraceFile file = folder.create(session, firstLine);
            log.say("[TRACE] Session " + session + " is written to " + file.path(), "trace.file", "session", session, "path", file.path());
            return file;
        } catch (IOException e) {
            log.warn("trace.failed", "session", session, "reason", e);
            return null;
        }
    }

    Time time() {
        return time;
    }
}
