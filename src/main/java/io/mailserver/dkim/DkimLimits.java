package io.mailserver.dkim;

import java.time.Duration;

/**
 * The bounds of verifying one message.
 *
 * @param signatures how many signatures are looked at, from the top; the others are permerror (RFC 6376 §6.1 allows a limit)
 * @param keyRecords how many TXT records of one selector are tried
 * @param minRsaBits the smallest RSA key (RFC 8301 §3.2: 1024)
 * @param maxRsaBits the largest RSA key (RFC 8301 §3.2: at least 4096); larger ones cost much time
 * @param signedFields how many names {@code h=} may hold
 * @param time for all key look-ups of a message
 */
public record DkimLimits(int signatures, int keyRecords, int minRsaBits, int maxRsaBits, int signedFields, Duration time) {
    public static final DkimLimits DEFAULTS = new DkimLimits(10, 3, 1024, 4096, 500, Duration.ofSeconds(20));
}
