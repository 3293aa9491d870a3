package io.mailserver.dkim;

import java.util.Locale;

/** What became of a signature, in the words of RFC 8601 §2.7.1. */
public enum DkimVerdict {
    /** The message has no signature. */
    NONE,
    /** The domain vouches for what the signature covers. */
    PASS,
    /** The message is not what was signed, or the signature is out of date. */
    FAIL,
    /** The key could not be looked up; ask again later. */
    TEMPERROR,
    /** The signature or its key is wrong, missing, revoked or not acceptable. */
    PERMERROR;

    /** The word of the standard. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
