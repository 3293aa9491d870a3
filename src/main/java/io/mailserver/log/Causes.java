package io.mailserver.log;

import io.mailserver.base.OperatorException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is written of a throwable. */
final class Causes {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_FRAMES = 60;

    private Causes() {}

    /** The throwable and what caused it, outermost first, each with its message. */
    static String chain(Throwable thrown) {
        StringBuilder text = new StringBuilder(name(thrown));
        Throwable cause = thrown.getCause();
        for (int depth = 1; cause != null && depth < MAX_DEPTH; depth++) {
            text.append("; caused by ").append(name(cause));
            cause = cause.getCause();
        }
        return text.toString();
    }

    /** The stack trace, where the throwable is a bug of ours; empty where it is trouble with the world. */
    static List<String> stack(Throwable thrown) {
        List<String> lines = new ArrayList<>();
        if (!isBug(thrown)) {
            return lines;
        }
        @Nullable Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MAX_DEPTH && lines.size() < MAX_FRAMES; depth++) {
            if (depth > 0) {
                lines.add("caused by " + name(cause));
            }
            for (StackTraceElement frame : cause.getStackTrace()) {
                if (lines.size() < MAX_FRAMES) {
                    lines.add("at " + frame);
                }
            }
            cause = cause.getCause();
        }
        return lines;
    }

    private static boolean isBug(Throwable thrown) {
        return thrown instanceof Error
                || (thrown instanceof RuntimeException
                        && !(thrown instanceof OperatorException)
                        && !(thrown instanceof UncheckedIOException));
    }

    private static String name(Throwable thrown) {
        String message = thrown.getMessage();
        String type = thrown.getClass().getSimpleName();
        return message == null ? type : type + ": " + message;
    }
}
