package io.mailserver.mime;

import java.util.Locale;

/**
 * A media type with its parameters (RFC 2045 §5.1). Immutable.
 *
 * @param type in lower case, such as {@code text}
 * @param subtype in lower case, such as {@code plain}
 */
public record ContentType(String type, String subtype, Parameters parameters) {
    /** What a part without the field is (RFC 2045 §5.2). */
    public static final ContentType TEXT_PLAIN = new ContentType("text", "plain", Parameters.NONE);
    /** What a part of a multipart/digest without the field is (RFC 2046 §5.1.5). */
    public static final ContentType MESSAGE = new ContentType("message", "rfc822", Parameters.NONE);

    private static final int MAX_NAME_LENGTH = 127; // RFC 6838 §4.2.

    /** The value of a Content-Type field; what is no type counts as text/plain (RFC 2045 §5.2). */
    public static ContentType parse(String value) {
        HeaderScanner in = new HeaderScanner(value);
        in.skipSpace();
        String type = in.until("/;( \t").toLowerCase(Locale.ROOT);
        in.skipSpace();
        String subtype = "";
        if (in.take('/')) {
            in.skipSpace();
            subtype = in.until(";( \t").toLowerCase(Locale.ROOT);
        }
        Parameters parameters = Parameters.parse(in);
        boolean known = isToken(type) && isToken(subtype);
        return known ? new ContentType(type, subtype, parameters) : new ContentType("text", "plain", parameters);
    }

    /** Whether it is that type, given in lower case. */
    public boolean is(String otherType, String otherSubtype) {
        return type.equals(otherType) && subtype.equals(otherSubtype);
    }

    /** Whether the type is {@code text}. */
    public boolean isText() {
        return type.equals("text");
    }

    /** Whether the type is {@code multipart}. */
    public boolean isMultipart() {
        return type.equals("multipart");
    }

    /** Whether the body is a message with a header of its own (RFC 2046 §5.2.1, RFC 6532 §3.7). */
    public boolean isMessage() {
        return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
    }

    /** Such as {@code text/plain}. */
    @Override
    public String toString() {
        return type + '/' + subtype;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.length() <= MAX_NAME_LENGTH
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?=".indexOf(c) < 0);
    }
}
