package io.mailserver.dmarc;

import java.util.Locale;
import java.util.Optional;

/** What a domain's owner asks for when a message fails (RFC 9989 §4.7), mildest first. */
public enum DmarcPolicy {
    NONE,
    QUARANTINE,
    REJECT;

    /** By its word in a record. */
    static Optional<DmarcPolicy> ofWord(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "none" -> Optional.of(NONE);
            case "quarantine" -> Optional.of(QUARANTINE);
            case "reject" -> Optional.of(REJECT);
            default -> Optional.empty();
        };
    }

    /** The word in records and reports. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One level milder, as the test mode asks (RFC 9989 §4.7, t). */
    DmarcPolicy milder() {
        return this == REJECT ? QUARANTINE : NONE;
    }
}
