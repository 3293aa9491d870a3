package io.mailserver.bench;

import java.util.Map;

/**
 * What came of a load.
 *
 * @param accepted messages that got their 250
 * @param seconds from the first connection to the last reply
 * @param p50Millis median time from sending MAIL to the 250 of the end of data
 * @param p99Millis the same for the slowest hundredth
 * @param failures what went wrong, by text, with its count; empty in a good run
 */
public record LoadResult(int accepted, double seconds, double p50Millis, double p99Millis, Map<String, Integer> failures) {
    /** Accepted messages a second. */
    public double acceptedPerSecond() {
        return accepted / seconds;
    }
}
