package io.mailserver.account;

import io.mailserver.base.Domain;
import java.io.IOException;
import java.util.List;

/**
 * Which accounts have granted rights to their mailboxes to which others: so that who lists mailboxes need not ask every account. The
 * rights themselves are in the owner's {@code account.db}; a row too many does no harm. Safe for use by any thread.
 */
public final class Shares {
    private final SystemDatabase database;

    Shares(SystemDatabase database) {
        this.database = database;
    }

    /** The enabled accounts that have granted something to an account, or to anyone in its domain; in the order of their addresses. */
    public List<AccountRef> sharers(AccountRef with) throws IOException {
        return database.read(c -> Sql.list(
                c,
                row -> new AccountRef(
                        row.getLong(1), new Domain(row.getString(2)), row.getString(3), new Quota(row.getLong(4), row.getLong(5))),
                """
                SELECT DISTINCT a.account_id, d.name, a.local_part, a.quota_messages, a.quota_bytes
                FROM shares s
                JOIN accounts a ON a.account_id = s.owner_id
                JOIN domains d ON d.domain_id = a.domain_id
                WHERE (s.grantee_id = ? OR (s.grantee_id = 0 AND d.name = ?)) AND a.account_id <> ? AND a.enabled = ? AND d.enabled = ?
                ORDER BY d.name, a.local_part""",
                with.id(),
                with.domain().ascii(),
                with.id(),
                true,
                true));
    }

    /**
     * Remembers or forgets that an owner has granted something.
     *
     * @param grantee an account's number, or 0 for anyone
     */
    public void note(long owner, long grantee, boolean granted) throws IOException {
        database.note(c -> {
            Sql.update(c, "DELETE FROM shares WHERE grantee_id = ? AND owner_id = ?", grantee, owner);
            if (granted) {
                Sql.update(c, "INSERT INTO shares (grantee_id, owner_id) VALUES (?, ?)", grantee, owner);
            }
            return null;
        });
    }
}
