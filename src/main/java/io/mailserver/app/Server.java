package io.mailserver.app;

import io.mailserver.admin.HttpEndpoints;
import io.mailserver.admin.ServerControl;
import io.mailserver.admin.ServerStatus;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.config.ConfigLoader;
import io.mailserver.log.RecentErrors;
import io.mailserver.log.ServerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A running mail server. Made by {@link Startup}; closed by whoever started it: closing ends every session in good order, then
 * everything else in the reverse order of its opening, the data lock last, within 10 s.
 *
 * <p>Safe for use by any thread.
 */
public final class Server implements ServerControl, AutoCloseable {
    /** How long sessions get to end by themselves. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Parts parts;
    private final Instant started;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock reloading = new ReentrantLock();

    /**
     * What runs.
     *
     * @param warnings of the start, for {@code status}
     * @param open everything to close after the listeners
     */
    record Parts(
            Locations locations,
            CurrentConfig config,
            String hostname,
            DataFolder data,
            Listeners listeners,
            HttpDoors http,
            HttpEndpoints endpoints,
            Certificates certificates,
            AutomaticCertificates automatic,
            List<ServerStatus.Warning> warnings,
            Supplier<RecentErrors.Summary> errors,
            CloseStack open,
            ServerLog log,
            Time time) {
        Parts {
            warnings = List.copyOf(warnings);
        }
    }

    Server(Parts parts) {
        this.parts = parts;
        this.started = parts.time().now();
    }

    /**
     * Starts a server and returns when it takes mail.
     *
     * @param log outlives it
     * @param time outlives it
     * @throws OperatorException if something that the operator can mend prevents the start; nothing is left open then
     */
    public static Server start(ServerOptions options, ServerLog log, Time time) {
        return new Startup(options, log, time).run();
    }

    /** The listeners with their real ports: those for mail, then those for HTTP, each in the order of the configuration. */
    public List<ServerStatus.Listener> listeners() {
        List<ServerStatus.Listener> all = new ArrayList<>(parts.listeners().status());
        all.addAll(parts.http().status());
        return all;
    }

    /** The data folder. */
    public Path data() {
        return parts.data().path();
    }

    @Override
    public ServerStatus status() {
        List<ServerStatus.Warning> warnings = new ArrayList<>(parts.warnings());
        AotCache.warning().ifPresent(warnings::add);
        parts.automatic().notes().forEach(note -> warnings.add(new ServerStatus.Warning(
                note, "it is tried again; see docs/installation.md, and acme.refused in the server's log")));
        return new ServerStatus(
                Version.TEXT,
                ProcessHandle.current().pid(),
                started,
                parts.hostname(),
                data(),
                listeners(),
                parts.certificates().status(),
                freeBytes(),
                parts.errors().get(),
                warnings);
    }

    private long freeBytes() {
        try {
            return Files.getFileStore(data()).getUsableSpace();
        } catch (IOException e) {
            throw new OperatorException("cannot look at the disk of " + data() + ": " + e.getMessage(), "look at the disk", e);
        }
    }

    /** Asks whoever waits in {@link #awaitStopRequest} to close the server. */
    @Override
    public void stop() {
        stopRequested.countDown();
    }

    /** Blocks until {@link #stop} is called. */
    public void awaitStopRequest() throws InterruptedException {
        stopRequested.await();
    }

    @Override
    public List<String> reload() {
        reloading.lock();
        try {
            Path file = parts.locations().configFile();
            Config before = parts.config().get();
            Config after = Files.exists(file)
                    ? ConfigLoader.load(file, parts.locations().sets())
                    : ConfigLoader.of(parts.locations().sets());
            List<String> lines = new ArrayList<>();
            // The certificates are the last thing that can be refused.
            parts.certificates().change(after.tls());
            parts.config().set(after);
            parts.log().level(after.log().level());
            List<String> restart = Config.diffNeedingRestart(before, after);
            if (!restart.isEmpty()) {
                lines.add("needs a restart: " + String.join(", ", restart));
            }
            parts.log().say("[RELOAD] configuration read again", "server.reloaded", "changed", Config.changes(before, after));
            return lines;
        } finally {
            reloading.unlock();
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        parts.log().say("[STOP] Mail server stopping", "server.stopping");
        parts.endpoints().stopping();
        try {
            boolean orderly = parts.listeners().drain(DRAIN);
            if (!orderly) {
                parts.log().warn("server.sessions-cut");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            parts.open().close();
            parts.log().say("[STOP] Mail server stopped", "server.stopped");
        }
    }
}
