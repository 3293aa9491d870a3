package io.mailserver.mime;

import java.io.IOException;
import java.io.InputStream;

/**
 * The text of a body part in Unicode, with LF line ends (RFC 8621 §4.1.4).
 *
 * @param encodingProblem charset or transfer encoding are unknown or were not kept to
 * @param truncated there is more of it
 */
public record BodyText(String value, boolean encodingProblem, boolean truncated) {
    /**
     * Decodes a part of type text.
     *
     * @param maxOctets of the value in UTF-8; a character is never cut
     */
    public static BodyText of(MimePart part, MessageOctets message, long maxOctets) throws IOException {
        String label = part.contentType().parameters().get("charset").orElse("");
        boolean unknown = part.transferEncoding() == TransferEncoding.UNKNOWN || (!label.isEmpty() && Charsets.find(label).isEmpty());
        StringBuilder out = new StringBuilder();
        long octets = 0;
        boolean truncated = false;
        try (InputStream in = message.decodedBody(part)) {
            TextDecoder decoder = new TextDecoder(in, label, Math.min(part.bodyOctets(), maxOctets));
            for (CharSequence piece = decoder.next(); piece != null && !truncated; piece = decoder.next()) {
                for (int i = 0; i < piece.length() && !truncated; i++) {
                    char c = piece.charAt(i);
                    // A pair of surrogates is four octets: three with the first, one with the second.
                    int more = c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isLowSurrogate(c) ? 1 : 3;
                    truncated = octets + more + (Character.isHighSurrogate(c) ? 1 : 0) > maxOctets;
                    if (!truncated) {
                        octets += more;
                        out.append(c);
                    }
                }
            }
            String value = out.toString().replace("\r\n", "\n").replace('\0', '\ufffd');
            boolean html = part.contentType().is("text", "html");
            return new BodyText(truncated && html ? beforeTag(value) : value, unknown || decoder.malformed(), truncated);
        }
    }

    /** A text of HTML that ends within a tag ends before it. */
    private static String beforeTag(String html) {
        int open = html.lastIndexOf('<');
        return open > html.lastIndexOf('>') ? html.substring(0, open) : html;
    }
}
