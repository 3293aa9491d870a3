package io.mailserver.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.SubstituteLoggerFactory;

/**
 * Warnings and errors of libraries (Jetty, SQLite, the JDK) as events {@code library.warning} and {@code library.error} of our log.
 * Both ways of logging that libraries use end here: SLF4J and {@code java.util.logging}.
 */
public final class LibraryLogs {
    private LibraryLogs() {}

    /** Sends them to {@code log} from now on, instead of wherever they went before. Called once, at start. */
    public static void routeTo(EventLog log) {
        LoggerContext context = logback();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(ch.qos.logback.classic.Level.WARN);
        var appender = new Slf4jAppender(log);
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);

        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(new JulHandler(log));
    }

    private static LoggerContext logback() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        while (factory instanceof SubstituteLoggerFactory) {
            // Another thread logs for the first time just now, and SLF4J has yet to find Logback: a matter of milliseconds.
            Thread.onSpinWait();
            factory = LoggerFactory.getILoggerFactory();
        }
        return (LoggerContext) factory;
    }

    private static void forward(EventLog log, boolean error, String logger, String text, @Nullable Throwable cause) {
        if (error) {
            log.error("library.error", cause, "logger", logger, "reason", text);
        } else if (cause == null) {
            log.warn("library.warning", "logger", logger, "reason", text);
        } else {
            log.warn("library.warning", "logger", logger, "reason", text, "thrown", Causes.chain(cause));
        }
    }

    private static final class Slf4jAppender extends AppenderBase<ILoggingEvent> {
        private final EventLog log;

        Slf4jAppender(EventLog log) {
            this.log = log;
        }

        @Override
        protected void append(ILoggingEvent event) {
            Throwable thrown = event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
            boolean error = event.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.ERROR);
            forward(log, error, event.getLoggerName(), event.getFormattedMessage(), thrown);
        }
    }

    private static final class JulHandler extends Handler {
        private final EventLog log;
        private final SimpleFormatter formatter = new SimpleFormatter();

        JulHandler(EventLog log) {
            this.log = log;
            setLevel(java.util.logging.Level.WARNING);
        }

        @Override
        public void publish(LogRecord event) {
            if (isLoggable(event)) {
                boolean error = event.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue();
                forward(log, error, String.valueOf(event.getLoggerName()), formatter.formatMessage(event), event.getThrown());
            }
        }

        @Override
        public void flush() {
            // Nothing is kept here.
        }

        @Override
        public void close() {
            // Nothing is held open here.
        }
    }
}
