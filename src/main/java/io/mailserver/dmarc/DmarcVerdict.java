package io.mailserver.dmarc;

import java.util.Locale;

/** The results of RFC 8601 §2.7.7 (RFC 9989 §9.2). */
public enum DmarcVerdict {
    /** The author's domain publishes no policy. */
    NONE,
    /** SPF or DKIM vouches for a domain aligned with the author's. */
    PASS,
    /** Neither does. */
    FAIL,
    /** The DNS failed where it may have made a difference. */
    TEMPERROR,
    /** There is no author's domain to look at, or more than anybody needs. */
    PERMERROR;

    /** The word of the standard. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
