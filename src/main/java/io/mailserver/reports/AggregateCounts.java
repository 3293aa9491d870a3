package io.mailserver.reports;

import io.mailserver.account.Reports;
import io.mailserver.account.Reports.Seen;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.delivery.Evidence;
import io.mailserver.delivery.Judgement;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dmarc.DmarcRecord;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.log.EventLog;
import io.mailserver.smtp.AddressLiteral;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts judged mail for aggregate reports, of domains that ask for some, in memory; written down from time to time. What a crash loses is
 * missing in a report, nothing else. Safe for use by any thread.
 */
public final class AggregateCounts {
    /** Kinds of mail between two writings; further ones are not counted. */
    private static final int MAX_KINDS = 20_000;

    /** Signatures in a row: RFC 9990 §3.1.1.10 allows 100. */
    private static final int MAX_SIGNATURES = 5;

    private final Reports reports;
    private final Time time;
    private final EventLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Seen, Long> counts = new HashMap<>();

    public AggregateCounts(Reports reports, Time time, EventLog log) {
        this.reports = reports;
        this.time = time;
        this.log = log;
    }

    /** Counts a message, if its author's domain asks for reports. Does not block. */
    public void count(Judgement judgement) {
        DmarcResult dmarc = judgement.evidence().dmarc();
        boolean wanted = dmarc.record().filter(record -> !record.aggregateReports().isEmpty()).isPresent();
        boolean decided = dmarc.verdict() == DmarcVerdict.PASS || dmarc.verdict() == DmarcVerdict.FAIL;
        if (!wanted || !decided || dmarc.policyDomain().isEmpty()) {
            return;
        }
        Seen seen = new Seen(dmarc.policyDomain().get(), day(judgement.time()), policy(dmarc.record().get()), row(judgement));
        lock.lock();
        try {
            if (counts.containsKey(seen) || counts.size() < MAX_KINDS) {
                counts.merge(seen, 1L, Long::sum);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes down what was counted; trouble is logged, and tried again next time. Blocks for the database. */
    public void write() {
        Map<Seen, Long> taken;
        lock.lock();
        try {
            taken = counts;
            counts = new HashMap<>();
        } finally {
            lock.unlock();
        }
        if (taken.isEmpty()) {
            return;
        }
        try {
            reports.count(Reports.Kind.DMARC, taken);
        } catch (IOException e) {
            log.error("report.count-failed", e);
            lock.lock();
            try {
                taken.forEach((seen, messages) -> counts.merge(seen, messages, Long::sum));
            } finally {
                lock.unlock();
            }
        }
    }

    /** Forgets what is older: reports of others after a year, counts after two weeks. */
    public void prune() {
        try {
            Instant now = time.now();
            reports.prune(now.minus(Duration.ofDays(365)), day(now) - 14);
        } catch (IOException e) {
            log.error("report.prune-failed", e);
        }
    }

    static long day(Instant time) {
        return time.getEpochSecond() / Duration.ofDays(1).toSeconds();
    }

    private static String policy(DmarcRecord record) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("p", record.policy().map(DmarcPolicy::word).orElse("none"));
        record.subdomainPolicy().ifPresent(policy -> node.put("sp", policy.word()));
        record.absentSubdomainPolicy().ifPresent(policy -> node.put("np", policy.word()));
        node.put("adkim", record.strictDkim() ? "s" : "r");
        node.put("aspf", record.strictSpf() ? "s" : "r");
        node.put("testing", record.testing() ? "y" : "n");
        return node.toString();
    }

    private static String row(Judgement judgement) {
        Evidence evidence = judgement.evidence();
        DmarcResult dmarc = evidence.dmarc();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("source", AddressLiteral.plain(evidence.transaction().client()));
        boolean enforced = dmarc.verdict() == DmarcVerdict.PASS && dmarc.requested().filter(p -> p != DmarcPolicy.NONE).isPresent();
        node.put("disposition", enforced ? "pass" : judgement.dmarc().disposition().word());
        node.put("dkimAligned", dmarc.dkimAligned());
        node.put("spfAligned", dmarc.spfAligned());
        node.put("headerFrom", dmarc.author().map(Domain::ascii).orElse(""));
        node.put("envelopeFrom", Domain.parse(evidence.spfMailFrom().domain()).map(Domain::ascii).orElse(""));
        ArrayNode reasons = node.putArray("reasons");
        judgement.dmarc().overrides().forEach(
                override -> reasons.addObject().put("type", override.type().word()).put("comment", override.comment()));
        ArrayNode signatures = node.putArray("dkim");
        for (DkimResult each : preferred(evidence.dkim(), dmarc.author())) {
            signatures.addObject().put("domain", each.domain().map(Domain::ascii).orElse("")).put("selector", each.selector())
                    .put("result", each.verdict().word());
        }
        node.putObject("spf").put("domain", evidence.spfMailFrom().domain()).put("result", evidence.spfMailFrom().verdict().word());
        return node.toString();
    }

    /** RFC 9990 §3.1.3: passing signatures of the author's own domain first, then passing ones, then the others. */
    private static List<DkimResult> preferred(List<DkimResult> results, Optional<Domain> author) {
        return results.stream().filter(result -> result.domain().isPresent())
                .sorted(Comparator.comparing((DkimResult result) -> result.verdict() != DkimVerdict.PASS)
                        .thenComparing(result -> !result.domain().equals(author)))
                .limit(MAX_SIGNATURES).toList();
    }
}
