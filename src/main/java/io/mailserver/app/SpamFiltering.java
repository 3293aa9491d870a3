package io.mailserver.app;

import io.mailserver.account.Account;
import io.mailserver.account.SenderLists;
import io.mailserver.account.SenderMemory;
import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.config.SpamConfig;
import io.mailserver.dns.Resolver;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import io.mailserver.spam.Failures;
import io.mailserver.spam.JunkExpiry;
import io.mailserver.spam.JunkTraining;
import io.mailserver.spam.Learning;
import io.mailserver.spam.SpamFilter;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountStore;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The spam filter of this server: what it learned, and a filter for the configuration of the moment. Closing writes what was learned.
 *
 * <p>Safe for use by any thread.
 */
final class SpamFiltering implements Supplier<SpamFilter>, AutoCloseable {
    private static final Duration SAVE_INTERVAL = Duration.ofMinutes(1);
    private static final Duration PRUNE_INTERVAL = Duration.ofHours(6);
    private static final Duration FIRST_PRUNE = Duration.ofMinutes(2);
    private static final String FOLDER = "spam";

    private final Learning learning;
    private final JunkTraining training;
    private final SenderMemory memory;
    private final Supplier<Config> config;
    private final Resolver resolver;
    private final Time time;
    private final EventLog log;
    private final Failures failures = new Failures();
    private final Repeating saving;
    private final Repeating pruning;
    private final JunkExpiry expiry;
    private final DataFolder data;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private @Nullable HttpClient http;
    private volatile Current current;
    private volatile boolean closed;

    private record Current(SpamConfig config, SpamFilter filter) {}

    /** What it stands on; all of it outlives it. */
    record Parts(
            DataFolder data, PlatformPool files, AccountStore store, Supplier<Config> config, Resolver resolver, Time time, EventLog log) {}

    private SpamFiltering(Parts parts, Learning learning) {
        this.learning = learning;
        this.memory = parts.data().accounts().senderMemory();
        this.config = parts.config();
        this.resolver = parts.resolver();
        this.time = parts.time();
        this.log = parts.log();
        this.data = parts.data();
        this.expiry = new JunkExpiry(parts.store()::open, time, log);
        this.training = new JunkTraining(learning, parts.store()::open, time, log);
        this.current = filter(config.get().spam());
        this.saving = new Repeating(time, SAVE_INTERVAL, this::save);
        this.pruning = new Repeating(time, PRUNE_INTERVAL, this::prune);
    }

    /** @throws OperatorException for a rule in the configuration that does not exist */
    static SpamFiltering over(Parts parts) throws IOException {
        SpamFiltering filtering = new SpamFiltering(parts, learning(parts.data(), parts.files(), parts.time(), parts.log()));
        parts.store().watchAll(filtering.training::changed);
        parts.data().folders().beforeRetiring(filtering.learning::forget);
        filtering.saving.start(SAVE_INTERVAL);
        filtering.pruning.start(FIRST_PRUNE);
        return filtering;
    }

    /** What a data folder has learned. */
    static Learning learning(DataFolder data, PlatformPool files, Time time, EventLog log) throws IOException {
        Path folder = Files.createDirectories(data.path().resolve(FOLDER));
        return Learning.open(new Learning.Parts(
                folder, account -> data.folders().folder(account.domain(), account.localPart()), files, time, log));
    }

    /** What this server and its accounts learned. */
    Learning learning() {
        return learning;
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
            return new Current(wanted, new SpamFilter(wanted,
                    new SpamFilter.Parts(learning.server(), resolver, this::http, JsonMapper.shared(), failures, time)));
        } catch (IllegalArgumentException e) {
            throw new OperatorException("spam.without or spam.weights names a rule that does not exist: " + e.getMessage(),
                    "./mailserver spam rules lists them", e);
        }
    }

    /** Registers its figures; once. */
    void measure(Metrics metrics) {
        learning.measure(metrics);
        metrics.gauge("spam_training_pending", "Accounts whose moves into and out of Junk are to be looked at.", training::pending);
        metrics.counters("spam_checks_failed", "Checks of contents that were left out because they failed or were late.",
                List.of("check"), () -> failures.counts().entrySet().stream()
                        .collect(Collectors.toMap(each -> List.of(each.getKey()), Map.Entry::getValue)));
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
        learning.save();
        try {
            memory.write();
        } catch (IOException e) {
            log.error("spam.senders-not-saved", e);
        }
    }

    private void prune() {
        try {
            memory.prune(config.get().spam().greylisting().keep());
        } catch (IOException e) {
            log.error("spam.senders-not-saved", e);
        }
        emptyJunk();
    }

    /** One account after the other; one in trouble does not keep the next from its turn. */
    private void emptyJunk() {
        try {
            for (Account account : data.accounts().accounts().list()) {
                AccountKey key = new AccountKey(account.domain(), account.localPart());
                // An account without mail has no databases yet, and needs none for this.
                if (!closed && Files.isDirectory(data.folders().maildir(account.domain(), account.localPart()))) {
                    try {
                        expiry.empty(key, keepJunk(account));
                    } catch (StoreException | RuntimeException e) {
                        log.error("spam.junk-not-emptied", e, "account", account.address());
                    }
                }
            }
        } catch (IOException e) {
            log.error("spam.junk-not-emptied", e, "account", "");
        }
    }

    private Duration keepJunk(Account account) throws IOException {
        SenderLists lists = data.accounts().senderLists();
        OptionalInt own = lists.setting(account.address().toString(), SenderLists.Setting.KEEP_JUNK_DAYS);
        OptionalInt days = own.isPresent() ? own : lists.setting(account.domain().ascii(), SenderLists.Setting.KEEP_JUNK_DAYS);
        return days.isPresent() ? Duration.ofDays(days.getAsInt()) : config.get().spam().keepJunk();
    }

    @Override
    public void close() {
        closed = true;
        saving.close();
        pruning.close();
        training.close();
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
