package io.mailserver.app;

import io.mailserver.base.SystemTime;
import io.mailserver.cli.Cli;
import io.mailserver.cli.Terminal;
import io.mailserver.log.Level;
import io.mailserver.log.LogFormat;
import io.mailserver.log.ServerLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/** The program: {@code ./mailserver} runs this. Start with {@link Program}, {@link Startup} and {@link Server}. */
public final class Main {
    private Main() {}

    /** Does what {@code words} say and ends the process with 0 done, 1 refused or failed, 2 not understood. */
    public static void main(String[] words) {
        System.exit(run(Terminal.ofProcess(), words));
    }

    /** As {@link #main}, and returns the exit code. */
    static int run(Terminal terminal, String... words) {
        // What a command says goes to the terminal; what goes wrong in it besides, to standard error.
        try (SystemTime time = new SystemTime();
                ServerLog log = LogFormat.CONSOLE.open(new FileOutputStream(FileDescriptor.err), time, Level.WARN)) {
            return new Cli(new Program(time, log), terminal).run(words);
        }
    }
}
