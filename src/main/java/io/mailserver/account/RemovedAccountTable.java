package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Rows of {@code removed_accounts}. */
final class RemovedAccountTable {
    private RemovedAccountTable() {}

    static void insert(Connection c, Account account, Instant removed) throws SQLException {
        Sql.update(
                c,
                "INSERT INTO removed_accounts (account_id, domain_name, local_part, removed_ms) VALUES (?, ?, ?, ?)",
                account.id(),
                account.domain().ascii(),
                account.localPart(),
                removed.toEpochMilli());
    }

    /** The latest first. */
    static List<RemovedAccount> list(Connection c) throws SQLException {
        return Sql.list(
                c,
                row -> new RemovedAccount(
                        row.getLong(1),
                        Address.of(row.getString(3), new Domain(row.getString(2))),
                        Instant.ofEpochMilli(row.getLong(4))),
                """
                SELECT account_id, domain_name, local_part, removed_ms FROM removed_accounts
                ORDER BY removed_ms DESC, account_id DESC""");
    }

    static void deleteBefore(Connection c, Instant limit) throws SQLException {
        Sql.update(c, "DELETE FROM removed_accounts WHERE removed_ms < ?", limit.toEpochMilli());
    }
}
