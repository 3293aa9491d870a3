package io.mailserver.reports;

import io.mailserver.account.ReceivedReport;
import io.mailserver.account.ReportAddress;
import io.mailserver.account.Reports;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.dmarc.AggregateReport;
import io.mailserver.log.EventLog;
import io.mailserver.tlsrpt.TlsReport;
import java.io.IOException;
import java.util.Optional;

/** Takes reports of other servers out of their messages and keeps them. Safe for use by any thread. */
public final class ReportDesk {
    private final Reports reports;
    private final PlatformPool pool;
    private final Time time;
    private final EventLog log;

    /** @param pool unpacks and reads, which costs time */
    public ReportDesk(Reports reports, PlatformPool pool, Time time, EventLog log) {
        this.reports = reports;
        this.pool = pool;
        this.time = time;
        this.log = log;
    }

    /**
     * Keeps the report in a message; it is on the disk when this returns.
     *
     * @return why it holds none, printable ASCII; empty if it does
     */
    public Optional<String> read(ReportAddress kind, Domain domain, Content message) throws IOException {
        return switch (pool.call(() -> ReportMail.find(message, kind))) {
            case ReportMail.Found.Nothing nothing -> Optional.of(nothing.reason());
            case ReportMail.Found.Dmarc found -> {
                keep(of(domain, found.report()));
                yield Optional.empty();
            }
            case ReportMail.Found.Tls found -> {
                keep(of(domain, found.report()));
                yield Optional.empty();
            }
        };
    }

    private void keep(ReceivedReport report) throws IOException {
        reports.keep(report);
        log.say("[REPORT] " + report.kind() + " report on " + report.domain() + " from " + report.organization() + ": " + report.good()
                        + " good, " + report.bad() + " bad", "report.received", "domain", report.domain(), "kind", report.kind(),
                "organization", report.organization(), "id", report.reportId(), "good", report.good(), "bad", report.bad());
    }

    private ReceivedReport of(Domain domain, AggregateReport report) {
        return new ReceivedReport(domain, ReportAddress.DMARC, report.metadata().organization(), report.metadata().id(),
                report.metadata().begin(), report.metadata().end(), time.now(), report.passed(), report.failed(), ReportJson.write(report));
    }

    private ReceivedReport of(Domain domain, TlsReport report) {
        return new ReceivedReport(domain, ReportAddress.TLS, report.organization(), report.id(), report.begin(), report.end(), time.now(),
                report.successful(), report.failed(), ReportJson.write(report));
    }
}
