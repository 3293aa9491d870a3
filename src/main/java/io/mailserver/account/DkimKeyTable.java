package io.mailserver.account;

import io.mailserver.account.DkimKey.State;
import io.mailserver.base.Domain;
import io.mailserver.dkim.SigningAlgorithm;
import io.mailserver.dns.DnsName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of {@code dkim_keys}. Runs on the database's thread. */
final class DkimKeyTable {
    private static final String SELECT = """
            SELECT k.key_id, d.name, k.selector, k.algorithm, k.record, k.state, k.created_ms, k.since_ms, k.private_key
            FROM dkim_keys k JOIN domains d ON d.domain_id = k.domain_id
            """;

    private DkimKeyTable() {}

    /** A row with the private half: base64 of PKCS#8; null where it is gone. */
    record Row(DkimKey key, @Nullable String privateKey) {
        @Override
        public String toString() {
            return key.toString();
        }
    }

    /** Those of a domain, the oldest first. */
    static List<Row> list(Connection c, long domainId) throws SQLException {
        return Sql.list(c, DkimKeyTable::read, SELECT + "WHERE k.domain_id = ? ORDER BY k.key_id", domainId);
    }

    /** Those of all domains in one state. */
    static List<DkimKey> inState(Connection c, State state) throws SQLException {
        return Sql.list(c, row -> read(row).key(), SELECT + "WHERE k.state = ? ORDER BY d.name, k.key_id", word(state));
    }

    static void insert(Connection c, long domainId, DkimKey key, String privateKey) throws SQLException {
        Sql.update(
                c,
                """
                INSERT INTO dkim_keys (domain_id, key_id, selector, algorithm, private_key, record, state, created_ms, since_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                domainId,
                key.id(),
                key.selector().text(),
                key.algorithm().word(),
                privateKey,
                key.record(),
                word(key.state()),
                key.created().toEpochMilli(),
                key.since().toEpochMilli());
    }

    /** Whether the key was in the former state. */
    static boolean change(Connection c, DkimKey key, State to, Instant now) throws SQLException {
        boolean signs = to == State.PENDING || to == State.ACTIVE;
        String forget = signs ? "" : ", private_key = NULL";
        return Sql.update(
                        c,
                        "UPDATE dkim_keys SET state = ?, since_ms = ?" + forget + " WHERE key_id = ? AND state = ?",
                        word(to),
                        now.toEpochMilli(),
                        key.id(),
                        word(key.state()))
                > 0;
    }

    static void deleteOf(Connection c, long domainId) throws SQLException {
        Sql.update(c, "DELETE FROM dkim_keys WHERE domain_id = ?", domainId);
    }

    static void delete(Connection c, DkimKey key) throws SQLException {
        Sql.update(c, "DELETE FROM dkim_keys WHERE key_id = ?", key.id());
    }

    private static Row read(ResultSet row) throws SQLException {
        String algorithm = row.getString(4);
        DkimKey key = new DkimKey(
                row.getLong(1),
                new Domain(row.getString(2)),
                new DnsName(row.getString(3)),
                SigningAlgorithm.ofWord(algorithm).orElseThrow(() -> new SQLException("an unknown algorithm " + algorithm)),
                row.getString(5),
                state(row.getString(6)),
                Instant.ofEpochMilli(row.getLong(7)),
                Instant.ofEpochMilli(row.getLong(8)));
        return new Row(key, row.getString(9));
    }

    private static String word(State state) {
        return switch (state) {
            case PENDING -> "pending";
            case ACTIVE -> "active";
            case RETIRING -> "retiring";
            case REMOVED -> "removed";
        };
    }

    private static State state(String word) throws SQLException {
        for (State state : State.values()) {
            if (word(state).equals(word)) {
                return state;
            }
        }
        throw new SQLException("an unknown state " + word);
    }
}
