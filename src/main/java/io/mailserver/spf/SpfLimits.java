package io.mailserver.spf;

import java.time.Duration;

/**
 * The bounds of one check (RFC 7208 §4.6.4).
 *
 * @param lookups terms that may ask the DNS; one more is a permerror. The standard says 10.
 * @param voidLookups questions of terms that may find nothing; one more is a permerror. The standard says 2.
 * @param hosts MX records of one mx term (more are a permerror), and PTR records looked at (more are ignored). The standard says 10.
 * @param time of the whole check; over it, temperror. The standard asks for at least 20 seconds.
 */
public record SpfLimits(int lookups, int voidLookups, int hosts, Duration time) {
    public static final SpfLimits DEFAULTS = new SpfLimits(10, 2, 10, Duration.ofSeconds(20));
}
