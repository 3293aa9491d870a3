package io.mailserver.dkim;

import io.mailserver.dkim.TagList.SyntaxException;

/** The dkim-quoted-printable of {@code i=} (RFC 6376 §2.11): {@code =XX} for octets, white space without meaning. */
final class QuotedPrintable {
    private QuotedPrintable() {}

    /** Each char of input and output is an octet. */
    static String decode(String value) throws SyntaxException {
        String text = TagList.withoutSpace(value);
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '=') {
                out.append(c);
                continue;
            }
            int high = hex(text, i + 1);
            int low = hex(text, i + 2);
            if (high < 0 || low < 0) {
                throw new SyntaxException("a wrong quoted octet");
            }
            char octet = (char) (high << 4 | low);
            if (octet < 0x20 || octet == 0x7f) {
                throw new SyntaxException("a quoted control character");
            }
            out.append(octet);
            i += 2;
        }
        return out.toString();
    }

    /** RFC 6376 §2.11 writes upper-case digits; lower-case ones are met. */
    private static int hex(String text, int at) {
        return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    }
}
