package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of {@code aliases} and {@code alias_targets}. */
final class AliasTable {
    private static final String SELECT = """
            SELECT a.domain_id, d.name, a.local_part, a.enabled
            FROM aliases a JOIN domains d ON d.domain_id = a.domain_id
            """;

    private AliasTable() {}

    private record Row(long domainId, Address address, boolean enabled) {}

    static Optional<Alias> find(Connection c, long domainId, String localPart) throws SQLException {
        Optional<Row> row =
                Sql.first(c, AliasTable::read, SELECT + "WHERE a.domain_id = ? AND a.local_part = ?", domainId, localPart);
        return row.isEmpty() ? Optional.empty() : Optional.of(withTargets(c, row.get()));
    }

    /** All aliases, by domain, then local part. */
    static List<Alias> list(Connection c) throws SQLException {
        return withTargets(c, Sql.list(c, AliasTable::read, SELECT + "ORDER BY d.name, a.local_part"));
    }

    /** The aliases that name {@code target}, with or without a detail ({@code name+detail}). */
    static List<Alias> naming(Connection c, Address target) throws SQLException {
        return withTargets(c, Sql.list(
                c,
                AliasTable::read,
                SELECT + """
                        WHERE EXISTS (SELECT 1 FROM alias_targets t
                            WHERE t.domain_id = a.domain_id AND t.local_part = a.local_part AND t.target_domain = ?
                            AND (t.target_local = ? OR SUBSTR(t.target_local, 1, LENGTH(?)) = ?))
                        ORDER BY d.name, a.local_part""",
                target.host().toString(),
                target.localPart(),
                target.localPart() + LocalPart.DETAIL_SEPARATOR,
                target.localPart() + LocalPart.DETAIL_SEPARATOR));
    }

    /** The aliases of other domains that name an address in {@code domain}. */
    static List<Alias> pointingInto(Connection c, MailDomain domain) throws SQLException {
        return withTargets(c, Sql.list(
                c,
                AliasTable::read,
                SELECT + """
                        WHERE a.domain_id <> ? AND EXISTS (SELECT 1 FROM alias_targets t
                            WHERE t.domain_id = a.domain_id AND t.local_part = a.local_part AND t.target_domain = ?)
                        ORDER BY d.name, a.local_part""",
                domain.id(),
                domain.name().ascii()));
    }

    static long count(Connection c, long domainId) throws SQLException {
        return Sql.first(c, row -> row.getLong(1), "SELECT COUNT(*) FROM aliases WHERE domain_id = ?", domainId)
                .orElse(0L);
    }

    static void insert(Connection c, long domainId, String localPart, List<Address> targets, Instant now) throws SQLException {
        Sql.update(
                c,
                "INSERT INTO aliases (domain_id, local_part, enabled, created_ms) VALUES (?, ?, ?, ?)",
                domainId,
                localPart,
                true,
                now.toEpochMilli());
        insertTargets(c, domainId, localPart, targets);
    }

    static void setTargets(Connection c, long domainId, String localPart, List<Address> targets) throws SQLException {
        deleteTargets(c, domainId, localPart);
        insertTargets(c, domainId, localPart, targets);
    }

    static void setEnabled(Connection c, long domainId, String localPart, boolean enabled) throws SQLException {
        Sql.update(
                c, "UPDATE aliases SET enabled = ? WHERE domain_id = ? AND local_part = ?", enabled, domainId, localPart);
    }

    static void delete(Connection c, long domainId, String localPart) throws SQLException {
        deleteTargets(c, domainId, localPart);
        Sql.update(c, "DELETE FROM aliases WHERE domain_id = ? AND local_part = ?", domainId, localPart);
    }

    private static void deleteTargets(Connection c, long domainId, String localPart) throws SQLException {
        Sql.update(c, "DELETE FROM alias_targets WHERE domain_id = ? AND local_part = ?", domainId, localPart);
    }

    private static void insertTargets(Connection c, long domainId, String localPart, List<Address> targets)
            throws SQLException {
        int position = 0;
        for (Address target : targets) {
            Sql.update(
                    c,
                    """
                    INSERT INTO alias_targets (domain_id, local_part, position, target_local, target_domain)
                    VALUES (?, ?, ?, ?, ?)""",
                    domainId,
                    localPart,
                    position++,
                    target.localPart(),
                    target.host().toString());
        }
    }

    private static List<Alias> withTargets(Connection c, List<Row> rows) throws SQLException {
        List<Alias> aliases = new ArrayList<>(rows.size());
        for (Row row : rows) {
            aliases.add(withTargets(c, row));
        }
        return aliases;
    }

    private static Alias withTargets(Connection c, Row row) throws SQLException {
        List<Address> targets = Sql.list(
                c,
                target -> Address.of(target.getString(1), new Domain(target.getString(2))),
                """
                SELECT target_local, target_domain FROM alias_targets
                WHERE domain_id = ? AND local_part = ? ORDER BY position""",
                row.domainId(),
                row.address().localPart());
        return new Alias(row.address(), targets, row.enabled(), false);
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1), Address.of(row.getString(3), new Domain(row.getString(2))), row.getBoolean(4));
    }
}
