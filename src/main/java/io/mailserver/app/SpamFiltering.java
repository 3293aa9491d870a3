package io.mailserver.app;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.config.SpamConfig;
import io.mailserver.dns.Resolver;
import io.mailserver.log.EventLog;
import io.mailserver.spam.BayesClassifier;
import io.mailserver.spam.SpamFilter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The spam filter of this server: what it learned, and a filter for the configuration of the moment. Closing writes what was learned.
 *
 * <p>Safe for use by any thread.
 */
final class SpamFiltering implements Supplier<SpamFilter>, AutoCloseable {
    /** Two mebibytes of memory when full. */
    private static final int SERVER_TOKENS = 1 << 18;

    private static final Duration SAVE_INTERVAL = Duration.ofMinutes(1);
    private static final String FOLDER = "spam";
    private static final String LEARNED = "learned";

    private final BayesClassifier learned;
    private final Supplier<Config> config;
    private final Resolver resolver;
    private final Time time;
    private final EventLog log;
    private final Repeating saving;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private @Nullable HttpClient http;
    private volatile Current current;

    private record Current(SpamConfig config, SpamFilter filter) {}

    private SpamFiltering(BayesClassifier learned, Supplier<Config> config, Resolver resolver, Time time, EventLog log) {
        this.learned = learned;
        this.config = config;
        this.resolver = resolver;
        this.time = time;
        this.log = log;
        this.current = filter(config.get().spam());
        this.saving = new Repeating(time, SAVE_INTERVAL, this::save);
    }

    /** @throws OperatorException for a rule in the configuration that does not exist */
    static SpamFiltering over(Path data, Supplier<Config> config, Resolver resolver, Time time, EventLog log) throws IOException {
        Path folder = Files.createDirectories(data.resolve(FOLDER));
        SpamFiltering filtering = new SpamFiltering(learned(folder.resolve(LEARNED), log), config, resolver, time, log);
        filtering.saving.start(SAVE_INTERVAL);
        return filtering;
    }

    private static BayesClassifier learned(Path file, EventLog log) {
        try {
            return BayesClassifier.open(file, SERVER_TOKENS);
        } catch (IOException e) {
            // Training is a comfort: mail must flow without it.
            log.error("spam.learned-lost", e, "path", file);
            return BayesClassifier.empty(file, SERVER_TOKENS);
        }
    }

    /** What the server learned. */
    BayesClassifier learned() {
        return learned;
    }

    @Override
    public SpamFilter get() {
        Current now = current;
        SpamConfig wanted = config.get().spam();
        if (now.config().equals(wanted)) {
            return now.filter();
        }
        lock.lock();
        try {
            if (!current.config().equals(wanted)) {
                current = filter(wanted);
            }
            return current.filter();
        } catch (OperatorException e) {
            log.error("spam.config-refused", e);
            current = new Current(wanted, now.filter());
            return now.filter();
        } finally {
            lock.unlock();
        }
    }

    private Current filter(SpamConfig wanted) {
        try {
            return new Current(wanted, new SpamFilter(wanted, new SpamFilter.Parts(learned, resolver, this::http, JsonMapper.shared(),
                    time)));
        } catch (IllegalArgumentException e) {
            throw new OperatorException("spam.without names a rule that does not exist: " + wanted.without(),
                    "./mailserver spam rules lists them", e);
        }
    }

    private HttpClient http() {
        lock.lock();
        try {
            if (http == null) {
                http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            }
            return http;
        } finally {
            lock.unlock();
        }
    }

    private void save() {
        try {
            learned.save();
        } catch (IOException e) {
            log.error("spam.learned-not-saved", e);
        }
    }

    @Override
    public void close() {
        saving.close();
        save();
        lock.lock();
        try {
            if (http != null) {
                http.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
