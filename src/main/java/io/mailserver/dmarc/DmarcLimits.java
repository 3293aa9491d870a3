package io.mailserver.dmarc;

import java.time.Duration;

/**
 * The bounds of one check.
 *
 * @param authorDomains how many different author domains are judged; more are a permerror
 * @param time for all questions
 * @param partialSignatures whether a DKIM signature counts that leaves out octets at the end of the body ({@code l=}); whoever added
 *     them would speak with the author's voice, so the default is no
 */
public record DmarcLimits(int authorDomains, Duration time, boolean partialSignatures) {
    public static final DmarcLimits DEFAULTS = new DmarcLimits(5, Duration.ofSeconds(20), false);
}
