package io.mailserver.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** xtext (RFC 3461 §4): printable US-ASCII in which {@code +} and two upper-case hexadecimal digits stand for any octet. */
public final class Xtext {
    private Xtext() {}

    /**
     * Decodes; empty if {@code text} is not xtext, or if what it stands for is not UTF-8 or holds a control character, which nothing
     * that xtext carries may (RFC 3461 §4.2, §4.4, RFC 6533 §3).
     */
    public static Optional<String> decode(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[octets.length];
        int length = 0;
        for (int i = 0; i < octets.length; i++) {
            int octet = octets[i];
            if (octet == '+') {
                int value = i + 2 < octets.length ? hex(octets[i + 1]) << 4 | hex(octets[i + 2]) : -1;
                if (value < 0) {
                    return Optional.empty();
                }
                octet = value;
                i += 2;
            } else if (octet == '=') {
                return Optional.empty();
            }
            decoded[length++] = (byte) octet;
        }
        try {
            String result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded, 0, length)).toString();
            return result.chars().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(result);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Encodes what is to be the value of a parameter (RFC 3461 §4): all but printable US-ASCII without {@code +} and {@code =}. */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7f && octet != '+' && octet != '=') {
                encoded.append((char) octet);
            } else {
                encoded.append(String.format("+%02X", octet & 0xff));
            }
        }
        return encoded.toString();
    }

    private static int hex(byte digit) {
        if (digit >= '0' && digit <= '9') {
            return digit - '0';
        }
        return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
    }
}
