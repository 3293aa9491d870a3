package io.mailserver.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A password or key that the configuration only points to: {@code file:/path} or {@code env:NAME}. Never printed or compared by text. */
public final class Secret {
    private final byte[] octets;

    Secret(String text) {
        this.octets = text.getBytes(StandardCharsets.UTF_8);
    }

    /** The secret itself: for the one place that needs it, never for a log, an exception or a reply. */
    public String reveal() {
        return new String(octets, StandardCharsets.UTF_8);
    }

    /** Whether both are the same secret, so that a reload sees a change; takes the same time wherever they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && java.security.MessageDigest.isEqual(octets, secret.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
