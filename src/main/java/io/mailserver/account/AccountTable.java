package io.mailserver.account;

import io.mailserver.base.Domain;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of {@code accounts}. */
final class AccountTable {
    private static final String SELECT = """
            SELECT a.account_id, d.name, a.local_part, a.display_name, a.enabled, a.quota_messages, a.quota_bytes, a.created_ms
            FROM accounts a JOIN domains d ON d.domain_id = a.domain_id
            """;

    private AccountTable() {}

    static Optional<Account> find(Connection c, long domainId, String localPart) throws SQLException {
        return Sql.first(c, AccountTable::read, SELECT + "WHERE a.domain_id = ? AND a.local_part = ?", domainId, localPart);
    }

    /** The enabled account of the domain that was added first. */
    static Optional<Account> firstEnabled(Connection c, long domainId) throws SQLException {
        return Sql.first(
                c,
                AccountTable::read,
                SELECT + "WHERE a.domain_id = ? AND a.enabled = ? ORDER BY a.account_id LIMIT 1",
                domainId,
                true);
    }

    /** All accounts, by domain, then local part. */
    static List<Account> list(Connection c) throws SQLException {
        return Sql.list(c, AccountTable::read, SELECT + "ORDER BY d.name, a.local_part");
    }

    /** The accounts of one domain, by local part. */
    static List<Account> list(Connection c, long domainId) throws SQLException {
        return Sql.list(c, AccountTable::read, SELECT + "WHERE a.domain_id = ? ORDER BY a.local_part", domainId);
    }

    static long count(Connection c, long domainId) throws SQLException {
        return Sql.first(c, row -> row.getLong(1), "SELECT COUNT(*) FROM accounts WHERE domain_id = ?", domainId)
                .orElse(0L);
    }

    static Account insert(Connection c, MailDomain domain, String localPart, String displayName, Quota quota, Instant now)
            throws SQLException {
        Account account =
                new Account(SystemSchema.nextId(c, "account"), domain.name(), localPart, displayName, true, quota, now);
        Sql.update(
                c,
                """
                INSERT INTO accounts (account_id, domain_id, local_part, display_name, enabled, quota_messages, quota_bytes, created_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                account.id(),
                domain.id(),
                localPart,
                displayName,
                true,
                quota.messages(),
                quota.bytes(),
                now.toEpochMilli());
        return account;
    }

    static void setEnabled(Connection c, long accountId, boolean enabled) throws SQLException {
        Sql.update(c, "UPDATE accounts SET enabled = ? WHERE account_id = ?", enabled, accountId);
    }

    static void setQuota(Connection c, long accountId, Quota quota) throws SQLException {
        Sql.update(
                c,
                "UPDATE accounts SET quota_messages = ?, quota_bytes = ? WHERE account_id = ?",
                quota.messages(),
                quota.bytes(),
                accountId);
    }

    static void delete(Connection c, long accountId) throws SQLException {
        VacationResponses.delete(c, accountId);
        Sql.update(c, "DELETE FROM accounts WHERE account_id = ?", accountId);
    }

    private static Account read(ResultSet row) throws SQLException {
        return new Account(
                row.getLong(1),
                new Domain(row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                new Quota(row.getLong(6), row.getLong(7)),
                Instant.ofEpochMilli(row.getLong(8)));
    }
}
