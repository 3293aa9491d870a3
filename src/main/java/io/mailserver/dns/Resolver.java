package io.mailserver.dns;

import java.time.Duration;

/**
 * Answers questions to the DNS. Two implementations: {@link CachingResolver}, and the zone text of the tests.
 *
 * <p>Safe for use by any thread.
 */
@FunctionalInterface
public interface Resolver {
    /**
     * Asks for the records of one type at a name, following CNAMEs. Blocks until the answer or the deadline; never throws for what
     * the DNS does.
     *
     * @param within how long the caller waits at most; the resolver may give up earlier
     * @return never null; {@link Answer.TimedOut} when the time is over, or at once when {@code within} is not positive
     */
    <R extends Rdata> Answer<R> resolve(DnsName name, RecordType<R> type, Duration within);
}
