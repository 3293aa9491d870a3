package io.mailserver.account;

import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What other servers reported later of mail that they had taken, by account, in {@code system.db}: one row for a recipient of a message.
 * Whoever writes here has made sure that the report is one. Safe for use by any thread; blocks for the database.
 */
public final class ReturnedMail {
    private static final int MAX_REPLY = 500;
    private static final String SELECT = "SELECT r.message, r.address, r.fate, r.reply, r.reported_ms FROM returned_mail r ";

    private final SystemDatabase database;
    private final Time time;

    /** What became of a message. */
    public enum Fate {
        DELAYED,
        /** It went on to a server that sends no reports. */
        RELAYED,
        DELIVERED,
        FAILED
    }

    /**
     * One report.
     *
     * @param message the id of the transaction in which the message was submitted
     * @param address of the recipient, in lower case
     * @param reply the last server's words
     */
    public record Returned(String message, String address, Fate fate, String reply, Instant reported) {}

    /**
     * How long reports are kept, and how many.
     *
     * @param lifetime zero for not at all
     * @param perAccount of one account; the oldest makes room
     */
    public record Bounds(Duration lifetime, int perAccount) {}

    ReturnedMail(SystemDatabase database, Time time) {
        this.database = database;
        this.time = time;
    }

    /**
     * Notes a report; the same again changes nothing. A delay never takes the place of an end.
     *
     * @param account its number
     * @return the account's canonical address; empty where it is gone
     */
    public Optional<String> add(long account, String message, Address recipient, Fate fate, String reply, Bounds bounds)
            throws IOException {
        Optional<String> owner = database.read(c -> Sql.first(c, row -> row.getString(1) + "@" + row.getString(2), """
                SELECT a.local_part, d.name FROM accounts a JOIN domains d ON d.domain_id = a.domain_id
                WHERE a.account_id = ?""", account));
        if (owner.isEmpty() || !bounds.lifetime().isPositive()) {
            return owner;
        }
        String text = reply.length() > MAX_REPLY ? reply.substring(0, MAX_REPLY) : reply;
        String address = LocalPart.canonical(recipient.toString());
        database.note(c -> {
            Sql.update(c, "DELETE FROM returned_mail WHERE reported_ms <= ?", oldest(bounds));
            Optional<Fate> before = Sql.first(c, row -> Fate.valueOf(row.getString(1)),
                    "SELECT fate FROM returned_mail WHERE account_id = ? AND message = ? AND address = ?", account, message, address);
            if (before.isEmpty() || before.get().compareTo(fate) < 0) {
                Sql.update(c, "DELETE FROM returned_mail WHERE account_id = ? AND message = ? AND address = ?", account, message, address);
                Sql.update(c, """
                        INSERT INTO returned_mail (account_id, message, address, fate, reply, reported_ms) VALUES (?, ?, ?, ?, ?, ?)""",
                        account, message, address, fate.name(), text, time.now().toEpochMilli());
                trim(c, account, bounds.perAccount());
            }
            return null;
        });
        return owner;
    }

    private static void trim(Connection c, long account, int most) throws SQLException {
        long there = Sql.first(c, row -> row.getLong(1), "SELECT COUNT(*) FROM returned_mail WHERE account_id = ?", account).orElse(0L);
        if (there > most) {
            Sql.update(c, """
                    DELETE FROM returned_mail WHERE account_id = ? AND (message, address) IN (
                        SELECT message, address FROM returned_mail WHERE account_id = ? ORDER BY reported_ms, message, address LIMIT ?)""",
                    account, account, there - most);
        }
    }

    /** What was reported of an account's mail, the latest first; empty where there is no such account. */
    public List<Returned> of(String account, Bounds bounds) throws IOException {
        Address address = LocalPart.parse(account);
        return database.read(c -> Sql.list(c, ReturnedMail::read, SELECT + """
                JOIN accounts a ON a.account_id = r.account_id JOIN domains d ON d.domain_id = a.domain_id
                WHERE a.local_part = ? AND d.name = ? AND r.reported_ms > ? ORDER BY r.reported_ms DESC, r.message, r.address""",
                address.localPart(), address.host().toString(), oldest(bounds)));
    }

    /** All of an account that goes, as part of the transaction in which it does. */
    static void deleteAll(Connection c, long account) throws SQLException {
        Sql.update(c, "DELETE FROM returned_mail WHERE account_id = ?", account);
    }

    private long oldest(Bounds bounds) {
        return time.now().minus(bounds.lifetime()).toEpochMilli();
    }

    private static Returned read(ResultSet row) throws SQLException {
        return new Returned(row.getString(1), row.getString(2), Fate.valueOf(row.getString(3)), row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)));
    }
}
