package io.mailserver.account;

import io.mailserver.base.Time;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the server remembers of senders, in {@code system.db}: to whom each account has written, how mail of a network or domain was
 * judged, which doubtful mail was asked to come again, and which accounts may not send any more.
 *
 * <p>Counts that {@link #judged} and {@link #wrote} take are written by {@link #write}, from time to time: they never make anybody wait.
 * Safe for use by any thread; all else blocks for the database.
 */
public final class SenderMemory {
    /** After so long, what was found counts half. */
    private static final Duration HALF_LIFE = Duration.ofDays(30);

    /** Correspondents to whom nobody wrote for so long are strangers again. */
    private static final Duration CORRESPONDENT = Duration.ofDays(3 * 365);

    private static final int MAX_CACHED = 20_000;
    private static final int MAX_UNWRITTEN = 50_000;
    private static final int MAX_NAME = 300;
    private static final double MILLI = 1_000;

    private final SystemDatabase database;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final Map<String, Reputation> reputations = recent();
    private final Map<Correspondent, Boolean> known = recent();
    private final Map<String, Reputation> news = new HashMap<>();
    private final Map<Correspondent, Instant> written = new HashMap<>();
    private final Map<String, Optional<Held>> held = recent();

    private record Correspondent(String account, String address) {}

    /**
     * How mail of a sender was judged, older mail counting less.
     *
     * @param at when it was so
     */
    public record Reputation(double good, double bad, Instant at) {
        private Reputation now(Instant now) {
            double halvings = Math.max(0, (double) Duration.between(at, now).toSeconds() / HALF_LIFE.toSeconds());
            double weight = Math.pow(0.5, halvings);
            return new Reputation(good * weight, bad * weight, now);
        }

        private Reputation plus(double moreGood, double moreBad) {
            return new Reputation(Math.max(0, good + moreGood), Math.max(0, bad + moreBad), at);
        }
    }

    /** An account that may not send. */
    public record Held(String account, Instant since, String reason) {}

    SenderMemory(SystemDatabase database, Time time) {
        this.database = database;
        this.time = time;
        database.whenChanged(this::forgetAnswers);
    }

    /** Accounts may have gone: what was known of them is asked anew. */
    private void forgetAnswers() {
        lock.lock();
        try {
            known.clear();
            written.forEach((correspondent, when) -> known.put(correspondent, true));
            held.clear();
        } finally {
            lock.unlock();
        }
    }

    private static <K, V> Map<K, V> recent() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MAX_CACHED;
            }
        };
    }

    /** An account has written to an address: mail from there is no stranger's any more. Does not block. */
    public void wrote(String account, String address) {
        Correspondent correspondent = new Correspondent(account, address.toLowerCase(Locale.ROOT));
        lock.lock();
        try {
            if (written.size() < MAX_UNWRITTEN && correspondent.address().length() <= MAX_NAME) {
                written.put(correspondent, time.now());
                known.put(correspondent, true);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether an account has written to an address. */
    public boolean knows(String account, String address) throws IOException {
        Correspondent correspondent = new Correspondent(account, address.toLowerCase(Locale.ROOT));
        lock.lock();
        try {
            Boolean cached = known.get(correspondent);
            if (cached != null) {
                return cached;
            }
        } finally {
            lock.unlock();
        }
        boolean found = database.read(c -> Sql.first(c, row -> row.getLong(1),
                "SELECT last_ms FROM correspondents WHERE account = ? AND address = ?", account, correspondent.address())).isPresent();
        lock.lock();
        try {
            return known.merge(correspondent, found, Boolean::logicalOr);
        } finally {
            lock.unlock();
        }
    }

    /** Mail of a sender was judged. Does not block. */
    public void judged(String sender, double good, double bad) {
        lock.lock();
        try {
            Reputation before = news.get(sender);
            if (sender.length() > MAX_NAME || (before == null && news.size() >= MAX_UNWRITTEN)) {
                return;
            }
            news.put(sender, (before == null ? new Reputation(0, 0, time.now()) : before).plus(good, bad));
            reputations.computeIfPresent(sender, (name, known) -> known.now(time.now()).plus(good, bad));
        } finally {
            lock.unlock();
        }
    }

    /** What is known of a sender now. */
    public Reputation reputation(String sender) throws IOException {
        Instant now = time.now();
        lock.lock();
        try {
            Reputation cached = reputations.get(sender);
            if (cached != null) {
                return cached.now(now);
            }
        } finally {
            lock.unlock();
        }
        Reputation stored = database.read(c -> stored(c, sender)).orElse(new Reputation(0, 0, now)).now(now);
        lock.lock();
        try {
            Reputation unwritten = news.getOrDefault(sender, new Reputation(0, 0, now));
            Reputation sum = stored.plus(unwritten.good(), unwritten.bad());
            reputations.put(sender, sum);
            return sum;
        } finally {
            lock.unlock();
        }
    }

    private static Optional<Reputation> stored(Connection c, String sender) throws SQLException {
        return Sql.first(c,
                row -> new Reputation(row.getLong(1) / MILLI, row.getLong(2) / MILLI, Instant.ofEpochMilli(row.getLong(3))),
                "SELECT good_milli, bad_milli, updated_ms FROM reputation WHERE sender = ?", sender);
    }

    /** Writes what was counted since the last time. */
    public void write() throws IOException {
        Map<String, Reputation> judged;
        Map<Correspondent, Instant> correspondents;
        lock.lock();
        try {
            judged = Map.copyOf(news);
            correspondents = Map.copyOf(written);
            news.clear();
            written.clear();
        } finally {
            lock.unlock();
        }
        if (judged.isEmpty() && correspondents.isEmpty()) {
            return;
        }
        Instant now = time.now();
        database.note(c -> {
            for (Map.Entry<String, Reputation> each : judged.entrySet()) {
                Reputation sum = stored(c, each.getKey()).orElse(new Reputation(0, 0, now)).now(now)
                        .plus(each.getValue().good(), each.getValue().bad());
                Sql.update(c, "DELETE FROM reputation WHERE sender = ?", each.getKey());
                Sql.update(c, "INSERT INTO reputation (sender, good_milli, bad_milli, updated_ms) VALUES (?, ?, ?, ?)", each.getKey(),
                        Math.round(sum.good() * MILLI), Math.round(sum.bad() * MILLI), now.toEpochMilli());
            }
            for (Map.Entry<Correspondent, Instant> each : correspondents.entrySet()) {
                Correspondent who = each.getKey();
                Sql.update(c, "DELETE FROM correspondents WHERE account = ? AND address = ?", who.account(), who.address());
                Sql.update(c, "INSERT INTO correspondents (account, address, last_ms) VALUES (?, ?, ?)", who.account(), who.address(),
                        each.getValue().toEpochMilli());
            }
            return null;
        });
    }

    /**
     * Asks for doubtful mail to come again; remembered durably.
     *
     * @param wait how long a sender has to wait
     * @param forget a try that was not followed by another within this time is forgotten
     * @return how long it still has to wait; empty if it may pass
     */
    public Optional<Duration> greylist(String network, String sender, String recipient, Duration wait, Duration forget) throws IOException {
        Instant now = time.now();
        Optional<Instant> first = database.read(c -> Sql.first(c, row -> Instant.ofEpochMilli(row.getLong(1)),
                "SELECT first_ms FROM greylist WHERE network = ? AND sender = ? AND recipient = ? AND last_ms > ?", network, sender,
                recipient, now.minus(forget).toEpochMilli()));
        Instant since = first.orElse(now);
        database.note(c -> {
            Sql.update(c, "DELETE FROM greylist WHERE network = ? AND sender = ? AND recipient = ?", network, sender, recipient);
            Sql.update(c, "INSERT INTO greylist (network, sender, recipient, first_ms, last_ms) VALUES (?, ?, ?, ?, ?)", network, sender,
                    recipient, since.toEpochMilli(), now.toEpochMilli());
            return null;
        });
        Duration waited = Duration.between(since, now);
        return waited.compareTo(wait) >= 0 ? Optional.empty() : Optional.of(wait.minus(waited));
    }

    /** Whether an account may not send, and why. */
    public Optional<Held> held(String account) throws IOException {
        lock.lock();
        try {
            Optional<Held> cached = held.get(account);
            if (cached != null) {
                return cached;
            }
        } finally {
            lock.unlock();
        }
        Optional<Held> found = database.read(c -> Sql.first(c, SenderMemory::held,
                "SELECT account, since_ms, reason FROM held_senders WHERE account = ?", account));
        cacheHeld(account, found);
        return found;
    }

    private void cacheHeld(String account, Optional<Held> value) {
        lock.lock();
        try {
            held.put(account, value);
        } finally {
            lock.unlock();
        }
    }

    /** All accounts that may not send. */
    public List<Held> held() throws IOException {
        return database.read(c -> Sql.list(c, SenderMemory::held, "SELECT account, since_ms, reason FROM held_senders ORDER BY account"));
    }

    private static Held held(ResultSet row) throws SQLException {
        return new Held(row.getString(1), Instant.ofEpochMilli(row.getLong(2)), row.getString(3));
    }

    /** An account may not send any more; it is on the disk when this returns. */
    public void hold(String account, String reason) throws IOException {
        Held hold = new Held(account, time.now(), reason);
        database.note(c -> {
            Sql.update(c, "DELETE FROM held_senders WHERE account = ?", account);
            Sql.update(c, "INSERT INTO held_senders (account, since_ms, reason) VALUES (?, ?, ?)", account, hold.since().toEpochMilli(),
                    reason);
            return null;
        });
        cacheHeld(account, Optional.of(hold));
    }

    /** An account may send again; whether it could not. */
    public boolean release(String account) throws IOException {
        boolean there = held(account).isPresent();
        database.note(c -> {
            Sql.update(c, "DELETE FROM held_senders WHERE account = ?", account);
            return null;
        });
        cacheHeld(account, Optional.empty());
        return there;
    }

    /** How much is remembered. */
    public record Counts(long correspondents, long reputations, long greylisted) {}

    /** How much is remembered now, what is not written yet left out. */
    public Counts counts() throws IOException {
        return database.read(c -> new Counts(
                count(c, "SELECT COUNT(*) FROM correspondents"),
                count(c, "SELECT COUNT(*) FROM reputation"),
                count(c, "SELECT COUNT(*) FROM greylist")));
    }

    private static long count(Connection c, String query) throws SQLException {
        return Sql.first(c, row -> row.getLong(1), query).orElse(0L);
    }

    /** All of an account that goes, as part of the transaction in which it does. */
    static void deleteAll(Connection c, String account) throws SQLException {
        Sql.update(c, "DELETE FROM correspondents WHERE account = ?", account);
        Sql.update(c, "DELETE FROM held_senders WHERE account = ?", account);
    }

    /** Forgets what is too old to mean anything, and greylisted mail that nobody tried again. */
    public void prune(Duration greylisted) throws IOException {
        Instant now = time.now();
        database.note(c -> {
            Sql.update(c, "DELETE FROM correspondents WHERE last_ms < ?", now.minus(CORRESPONDENT).toEpochMilli());
            Sql.update(c, "DELETE FROM reputation WHERE updated_ms < ?", now.minus(HALF_LIFE.multipliedBy(6)).toEpochMilli());
            Sql.update(c, "DELETE FROM greylist WHERE last_ms < ?", now.minus(greylisted).toEpochMilli());
            return null;
        });
    }
}
