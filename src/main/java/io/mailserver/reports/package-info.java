/**
 * Reports between servers: what others say about mail in our domains' names and about TLS to us (RFC 9990, RFC 7489, RFC 8460), and what
 * we saw of mail in theirs.
 *
 * <p>{@link io.mailserver.reports.ReportMail} finds the report in a message, {@link io.mailserver.reports.ReportDesk} keeps it in
 * {@code system.db}; {@link io.mailserver.reports.AggregateCounts} counts judged mail, {@link io.mailserver.reports.OwnReports} makes
 * reports of the counts and finds out who may get them. {@link io.mailserver.reports.TlsCounts} and
 * {@link io.mailserver.reports.TlsReportSending} do the same for TLS on the way to others.
 *
 * <p>Invariants: a message that is no report is never taken silently; nothing in a report is followed, fetched or believed, and its size is
 * bounded before and after unpacking; nobody is sent a report who did not ask for it, nor agreed to it (RFC 9990 §4).
 *
 * <p>Threads: any; blocking for files, the database and the DNS.
 */
@NullMarked
package io.mailserver.reports;

import org.jspecify.annotations.NullMarked;
