package io.mailserver.mime;

import java.util.Locale;
import java.util.Optional;

/**
 * How a part wants to be shown (RFC 2183). Immutable.
 *
 * @param type in lower case: {@code inline}, {@code attachment} or another word
 */
public record ContentDisposition(String type, Parameters parameters) {
    private static final int MAX_TYPE_LENGTH = 127;

    /** The value of a Content-Disposition field; empty where it begins with no word. */
    public static Optional<ContentDisposition> parse(String value) {
        HeaderScanner in = new HeaderScanner(value);
        in.skipSpace();
        String type = in.until(";( \t").toLowerCase(Locale.ROOT);
        if (type.isEmpty() || type.indexOf('=') >= 0 || type.indexOf('"') >= 0) {
            return Optional.empty();
        }
        String bounded = type.substring(0, Math.min(type.length(), MAX_TYPE_LENGTH));
        return Optional.of(new ContentDisposition(bounded, Parameters.parse(in)));
    }

    /** Whether it is {@code attachment}. */
    public boolean isAttachment() {
        return type.equals("attachment");
    }
}
