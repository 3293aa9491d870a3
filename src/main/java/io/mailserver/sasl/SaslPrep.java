package io.mailserver.sasl;

import java.text.Normalizer;
import java.util.Optional;

/**
 * SASLprep (RFC 4013), the preparation of user names and passwords so that two ways of typing one password give the same octets.
 *
 * <p>Not followed: the tables of Unicode 3.2. Normalization and assigned code points are those of the running JDK's Unicode, a superset;
 * a code point unassigned even there is prohibited (RFC 3454 §7, stored strings). A password of characters that did not exist in 2002 is
 * therefore usable instead of refused.
 */
public final class SaslPrep {
    private SaslPrep() {}

    /** The prepared form; empty where {@code text} holds prohibited characters, breaks the bidi rule or becomes the empty string. */
    public static Optional<String> prepare(String text) {
        if (isPrintableAscii(text)) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(point -> map(point, mapped));
        String normalized = Normalizer.normalize(mapped, Normalizer.Form.NFKC); // RFC 4013 §2.2
        boolean fine = !normalized.isEmpty()
                && normalized.codePoints().noneMatch(SaslPrep::isProhibited)
                && obeysBidiRule(normalized);
        return fine ? Optional.of(normalized) : Optional.empty();
    }

    private static boolean isPrintableAscii(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    /** RFC 4013 §2.1. */
    private static void map(int point, StringBuilder to) {
        if (isNonAsciiSpace(point)) {
            to.append(' ');
        } else if (!isMappedToNothing(point)) {
            to.appendCodePoint(point);
        }
    }

    /** RFC 3454 table C.1.2. */
    private static boolean isNonAsciiSpace(int point) {
        return point == 0xa0
                || point == 0x1680
                || (point >= 0x2000 && point <= 0x200b)
                || point == 0x202f
                || point == 0x205f
                || point == 0x3000;
    }

    /** RFC 3454 table B.1. */
    private static boolean isMappedToNothing(int point) {
        return point == 0xad
                || point == 0x34f
                || point == 0x1806
                || (point >= 0x180b && point <= 0x180d)
                || (point >= 0x200c && point <= 0x200d)
                || point == 0x2060
                || (point >= 0xfe00 && point <= 0xfe0f)
                || point == 0xfeff;
    }

    /** RFC 4013 §2.3. */
    private static boolean isProhibited(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, // C.2.1, C.2.2
                    Character.PRIVATE_USE, // C.3
                    Character.SURROGATE, // C.5
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, // C.2.2
                    Character.UNASSIGNED -> // C.4 (non-characters) and RFC 3454 §7
                true;
            default -> isNonAsciiSpace(point) || isProhibitedFormat(point);
        };
    }

    /** The rest of RFC 3454 tables C.2.2, C.6, C.7, C.8 and C.9. */
    private static boolean isProhibitedFormat(int point) {
        return point == 0x6dd
                || point == 0x70f
                || point == 0x180e
                || (point >= 0x200e && point <= 0x200f)
                || (point >= 0x202a && point <= 0x202e)
                || (point >= 0x2061 && point <= 0x2063)
                || (point >= 0x206a && point <= 0x206f)
                || (point >= 0x2ff0 && point <= 0x2ffb)
                || (point >= 0x340 && point <= 0x341)
                || (point >= 0xfff9 && point <= 0xfffd)
                || (point >= 0x1d173 && point <= 0x1d17a)
                || (point >= 0xe0000 && point <= 0xe007f);
    }

    /** RFC 4013 §2.4, RFC 3454 §6: right-to-left text holds no left-to-right letter and begins and ends right-to-left. */
    private static boolean obeysBidiRule(String text) {
        if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
            return true;
        }
        return text.codePoints().noneMatch(point -> Character.getDirectionality(point) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                && isRightToLeft(text.codePointAt(0))
                && isRightToLeft(text.codePointBefore(text.length()));
    }

    private static boolean isRightToLeft(int point) {
        byte direction = Character.getDirectionality(point);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
