package io.mailserver.reports;

import io.mailserver.account.Reports;
import io.mailserver.account.Reports.Seen;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.queue.TlsResults;
import io.mailserver.smtpclient.TlsFailure;
import io.mailserver.tlsrpt.AppliedPolicy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts how connections to other servers fared, in memory; written down from time to time. What a crash loses is missing in a report,
 * nothing else. Safe for use by any thread.
 */
public final class TlsCounts implements TlsResults {
    /** Kinds of results between two writings; further ones are not counted. */
    private static final int MAX_KINDS = 20_000;

    private static final int MAX_REASON_CHARS = 200;

    private final Reports reports;
    private final Time time;
    private final EventLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Seen, Long> counts = new HashMap<>();

    public TlsCounts(Reports reports, Time time, EventLog log) {
        this.reports = reports;
        this.time = time;
        this.log = log;
    }

    @Override
    public void seen(Domain domain, AppliedPolicy policy, String host, Optional<TlsFailure.Found> failure) {
        ObjectNode applied = JsonNodeFactory.instance.objectNode();
        applied.put("type", policy.type());
        policy.text().forEach(applied.putArray("text")::add);
        policy.mx().forEach(applied.putArray("mx")::add);
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        failure.ifPresent(found -> row.put("result", found.failure().word()).put("host", host)
                .put("reason", found.text().substring(0, Math.min(found.text().length(), MAX_REASON_CHARS))));
        Seen seen = new Seen(domain, AggregateCounts.day(time.now()), applied.toString(), row.toString());
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
            reports.count(Reports.Kind.TLS, taken);
        } catch (IOException e) {
            log.error("report.count-failed", e);
            lock.lock();
            try {
                taken.forEach((seen, sessions) -> counts.merge(seen, sessions, Long::sum));
            } finally {
                lock.unlock();
            }
        }
    }
}
