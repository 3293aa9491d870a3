package io.mailserver.imapserver;

import java.util.Optional;

/** What a client can switch on for its session (RFC 5161). */
enum Feature {
    /** RFC 9051 §6.3.1: no RECENT, ESEARCH in place of SEARCH, UTF-8. */
    IMAP4REV2("IMAP4rev2"),
    /** RFC 6855 §3. */
    UTF8_ACCEPT("UTF8=ACCEPT"),
    /** RFC 7162 §3.1: MODSEQ in every FETCH response. Also switched on by commands that use it. */
    CONDSTORE("CONDSTORE"),
    /** RFC 7162 §3.2: VANISHED in place of EXPUNGE. */
    QRESYNC("QRESYNC"),
    /** RFC 9586 §3: no sequence numbers; UIDFETCH in place of FETCH, VANISHED in place of EXPUNGE. */
    UIDONLY("UIDONLY");

    private final String capability;

    Feature(String capability) {
        this.capability = capability;
    }

    /** As ENABLE and ENABLED name it. */
    String capability() {
        return capability;
    }

    /** By its name in any case; empty for what cannot be enabled, which ENABLE ignores. */
    static Optional<Feature> named(String name) {
        for (Feature feature : values()) {
            if (feature.capability.equalsIgnoreCase(name)) {
                return Optional.of(feature);
            }
        }
        return Optional.empty();
    }
}
