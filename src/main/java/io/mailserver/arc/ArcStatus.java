package io.mailserver.arc;

import java.util.Locale;
import java.util.Optional;

/** The state of a chain (RFC 8617 §4.4). */
public enum ArcStatus {
    /** There is no chain. */
    NONE,
    /** Every seal and the last signature hold. */
    PASS,
    /** The chain is broken, or somebody before us found it so. */
    FAIL;

    /** By its word in {@code cv=} or in Authentication-Results. */
    public static Optional<ArcStatus> ofWord(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "none" -> Optional.of(NONE);
            case "pass" -> Optional.of(PASS);
            case "fail" -> Optional.of(FAIL);
            default -> Optional.empty();
        };
    }

    /** The word of the standard. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
