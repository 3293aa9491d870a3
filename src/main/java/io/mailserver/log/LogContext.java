package io.mailserver.log;

import org.jspecify.annotations.Nullable;

/**
 * The session and the message that the running code works for, added to every log line without being passed along. Bound to a scope,
 * inherited by nothing but structured children: who hands work to another thread binds {@link #current()} there again. Never used
 * for anything but the log.
 *
 * @param session the id of the session; null outside of one
 * @param message the id of the message; null where no message is at hand
 */
public record LogContext(@Nullable String session, @Nullable String message) {
    private static final LogContext EMPTY = new LogContext(null, null);
    private static final ScopedValue<LogContext> CURRENT = ScopedValue.newInstance();

    /** The context of the calling code; the empty one outside of any. */
    public static LogContext current() {
        return CURRENT.orElse(EMPTY);
    }

    /** A context of that session and no message. */
    public static LogContext ofSession(String session) {
        return new LogContext(session, null);
    }

    /** This session with that message. */
    public LogContext withMessage(String id) {
        return new LogContext(session, id);
    }

    /** Runs {@code work} in this context. */
    public void run(Runnable work) {
        ScopedValue.where(CURRENT, this).run(work);
    }

    /** Calls {@code work} in this context and passes on its result or exception. */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }
}
