package io.mailserver.account;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What accounts answer automatically while nobody reads their mail (RFC 8621 §8), and whom they answered already. Set by whoever
 * configures it for a user; read at every delivery, from memory where an account has none.
 *
 * <p>Safe for use by any thread; blocks for the database where it must.
 */
public final class VacationResponses {
    /** Answers of one account within 24 hours; more are not sent, whoever asks. */
    static final int MAX_PER_DAY = 500;

    private static final Duration DAY = Duration.ofDays(1);
    private static final String SELECT =
            "SELECT account_id, enabled, from_ms, to_ms, subject, text_body, html_body FROM vacation_responses ";

    private final SystemDatabase database;
    private final ReentrantLock loading = new ReentrantLock();
    private final ReentrantLock changing = new ReentrantLock();
    /** By the account's number, only those that are enabled. Null until first asked for. */
    private volatile @Nullable Map<Long, Response> enabled;

    VacationResponses(SystemDatabase database) {
        this.database = database;
    }

    /**
     * The properties of RFC 8621 §8.
     *
     * @param from answered from then on; empty for at once
     * @param to answered before then; empty for no end
     * @param subject one line of at most {@value #MAX_SUBJECT} characters; empty for one made of the answered message's
     * @param text of at most {@value #MAX_BODY} characters
     * @param html of at most {@value #MAX_BODY} characters
     */
    public record Response(
            boolean isEnabled,
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<String> subject,
            Optional<String> text,
            Optional<String> html) {
        /** In characters. */
        public static final int MAX_SUBJECT = 500;

        /** In characters. */
        public static final int MAX_BODY = 100_000;

        /** Nothing is answered. */
        public static final Response NONE = new Response(
                false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** @throws IllegalArgumentException a text is too long, or the subject has a control character */
        public Response {
            if (subject.isPresent() && (subject.get().length() > MAX_SUBJECT || subject.get().chars().anyMatch(Character::isISOControl))) {
                throw new IllegalArgumentException("the subject is one line of at most " + MAX_SUBJECT + " characters");
            }
            if (text.orElse("").length() > MAX_BODY || html.orElse("").length() > MAX_BODY) {
                throw new IllegalArgumentException("a body has at most " + MAX_BODY + " characters");
            }
        }

        /** Whether messages that arrive at a time are answered. */
        public boolean isActive(Instant at) {
            return isEnabled && from.map(begin -> !at.isBefore(begin)).orElse(true) && to.map(at::isBefore).orElse(true);
        }

        private boolean saysTheSame(Response other) {
            return subject.equals(other.subject) && text.equals(other.text) && html.equals(other.html) && isEnabled == other.isEnabled;
        }
    }

    /** What an account has set; {@link Response#NONE} where it never set anything. */
    public Response of(long accountId) throws IOException {
        return database.read(c -> find(c, accountId).orElse(Response.NONE));
    }

    /**
     * Sets what an account answers; on the disk when this returns. With other words, or switched on anew, everybody may be answered again.
     *
     * @param accountId that of {@link AccountRef#id}; nothing happens where the account is gone
     */
    public void set(long accountId, Response response) throws IOException {
        Map<Long, Response> known = enabled();
        // The disk and memory change together: of two who set at once, memory must not keep the one that the disk lost.
        changing.lock();
        try {
            write(accountId, response);
            if (response.isEnabled()) {
                known.put(accountId, response);
            } else {
                known.remove(accountId);
            }
        } finally {
            changing.unlock();
        }
    }

    private void write(long accountId, Response response) throws IOException {
        database.note(c -> {
            if (Sql.first(c, row -> true, "SELECT 1 FROM accounts WHERE account_id = ?", accountId).isPresent()) {
                boolean same = find(c, accountId).filter(response::saysTheSame).isPresent();
                if (!same) {
                    Sql.update(c, "DELETE FROM vacation_answered WHERE account_id = ?", accountId);
                }
                Sql.update(c, "DELETE FROM vacation_responses WHERE account_id = ?", accountId);
                Sql.update(c, """
                        INSERT INTO vacation_responses (account_id, enabled, from_ms, to_ms, subject, text_body, html_body)
                        VALUES (?, ?, ?, ?, ?, ?, ?)""",
                        accountId, response.isEnabled(), response.from().map(Instant::toEpochMilli).orElse(null),
                        response.to().map(Instant::toEpochMilli).orElse(null), response.subject().orElse(null),
                        response.text().orElse(null), response.html().orElse(null));
            }
            return null;
        });
    }

    /** What an account answers to a message that arrives at a time. */
    public Optional<Response> active(long accountId, Instant at) throws IOException {
        return Optional.ofNullable(enabled().get(accountId)).filter(response -> response.isActive(at));
    }

    /**
     * Notes that an account answers somebody, so that nobody is answered twice within a period; on the disk when this returns.
     *
     * @param address in lower case
     * @return false where it has answered him within the period, or has answered too many today
     */
    public boolean mayAnswer(long accountId, String address, Instant now, Duration period) throws IOException {
        boolean[] may = new boolean[1];
        database.note(c -> {
            // Sql.first reads no null: the row is there or not.
            Optional<Long> last = Sql.first(c, row -> row.getLong(1),
                    "SELECT answered_ms FROM vacation_answered WHERE account_id = ? AND address = ?", accountId, address);
            long today = Sql.first(c, row -> row.getLong(1),
                    "SELECT COUNT(*) FROM vacation_answered WHERE account_id = ? AND answered_ms > ?", accountId,
                    now.minus(DAY).toEpochMilli()).orElse(0L);
            may[0] = today < MAX_PER_DAY && (last.isEmpty() || last.get() <= now.minus(period).toEpochMilli());
            if (may[0]) {
                Sql.update(c, "DELETE FROM vacation_answered WHERE account_id = ? AND (address = ? OR answered_ms <= ?)", accountId,
                        address, now.minus(period).toEpochMilli());
                Sql.update(c, "INSERT INTO vacation_answered (account_id, address, answered_ms) VALUES (?, ?, ?)", accountId, address,
                        now.toEpochMilli());
            }
            return null;
        });
        return may[0];
    }

    /** Forgets those of an account. */
    static void delete(Connection c, long accountId) throws SQLException {
        Sql.update(c, "DELETE FROM vacation_answered WHERE account_id = ?", accountId);
        Sql.update(c, "DELETE FROM vacation_responses WHERE account_id = ?", accountId);
    }

    private Map<Long, Response> enabled() throws IOException {
        Map<Long, Response> known = enabled;
        if (known != null) {
            return known;
        }
        loading.lock();
        try {
            known = enabled;
            if (known == null) {
                Map<Long, Response> read = new ConcurrentHashMap<>();
                database.read(c -> Sql.list(c, row -> {
                    read.put(row.getLong(1), read(row));
                    return row.getLong(1);
                }, SELECT + "WHERE enabled = ?", true));
                known = read;
                enabled = read;
            }
            return known;
        } finally {
            loading.unlock();
        }
    }

    private static Optional<Response> find(Connection c, long accountId) throws SQLException {
        return Sql.first(c, VacationResponses::read, SELECT + "WHERE account_id = ?", accountId);
    }

    private static Response read(ResultSet row) throws SQLException {
        return new Response(row.getBoolean(2), time(row, 3), time(row, 4), Optional.ofNullable(row.getString(5)),
                Optional.ofNullable(row.getString(6)), Optional.ofNullable(row.getString(7)));
    }

    private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        long milliseconds = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
    }
}
