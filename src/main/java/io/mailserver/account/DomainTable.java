package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of {@code domains}. */
final class DomainTable {
    private static final String SELECT =
            "SELECT domain_id, name, enabled, catch_all_local, catch_all_domain, created_ms FROM domains ";

    private DomainTable() {}

    static Optional<MailDomain> find(Connection c, Domain name) throws SQLException {
        return Sql.first(c, DomainTable::read, SELECT + "WHERE name = ?", name.ascii());
    }

    /** The domain that was added first of those that are left: the server's own. */
    static Optional<MailDomain> first(Connection c) throws SQLException {
        return Sql.first(c, DomainTable::read, SELECT + "ORDER BY domain_id LIMIT 1");
    }

    /** The domain of a server that has one only; empty where there are none or several. */
    static Optional<MailDomain> only(Connection c) throws SQLException {
        List<MailDomain> firstTwo = Sql.list(c, DomainTable::read, SELECT + "ORDER BY domain_id LIMIT 2");
        return firstTwo.size() == 1 ? Optional.of(firstTwo.getFirst()) : Optional.empty();
    }

    /** By name. */
    static List<MailDomain> list(Connection c) throws SQLException {
        return Sql.list(c, DomainTable::read, SELECT + "ORDER BY name");
    }

    /** Domains whose unclaimed mail goes to {@code target}, with or without a detail ({@code name+detail}). */
    static List<MailDomain> caughtBy(Connection c, Address target) throws SQLException {
        return Sql.list(
                c,
                DomainTable::read,
                SELECT + """
                        WHERE catch_all_domain = ? AND (catch_all_local = ? OR SUBSTR(catch_all_local, 1, LENGTH(?)) = ?)
                        ORDER BY name""",
                target.host().toString(),
                target.localPart(),
                target.localPart() + LocalPart.DETAIL_SEPARATOR,
                target.localPart() + LocalPart.DETAIL_SEPARATOR);
    }

    /** Other domains whose unclaimed mail goes to an address in {@code domain}. */
    static List<MailDomain> caughtIn(Connection c, MailDomain domain) throws SQLException {
        return Sql.list(
                c,
                DomainTable::read,
                SELECT + "WHERE catch_all_domain = ? AND domain_id <> ? ORDER BY name",
                domain.name().ascii(),
                domain.id());
    }

    static MailDomain insert(Connection c, Domain name, Instant now) throws SQLException {
        MailDomain domain = new MailDomain(SystemSchema.nextId(c, "domain"), name, true, Optional.empty(), now);
        Sql.update(
                c,
                "INSERT INTO domains (domain_id, name, enabled, created_ms) VALUES (?, ?, ?, ?)",
                domain.id(),
                name.ascii(),
                true,
                now.toEpochMilli());
        return domain;
    }

    static void setEnabled(Connection c, MailDomain domain, boolean enabled) throws SQLException {
        Sql.update(c, "UPDATE domains SET enabled = ? WHERE domain_id = ?", enabled, domain.id());
    }

    static void setCatchAll(Connection c, MailDomain domain, @Nullable Address target) throws SQLException {
        Sql.update(
                c,
                "UPDATE domains SET catch_all_local = ?, catch_all_domain = ? WHERE domain_id = ?",
                target == null ? null : target.localPart(),
                target == null ? null : target.host().toString(),
                domain.id());
    }

    static void delete(Connection c, MailDomain domain) throws SQLException {
        Sql.update(c, "DELETE FROM domains WHERE domain_id = ?", domain.id());
    }

    private static MailDomain read(ResultSet row) throws SQLException {
        String catchAllLocal = row.getString(4);
        Optional<Address> catchAll = catchAllLocal == null
                ? Optional.empty()
                : Optional.of(Address.of(catchAllLocal, new Domain(row.getString(5))));
        return new MailDomain(
                row.getLong(1), new Domain(row.getString(2)), row.getBoolean(3), catchAll, Instant.ofEpochMilli(row.getLong(6)));
    }
}
