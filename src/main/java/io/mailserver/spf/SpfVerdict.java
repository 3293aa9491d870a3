package io.mailserver.spf;

import java.util.Locale;

/** The results of RFC 7208 §2.6. */
public enum SpfVerdict {
    /** No record, or no domain to look at. */
    NONE,
    /** The owner says nothing about this client. */
    NEUTRAL,
    /** The client may send for the domain. */
    PASS,
    /** The client may not. */
    FAIL,
    /** It probably may not. */
    SOFTFAIL,
    /** The DNS failed; ask again later. */
    TEMPERROR,
    /** The record is wrong. */
    PERMERROR;

    /** The word of the standard, as in Authentication-Results. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
