package io.mailserver.dmarc;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a receiver tells the owner of a domain about the mail it saw in its name (RFC 9990 §3.1; RFC 7489 appendix C has nearly the same).
 * Texts are as the reporter wrote them: not to be believed, and bounded.
 */
public record AggregateReport(Metadata metadata, Published published, List<Row> rows) {
    public AggregateReport {
        rows = List.copyOf(rows);
    }

    /**
     * Who reports, and when.
     *
     * @param id unique among the reporter's
     */
    public record Metadata(String organization, String email, String id, Instant begin, Instant end) {}

    /**
     * The policy that was found; words of the record, empty where it says nothing.
     *
     * @param domain where it was found
     */
    public record Published(
            String domain, String policy, String subdomains, String absentSubdomains, String dkimAlignment, String spfAlignment,
            String testing) {}

    /**
     * Mail of one kind from one address.
     *
     * @param count how many messages
     * @param disposition what became of it: none, pass, quarantine, reject
     * @param dkimAligned whether DKIM vouched for the author
     * @param spfAligned whether SPF did
     */
    public record Row(
            String source,
            long count,
            String disposition,
            boolean dkimAligned,
            boolean spfAligned,
            List<Reason> reasons,
            String headerFrom,
            String envelopeFrom,
            List<Dkim> dkim,
            Optional<Spf> spf) {
        public Row {
            reasons = List.copyOf(reasons);
            dkim = List.copyOf(dkim);
        }

        /** Whether DMARC passed. */
        public boolean passed() {
            return dkimAligned || spfAligned;
        }
    }

    /** Why the disposition is not the policy's. */
    public record Reason(String type, String comment) {}

    /** A signature. */
    public record Dkim(String domain, String selector, String result) {}

    /** The result for the domain of MAIL FROM. */
    public record Spf(String domain, String result) {}

    /** How many messages passed. */
    public long passed() {
        return rows.stream().filter(Row::passed).mapToLong(Row::count).sum();
    }

    /** How many did not. */
    public long failed() {
        return rows.stream().filter(row -> !row.passed()).mapToLong(Row::count).sum();
    }
}
