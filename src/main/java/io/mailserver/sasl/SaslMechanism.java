package io.mailserver.sasl;

import java.util.Arrays;
import java.util.Optional;

/** The mechanisms known here, strongest first. */
public enum SaslMechanism {
    /** RFC 7677 with channel binding (RFC 5802 §6): nobody who terminates TLS in between can pass the login on. */
    SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS"),
    SCRAM_SHA_256("SCRAM-SHA-256"),
    PLAIN("PLAIN"),
    /** Not standardized (draft-murchison-sasl-login); some devices know nothing else. */
    LOGIN("LOGIN");

    private final String label;

    SaslMechanism(String label) {
        this.label = label;
    }

    /** Its name in protocols. */
    public String label() {
        return label;
    }

    /** By its name in any case; empty if not known here. */
    public static Optional<SaslMechanism> named(String name) {
        return Arrays.stream(values()).filter(each -> each.label.equalsIgnoreCase(name)).findFirst();
    }
}
