package io.mailserver.imap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Octets as a value: they may hold anything. Immutable. */
public final class Octets {
    private final byte[] octets;

    private Octets(byte[] octets) {
        this.octets = octets;
    }

    /** A copy of {@code octets}. */
    public static Octets copyOf(byte[] octets) {
        return new Octets(octets.clone());
    }

    /** The text in UTF-8. */
    public static Octets of(String text) {
        return new Octets(text.getBytes(StandardCharsets.UTF_8));
    }

    public int size() {
        return octets.length;
    }

    /** A copy. */
    public byte[] toArray() {
        return octets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** As if it were UTF-8. */
    @Override
    public String toString() {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
