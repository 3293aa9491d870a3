package io.mailserver.log;

import io.mailserver.base.Time;
import java.io.OutputStream;

/** The two forms of the log. */
public enum LogFormat {
    /** Lines for people. */
    CONSOLE {
        @Override
        public ServerLog open(OutputStream out, Time time, Level level) {
            return new ConsoleLog(out, level);
        }
    },
    /** One JSON object a line, for programs. */
    JSON {
        @Override
        public ServerLog open(OutputStream out, Time time, Level level) {
            return new JsonLog(out, time, level);
        }
    };

    /**
     * A log of this form.
     *
     * @param out where the lines go; only the log's own thread writes there, so that a slow reader stalls nobody
     * @param time the clock of the lines' times
     * @param level what is written; may be changed later
     */
    public abstract ServerLog open(OutputStream out, Time time, Level level);
}
