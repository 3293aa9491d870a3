package io.mailserver.account;

import io.mailserver.base.Domain;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reports in {@code system.db}: those that others sent us, and the counts from which ours are made. Safe for use by any thread; blocks for
 * the database.
 */
public final class Reports {
    private static final String SELECT = """
            SELECT d.name, r.kind, r.organization, r.report_id, r.begin_ms, r.end_ms, r.received_ms, r.good, r.bad, r.details
            FROM received_reports r JOIN domains d ON d.domain_id = r.domain_id
            """;

    private final SystemDatabase database;

    Reports(SystemDatabase database) {
        this.database = database;
    }

    /**
     * Mail or connections of one kind on one day, for a report of ours.
     *
     * @param policyDomain where the policy was found
     * @param day since 1970-01-01 (UTC)
     * @param policy what was published, as JSON
     * @param row what they have in common, as JSON
     */
    public record Seen(Domain policyDomain, long day, String policy, String row) {}

    /** A kind of mail, and how much of it there was. */
    public record Counted(Seen seen, long messages) {}

    /** Keeps a report; it is on the disk when this returns. Nothing happens where the domain is gone. */
    public void keep(ReceivedReport report) throws IOException {
        database.note(c -> {
            Optional<MailDomain> domain = DomainTable.find(c, report.domain());
            if (domain.isPresent()) {
                Sql.update(c, "DELETE FROM received_reports WHERE domain_id = ? AND kind = ? AND organization = ? AND report_id = ?",
                        domain.get().id(), word(report.kind()), report.organization(), report.reportId());
                Sql.update(
                        c,
                        """
                        INSERT INTO received_reports
                            (domain_id, kind, organization, report_id, begin_ms, end_ms, received_ms, good, bad, details)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                        domain.get().id(), word(report.kind()), report.organization(), report.reportId(), report.begin().toEpochMilli(),
                        report.end().toEpochMilli(), report.received().toEpochMilli(), report.good(), report.bad(), report.details());
            }
            return null;
        });
    }

    /**
     * Those received since a time, the newest last.
     *
     * @param domain only its; empty for all
     */
    public List<ReceivedReport> received(Optional<Domain> domain, Instant since) throws IOException {
        return database.read(c -> domain.isPresent()
                ? Sql.list(c, Reports::read, SELECT + "WHERE d.name = ? AND r.received_ms >= ? ORDER BY r.received_ms, r.report_id",
                        domain.get().ascii(), since.toEpochMilli())
                : Sql.list(c, Reports::read, SELECT + "WHERE r.received_ms >= ? ORDER BY r.received_ms, r.report_id",
                        since.toEpochMilli()));
    }

    /** What is counted for reports of ours, and which of them were sent. The words are names of tables. */
    public enum Kind {
        /** Mail in the name of a domain (RFC 9990). */
        DMARC("dmarc_seen", "dmarc_sent", "messages"),
        /** TLS on the way to a domain (RFC 8460). */
        TLS("tls_seen", "tls_sent", "sessions");

        private final String seen;
        private final String sent;
        private final String counter;

        Kind(String seen, String sent, String counter) {
            this.seen = seen;
            this.sent = sent;
            this.counter = counter;
        }
    }

    /** Adds to the counts. */
    public void count(Kind kind, Map<Seen, Long> counts) throws IOException {
        database.note(c -> {
            for (Map.Entry<Seen, Long> each : counts.entrySet()) {
                Seen seen = each.getKey();
                int changed = Sql.update(c, "UPDATE " + kind.seen + " SET " + kind.counter + " = " + kind.counter + " + ?"
                                + " WHERE policy_domain = ? AND day = ? AND policy = ? AND kind = ?",
                        each.getValue(), seen.policyDomain().ascii(), seen.day(), seen.policy(), seen.row());
                if (changed == 0) {
                    Sql.update(c, "INSERT INTO " + kind.seen + " (policy_domain, day, policy, kind, " + kind.counter + ")"
                                    + " VALUES (?, ?, ?, ?, ?)",
                            seen.policyDomain().ascii(), seen.day(), seen.policy(), seen.row(), each.getValue());
                }
            }
            return null;
        });
    }

    /** What was counted on a day, by domain. */
    public List<Counted> counted(Kind kind, long day) throws IOException {
        return database.read(c -> Sql.list(c,
                row -> new Counted(new Seen(new Domain(row.getString(1)), row.getLong(2), row.getString(3), row.getString(4)),
                        row.getLong(5)),
                "SELECT policy_domain, day, policy, kind, " + kind.counter + " FROM " + kind.seen
                        + " WHERE day = ? ORDER BY policy_domain, policy, kind",
                day));
    }

    /** The domains whose report of a day was sent. */
    public Set<Domain> sent(Kind kind, long day) throws IOException {
        return Set.copyOf(database.read(c -> Sql.list(c, row -> new Domain(row.getString(1)),
                "SELECT policy_domain FROM " + kind.sent + " WHERE day = ?", day)));
    }

    /** A domain's report of a day was sent. */
    public void markSent(Kind kind, Domain policyDomain, long day) throws IOException {
        database.note(c -> {
            Sql.update(c, "DELETE FROM " + kind.sent + " WHERE policy_domain = ? AND day = ?", policyDomain.ascii(), day);
            Sql.update(c, "INSERT INTO " + kind.sent + " (policy_domain, day) VALUES (?, ?)", policyDomain.ascii(), day);
            return null;
        });
    }

    /** Forgets reports received before a time, and counts of days before one. */
    public void prune(Instant received, long day) throws IOException {
        database.note(c -> {
            Sql.update(c, "DELETE FROM received_reports WHERE received_ms < ?", received.toEpochMilli());
            for (Kind kind : Kind.values()) {
                Sql.update(c, "DELETE FROM " + kind.seen + " WHERE day < ?", day);
                Sql.update(c, "DELETE FROM " + kind.sent + " WHERE day < ?", day);
            }
            return null;
        });
    }

    private static ReceivedReport read(ResultSet row) throws SQLException {
        return new ReceivedReport(new Domain(row.getString(1)), kind(row.getString(2)), row.getString(3), row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)), Instant.ofEpochMilli(row.getLong(6)), Instant.ofEpochMilli(row.getLong(7)),
                row.getLong(8), row.getLong(9), row.getString(10));
    }

    private static String word(ReportAddress kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static ReportAddress kind(String word) {
        return ReportAddress.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
