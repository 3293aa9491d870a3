package io.mailserver.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Strict UTF-8 of bounded length. */
final class SaslText {
    /** Of one identity or password; RFC 4616 §2 demands 255, passwords here may have more. */
    static final int MAX_OCTETS = 1024;

    private SaslText() {}

    static Optional<String> decode(byte[] octets, int maxOctets) {
        if (octets.length > maxOctets) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
