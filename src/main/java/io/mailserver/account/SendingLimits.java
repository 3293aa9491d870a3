package io.mailserver.account;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How much each account sends to other servers within 24 hours, so that one whose password was stolen does limited harm; and which
 * accounts have limits of their own, in {@code system.db}.
 *
 * <p>Counted by the hour in memory, and written by {@link #write} from time to time and at the end: no message waits for it. A crash
 * forgets what was counted since the last time, a few seconds' worth, so that an account may send so much more that day and never less.
 *
 * <p>Safe for use by any thread; blocks for the database when an account is first seen.
 */
public final class SendingLimits {
    private static final long HOUR_SECONDS = 3_600;

    private final SystemDatabase database;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final Map<String, SendingDay> days = new HashMap<>();
    private final Map<Hour, Boolean> unwritten = new HashMap<>();
    private long sweptHour;
    private volatile Map<String, Own> own = Map.of();
    private volatile boolean stale = true;

    private record Hour(String account, long hour) {}

    /** What an account may send otherwise than the configuration says; {@link Allowance#UNLIMITED} for as much as it likes. */
    public record Own(OptionalInt messages, OptionalInt recipients, OptionalInt firstTime) {
        /** As the configuration says. */
        public static final Own NOTHING = new Own(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

        /** The limits that hold for it. */
        public Allowance over(Allowance general) {
            return new Allowance(
                    messages.orElse(general.messages()), recipients.orElse(general.recipients()), firstTime.orElse(general.firstTime()));
        }
    }

    /**
     * What became of the wish to send a message.
     *
     * @param refusal why it may not go; empty: it is counted
     */
    public record Reservation(String account, Allowance taken, Instant at, Optional<Refusal> refusal) {}

    /**
     * A limit that the message would pass.
     *
     * @param what is limited, such as "messages"
     * @param until when the message would be within it; empty where it alone is more than a day's worth
     */
    public record Refusal(int limit, String what, Optional<Instant> until) {}

    SendingLimits(SystemDatabase database, Time time) {
        this.database = database;
        this.time = time;
        database.whenChanged(() -> stale = true);
    }

    /**
     * Counts a message, if it is within its account's limits. Whoever cannot send it then gives that back.
     *
     * @param account as its canonical address
     * @param more what the message takes
     * @param general limits of accounts that have none of their own
     */
    public Reservation reserve(String account, Allowance more, Allowance general) throws IOException {
        Instant now = time.now();
        long hour = hour(now);
        Allowance limits = own(account).over(general);
        SendingDay fresh = loadIfUnknown(account, hour);
        lock.lock();
        try {
            sweep(hour);
            SendingDay day = days.computeIfAbsent(account, key -> fresh == null ? new SendingDay() : fresh);
            Optional<Refusal> refusal = day.passed(more, limits, hour).map(SendingLimits::refusal);
            if (refusal.isEmpty()) {
                day.add(hour, more);
                unwritten.put(new Hour(account, hour), true);
            }
            return new Reservation(account, more, now, refusal);
        } finally {
            lock.unlock();
        }
    }

    private static Refusal refusal(SendingDay.Passed passed) {
        Optional<Instant> until = passed.freeFrom().isPresent()
                ? Optional.of(Instant.ofEpochSecond(passed.freeFrom().getAsLong() * HOUR_SECONDS))
                : Optional.empty();
        return new Refusal(passed.limit(), passed.kind().words, until);
    }

    /** The message was not sent after all. */
    public void giveBack(Reservation reserved) {
        if (reserved.refusal().isPresent()) {
            return;
        }
        long hour = hour(reserved.at());
        lock.lock();
        try {
            SendingDay day = days.get(reserved.account());
            if (day != null) {
                day.takeBack(hour, reserved.taken());
                unwritten.put(new Hour(reserved.account(), hour), true);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What an account has sent within 24 hours. */
    public Allowance sent(String account) throws IOException {
        long hour = hour(time.now());
        SendingDay fresh = loadIfUnknown(account, hour);
        lock.lock();
        try {
            return days.computeIfAbsent(account, key -> fresh == null ? new SendingDay() : fresh).sum(hour);
        } finally {
            lock.unlock();
        }
    }

    /** What is on the disk of an account that is not in memory; null for one that is. */
    private @Nullable SendingDay loadIfUnknown(String account, long now) throws IOException {
        lock.lock();
        try {
            if (days.containsKey(account)) {
                return null;
            }
        } finally {
            lock.unlock();
        }
        return database.read(c -> {
            SendingDay day = new SendingDay();
            for (Counted each : Sql.list(c, row -> new Counted(row.getLong(1), new Allowance(row.getInt(2), row.getInt(3), row.getInt(4))),
                    "SELECT hour, messages, recipients, first_time FROM sent_hours WHERE account = ? AND hour > ?", account,
                    now - SendingDay.HOURS)) {
                day.add(each.hour(), each.amount());
            }
            return day;
        });
    }

    private record Counted(long hour, Allowance amount) {}

    /** Once an hour: accounts that sent nothing for a day are on the disk, or nothing of them is left to know. */
    private void sweep(long hour) {
        if (hour > sweptHour) {
            sweptHour = hour;
            days.values().forEach(day -> day.forget(hour));
            days.entrySet().removeIf(each -> each.getValue().isEmpty());
        }
    }

    /** Writes what was counted since the last time, and forgets on the disk what counts no more. */
    public void write() throws IOException {
        Map<Hour, Allowance> news = new HashMap<>();
        lock.lock();
        try {
            for (Hour each : unwritten.keySet()) {
                SendingDay day = days.get(each.account());
                if (day != null) {
                    news.put(each, day.in(each.hour()));
                }
            }
            unwritten.clear();
        } finally {
            lock.unlock();
        }
        if (news.isEmpty()) {
            return;
        }
        long oldest = hour(time.now()) - SendingDay.HOURS;
        boolean done = false;
        try {
            database.note(c -> {
                Sql.update(c, "DELETE FROM sent_hours WHERE hour <= ?", oldest);
                for (Map.Entry<Hour, Allowance> each : news.entrySet()) {
                    put(c, each.getKey(), each.getValue());
                }
                return null;
            });
            done = true;
        } finally {
            if (!done) {
                keepForLater(news);
            }
        }
    }

    private void keepForLater(Map<Hour, Allowance> news) {
        lock.lock();
        try {
            news.keySet().forEach(each -> unwritten.put(each, true));
        } finally {
            lock.unlock();
        }
    }

    private static void put(Connection c, Hour hour, Allowance amount) throws SQLException {
        Sql.update(c, "DELETE FROM sent_hours WHERE account = ? AND hour = ?", hour.account(), hour.hour());
        Sql.update(c, "INSERT INTO sent_hours (account, hour, messages, recipients, first_time) VALUES (?, ?, ?, ?, ?)", hour.account(),
                hour.hour(), amount.messages(), amount.recipients(), amount.firstTime());
    }

    /** What is decided for an account alone. */
    public Own own(String account) throws IOException {
        if (stale) {
            readOwn();
        }
        return own.getOrDefault(account, Own.NOTHING);
    }

    private void readOwn() throws IOException {
        stale = false;
        boolean done = false;
        try {
            own = database.read(c -> {
                Map<String, Own> found = new HashMap<>();
                for (Named each : Sql.list(c, row -> new Named(row.getString(1), own(row)),
                        "SELECT account, messages, recipients, first_time FROM sending_limits")) {
                    found.put(each.account(), each.own());
                }
                return found;
            });
            done = true;
        } finally {
            stale |= !done;
        }
    }

    private record Named(String account, Own own) {}

    private static Own own(ResultSet row) throws SQLException {
        return new Own(column(row, 2), column(row, 3), column(row, 4));
    }

    private static OptionalInt column(ResultSet row, int number) throws SQLException {
        int value = row.getInt(number);
        return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /**
     * Decides for an account alone; on the disk when this returns.
     *
     * @throws OperatorException there is no such account
     */
    public void set(Address account, Own limits) throws IOException {
        database.write(c -> {
            String name = Accounts.require(c, account).address().toString();
            Sql.update(c, "DELETE FROM sending_limits WHERE account = ?", name);
            if (!limits.equals(Own.NOTHING)) {
                Sql.update(c, "INSERT INTO sending_limits (account, messages, recipients, first_time) VALUES (?, ?, ?, ?)", name,
                        boxed(limits.messages()), boxed(limits.recipients()), boxed(limits.firstTime()));
            }
            return null;
        });
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    /** All of an account that goes, as part of the transaction in which it does. */
    static void deleteAll(Connection c, String account) throws SQLException {
        Sql.update(c, "DELETE FROM sent_hours WHERE account = ?", account);
        Sql.update(c, "DELETE FROM sending_limits WHERE account = ?", account);
    }

    private static long hour(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), HOUR_SECONDS);
    }
}
