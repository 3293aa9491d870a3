package io.mailserver.base;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Modified UTF-7: mailbox names in printable US-ASCII, as IMAP4rev1 sends them and Maildir++ stores them. Printable ASCII stands for
 * itself but for {@code &}, which is {@code &-}; everything else is UTF-16 in a base64 of its own between {@code &} and {@code -}.
 */
public final class ModifiedUtf7 {
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private ModifiedUtf7() {}

    /**
     * The one encoded form of {@code text}.
     *
     * @throws IllegalArgumentException the text holds half of a surrogate pair
     */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 8);
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '&') {
                encoded.append("&-");
                i++;
            } else if (isPrintable(c)) {
                encoded.append(c);
                i++;
            } else {
                int end = i;
                while (end < text.length() && !isPrintable(text.charAt(end))) {
                    end++;
                }
                encoded.append('&').append(shifted(text.substring(i, end))).append('-');
                i = end;
            }
        }
        return encoded.toString();
    }

    /**
     * The text of an encoded name; empty for what {@link #encode} never makes: octets beyond ASCII, a shift that does not end, printable
     * characters or nothing inside a shift, two shifts without a character between them (RFC 3501 §5.1.3 forbids these). So a text has
     * one encoded form, and no two encoded names are the same mailbox.
     */
    public static Optional<String> decode(String encoded) {
        StringBuilder text = new StringBuilder(encoded.length());
        int i = 0;
        while (i < encoded.length()) {
            char c = encoded.charAt(i);
            if (!isPrintable(c)) {
                return Optional.empty();
            }
            if (c != '&') {
                text.append(c);
                i++;
                continue;
            }
            int end = encoded.indexOf('-', i);
            if (end < 0) {
                return Optional.empty();
            }
            if (end == i + 1) {
                text.append('&');
            } else {
                Optional<String> shifted = unshift(encoded.substring(i + 1, end));
                if (shifted.isEmpty()) {
                    return Optional.empty();
                }
                text.append(shifted.get());
            }
            i = end + 1;
        }
        String decoded = text.toString();
        return wellFormed(decoded) && encode(decoded).equals(encoded) ? Optional.of(decoded) : Optional.empty();
    }

    /** RFC 3501 §5.1.3: 0x20 to 0x7e. */
    private static boolean isPrintable(char c) {
        return c >= ' ' && c < 0x7f;
    }

    private static String shifted(String text) {
        if (!wellFormed(text)) {
            throw new IllegalArgumentException("half of a surrogate pair in a name");
        }
        // RFC 3501 §5.1.3: "," in place of "/", no padding.
        return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_16BE)).replace('/', ',');
    }

    private static Optional<String> unshift(String base64) {
        if (base64.indexOf('/') >= 0 || base64.indexOf('=') >= 0) {
            return Optional.empty();
        }
        try {
            byte[] octets = DECODER.decode(base64.replace(',', '/'));
            return octets.length % 2 == 0 ? Optional.of(new String(octets, StandardCharsets.UTF_16BE)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
