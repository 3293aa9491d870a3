package io.mailserver.account;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of {@code credentials}. */
final class CredentialTable {
    private CredentialTable() {}

    /** A row. */
    record Stored(Credential credential, Secret secret) {}

    /** Those of an account, the oldest first. */
    static List<Stored> list(Connection c, long accountId) throws SQLException {
        return Sql.list(
                c,
                CredentialTable::read,
                """
                SELECT credential_id, label, argon2id, scram_sha_256, created_ms, last_used_ms FROM credentials
                WHERE account_id = ? ORDER BY credential_id""",
                accountId);
    }

    /** The new row's id. */
    static long insert(Connection c, long accountId, String label, Secret secret, Instant now) throws SQLException {
        long id = SystemSchema.nextId(c, "credential");
        Sql.update(
                c,
                """
                INSERT INTO credentials (account_id, credential_id, label, argon2id, scram_sha_256, created_ms)
                VALUES (?, ?, ?, ?, ?, ?)""",
                accountId,
                id,
                label,
                secret.argon2id().format(),
                secret.scramText(),
                now.toEpochMilli());
        return id;
    }

    /** Replaces what is kept of the same password. */
    static void setSecret(Connection c, long accountId, long credentialId, Secret secret) throws SQLException {
        Sql.update(
                c,
                "UPDATE credentials SET argon2id = ?, scram_sha_256 = ? WHERE account_id = ? AND credential_id = ?",
                secret.argon2id().format(),
                secret.scramText(),
                accountId,
                credentialId);
    }

    static void setLastUsed(Connection c, long accountId, long credentialId, Instant lastUsed) throws SQLException {
        Sql.update(
                c,
                "UPDATE credentials SET last_used_ms = ? WHERE account_id = ? AND credential_id = ?",
                lastUsed.toEpochMilli(),
                accountId,
                credentialId);
    }

    /** Whether there was one of that label; devices that were signed in with it go with it. */
    static boolean delete(Connection c, long accountId, String label) throws SQLException {
        DeviceTable.deleteOf(c, accountId, label);
        return Sql.update(c, "DELETE FROM credentials WHERE account_id = ? AND label = ?", accountId, label) > 0;
    }

    static void deleteAll(Connection c, long accountId) throws SQLException {
        Sql.update(c, "DELETE FROM credentials WHERE account_id = ?", accountId);
    }

    private static Stored read(ResultSet row) throws SQLException {
        long lastUsed = row.getLong(6);
        Optional<Instant> used = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(lastUsed));
        return new Stored(
                new Credential(row.getLong(1), row.getString(2), Instant.ofEpochMilli(row.getLong(5)), used),
                Secret.parse(row.getString(3), row.getString(4)));
    }
}
