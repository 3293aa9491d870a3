package io.mailserver.app;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.SystemTime;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.log.LibraryLogs;
import io.mailserver.log.LogFormat;
import io.mailserver.log.ServerLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server in the foreground, until a signal or the command {@code stop} ends it. */
final class Foreground {
    /** 128 and the number of SIGINT, as shells have it. */
    private static final int KILLED = 130;

    /** Shells and timeout(1) send a signal to a process and its group, so that it comes twice at once. */
    private static final Duration IMPATIENCE = Duration.ofSeconds(1);

    private final AtomicReference<@Nullable Server> running = new AtomicReference<>();
    private final AtomicReference<@Nullable Long> firstStopSignal = new AtomicReference<>();

    /**
     * Starts and returns after the stop.
     *
     * @param domain {@code --domain}
     * @param command for whoever is refused the data lock
     * @throws OperatorException if it cannot start
     */
    void run(Locations locations, Optional<Domain> domain, String command) {
        Config config = locations.config();
        try (SystemTime time = new SystemTime();
                ServerLog log = config.log().format().open(new FileOutputStream(FileDescriptor.out), time, config.log().level())) {
            LibraryLogs.routeTo(log);
            Signals.on("TERM", () -> stopSignal(time));
            Signals.on("INT", () -> stopSignal(time));
            ServerOptions options = new ServerOptions(locations, domain, command, true, secrets(config, log));
            try (Server server = Server.start(options, log, time)) {
                running.set(server);
                if (firstStopSignal.get() != null) {
                    server.stop();
                }
                Signals.on("HUP", () -> reload(server, log));
                server.awaitStopRequest();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the JVM ends
            }
        }
    }

    /** The first one stops in good order; whoever sends another one some time later does not want to wait. */
    private void stopSignal(Time time) {
        if (firstStopSignal.compareAndSet(null, time.nanos())) {
            Server server = running.get();
            if (server != null) {
                server.stop();
            }
            return;
        }
        Long first = firstStopSignal.get();
        if (first != null && time.nanos() - first > IMPATIENCE.toNanos()) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    private static void reload(Server server, ServerLog log) {
        try {
            server.reload().forEach(line -> log.say("[RELOAD] " + line, "server.reload-note", "note", line));
        } catch (OperatorException e) {
            log.error("server.reload-refused", null, "problem", String.valueOf(e.getMessage()), "hint", e.hint());
        }
    }

    /** JSON goes where logs go, and a password must not: it goes to standard error instead. */
    private static Consumer<String> secrets(Config config, ServerLog log) {
        return config.log().format() == LogFormat.CONSOLE ? line -> log.say(line, "server.secret-shown") : System.err::println;
    }
}
