package io.mailserver.mime;

import java.io.InputStream;
import java.util.Locale;

/** How the octets of a body are encoded for transfer (RFC 2045 §6). */
public enum TransferEncoding {
    /** {@code 7bit}, {@code 8bit}, {@code binary}: the octets themselves. */
    IDENTITY,
    BASE64,
    QUOTED_PRINTABLE,
    /** Something else: the octets cannot be decoded (RFC 2045 §6.4: to be treated as application/octet-stream). */
    UNKNOWN;

    /** The value of a Content-Transfer-Encoding field. */
    public static TransferEncoding of(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "7bit", "8bit", "binary", "" -> IDENTITY;
            case "base64" -> BASE64;
            case "quoted-printable" -> QUOTED_PRINTABLE;
            default -> UNKNOWN;
        };
    }

    /** Decodes while it is read; octets that are wrong are skipped or kept, never refused. Closing it closes {@code encoded}. */
    public InputStream decode(InputStream encoded) {
        return switch (this) {
            case BASE64 -> new Base64InputStream(encoded);
            case QUOTED_PRINTABLE -> new QuotedPrintableInputStream(encoded);
            case IDENTITY, UNKNOWN -> encoded;
        };
    }
}
