package io.mailserver.account;

import io.mailserver.base.Domain;
import java.time.Instant;

/**
 * A report of another server, as it is kept.
 *
 * @param domain whose address it came to
 * @param organization who reports; as it calls itself
 * @param reportId unique among the reporter's: the same report again replaces the former
 * @param good how many messages or sessions were as they should be
 * @param bad how many were not
 * @param details the rest, as JSON
 */
public record ReceivedReport(
        Domain domain, ReportAddress kind, String organization, String reportId, Instant begin, Instant end, Instant received, long good,
        long bad, String details) {}
