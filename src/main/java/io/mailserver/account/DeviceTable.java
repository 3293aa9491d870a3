package io.mailserver.account;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of {@code devices} and {@code access_tokens}. Of each token only its SHA-256 is there. */
final class DeviceTable {
    private static final String COLUMNS = "d.device_id, d.name, d.browser, d.created_ms, d.last_used_ms, d.last_address";

    private static final String SELECT =
            "SELECT " + COLUMNS + ", a.account_id, a.local_part, m.name, d.token_hash, d.earlier_hash, d.renewed_ms ";

    private static final String ACCOUNT = """
            JOIN accounts a ON a.account_id = d.account_id JOIN domains m ON m.domain_id = a.domain_id
            WHERE a.enabled = ? AND m.enabled = ? AND d.last_used_ms >= ? AND""";

    private DeviceTable() {}

    /** A device with whose it is. */
    record Stored(long accountId, String address, Device device, String token, Optional<String> earlier, Instant renewed) {}

    static void insert(Connection c, long accountId, long credentialId, Device device, String token) throws SQLException {
        Sql.update(
                c,
                """
                INSERT INTO devices (account_id, device_id, credential_id, name, browser, token_hash, renewed_ms, created_ms, last_used_ms,
                    last_address)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                accountId, device.id(), credentialId, device.name(), device.browser(), token, device.created().toEpochMilli(),
                device.created().toEpochMilli(), device.lastUsed().toEpochMilli(), device.address());
    }

    /** The device with this cookie or refresh token, or with it as the one before its present refresh token. */
    static Optional<Stored> byToken(Connection c, String token, Instant usedSince) throws SQLException {
        return Sql.first(
                c,
                DeviceTable::read,
                SELECT + "FROM devices d " + ACCOUNT + " (d.token_hash = ? OR d.earlier_hash = ?)",
                true, true, usedSince.toEpochMilli(), token, token);
    }

    /** The device with this access token. */
    static Optional<Stored> byAccessToken(Connection c, String token, Instant now, Instant usedSince) throws SQLException {
        return Sql.first(
                c,
                DeviceTable::read,
                SELECT + "FROM access_tokens t JOIN devices d ON d.device_id = t.device_id " + ACCOUNT
                        + " t.token_hash = ? AND t.expires_ms > ?",
                true, true, usedSince.toEpochMilli(), token, now.toEpochMilli());
    }

    /** The last used first. */
    static List<Device> list(Connection c, long accountId, Instant usedSince) throws SQLException {
        return Sql.list(
                c,
                DeviceTable::device,
                "SELECT " + COLUMNS + " FROM devices d WHERE d.account_id = ? AND d.last_used_ms >= ? "
                        + "ORDER BY d.last_used_ms DESC, d.device_id DESC",
                accountId, usedSince.toEpochMilli());
    }

    static void addAccessToken(Connection c, long deviceId, String token, Instant expires) throws SQLException {
        Sql.update(c, "INSERT INTO access_tokens (token_hash, device_id, expires_ms) VALUES (?, ?, ?)",
                token, deviceId, expires.toEpochMilli());
    }

    /** Forgets those that are over, and the oldest beyond {@code most}. */
    static void pruneAccessTokens(Connection c, long deviceId, Instant now, int most) throws SQLException {
        Sql.update(c, "DELETE FROM access_tokens WHERE device_id = ? AND expires_ms <= ?", deviceId, now.toEpochMilli());
        List<String> tokens = Sql.list(c, row -> row.getString(1),
                "SELECT token_hash FROM access_tokens WHERE device_id = ? ORDER BY expires_ms DESC", deviceId);
        for (String old : tokens.subList(Math.min(most, tokens.size()), tokens.size())) {
            Sql.update(c, "DELETE FROM access_tokens WHERE token_hash = ?", old);
        }
    }

    /** The present refresh token becomes the earlier one. */
    static void renew(Connection c, long deviceId, String token, Instant now) throws SQLException {
        Sql.update(c, "UPDATE devices SET earlier_hash = token_hash, token_hash = ?, renewed_ms = ? WHERE device_id = ?",
                token, now.toEpochMilli(), deviceId);
    }

    /** A new present refresh token; the earlier one stays as it is. */
    static void replace(Connection c, long deviceId, String token) throws SQLException {
        Sql.update(c, "UPDATE devices SET token_hash = ? WHERE device_id = ?", token, deviceId);
    }

    static void used(Connection c, long deviceId, Instant now, String address) throws SQLException {
        Sql.update(c, "UPDATE devices SET last_used_ms = ?, last_address = ? WHERE device_id = ?", now.toEpochMilli(), address, deviceId);
    }

    /** Whether it was there. */
    static boolean delete(Connection c, long accountId, long deviceId) throws SQLException {
        Sql.update(
                c,
                "DELETE FROM access_tokens WHERE device_id IN (SELECT device_id FROM devices WHERE account_id = ? AND device_id = ?)",
                accountId, deviceId);
        return Sql.update(c, "DELETE FROM devices WHERE account_id = ? AND device_id = ?", accountId, deviceId) > 0;
    }

    static void deleteAll(Connection c, long accountId) throws SQLException {
        Sql.update(c, "DELETE FROM access_tokens WHERE device_id IN (SELECT device_id FROM devices WHERE account_id = ?)", accountId);
        Sql.update(c, "DELETE FROM devices WHERE account_id = ?", accountId);
    }

    /** Those that were signed in with this password. */
    static void deleteOf(Connection c, long accountId, String label) throws SQLException {
        for (long device : Sql.list(c, row -> row.getLong(1), """
                SELECT d.device_id FROM devices d JOIN credentials c ON c.account_id = d.account_id AND c.credential_id = d.credential_id
                WHERE c.account_id = ? AND c.label = ?""", accountId, label)) {
            delete(c, accountId, device);
        }
    }

    /** Whether the device was signed in with the password {@code from}; then it is with {@code to}. */
    static boolean setCredential(Connection c, long accountId, long deviceId, long from, long to) throws SQLException {
        return Sql.update(c, "UPDATE devices SET credential_id = ? WHERE account_id = ? AND device_id = ? AND credential_id = ?",
                to, accountId, deviceId, from) > 0;
    }

    private static Stored read(ResultSet row) throws SQLException {
        String earlier = row.getString(11);
        return new Stored(row.getLong(7), row.getString(8) + "@" + row.getString(9), device(row), row.getString(10),
                Optional.ofNullable(earlier), Instant.ofEpochMilli(row.getLong(12)));
    }

    private static Device device(ResultSet row) throws SQLException {
        return new Device(row.getLong(1), row.getString(2), row.getBoolean(3), Instant.ofEpochMilli(row.getLong(4)),
                Instant.ofEpochMilli(row.getLong(5)), row.getString(6));
    }
}
