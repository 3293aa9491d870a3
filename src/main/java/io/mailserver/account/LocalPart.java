package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.smtp.Address;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Local parts as this server compares them: without regard to case, after normalization to NFC (RFC 6532 §3.1). The canonical form is
 * {@code NFC(lowercase(NFC(text)))} with the case mapping of no language; two local parts are the same mailbox if their canonical
 * forms are equal.
 */
final class LocalPart {
    /** RFC 5321 §4.5.3.1.1. */
    private static final int MAX_OCTETS = 64;

    /** What separates a mailbox's name from a detail of the sender's choice (RFC 5233 §4). */
    static final char DETAIL_SEPARATOR = '+';

    private LocalPart() {}

    /** The form in which local parts are stored and compared. */
    static String canonical(String localPart) {
        if (isLowerAscii(localPart)) {
            return localPart;
        }
        String lower = Normalizer.normalize(localPart, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(lower, Normalizer.Form.NFC);
    }

    /** The address with its local part in canonical form. */
    static Address canonical(Address address) {
        return new Address(canonical(address.localPart()), address.host());
    }

    /**
     * Reads an address that an operator typed, into canonical form. Only local parts that need no quotes (RFC 5321 §4.1.2, Dot-string)
     * can be made here: quoted ones are legal on the wire and a source of trouble in every other program.
     *
     * @throws OperatorException it is not {@code name@domain}
     */
    static Address parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            throw new OperatorException("\"" + printable(text) + "\" is not an address", "write it as name@domain");
        }
        Domain domain = Domain.parse(text.substring(at + 1)).orElseThrow(() -> new OperatorException(
                "\"" + printable(text) + "\" has no valid domain after the @", "write the address as name@domain"));
        return Address.of(checked(text.substring(0, at)), domain);
    }

    /** As {@link #parse} with the local part as it was typed: what upper case means is for the server of its domain to say. */
    static Address parseAsTyped(String text) {
        Address canonical = parse(text);
        return new Address(Normalizer.normalize(text.substring(0, text.lastIndexOf('@')), Normalizer.Form.NFC), canonical.host());
    }

    private static String checked(String typed) {
        String local = canonical(typed);
        if (local.isEmpty()) {
            throw new OperatorException("the address has nothing before the @", "write it as name@domain");
        }
        if (local.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
            throw new OperatorException(
                    "the part before the @ is longer than " + MAX_OCTETS + " octets", "choose a shorter name");
        }
        if (!isDotString(local)) {
            throw new OperatorException(
                    "\"" + printable(typed) + "\" cannot be the part before the @",
                    "use letters, digits, and . _ - + between them");
        }
        return local;
    }

    private static boolean isDotString(String local) {
        boolean afterDot = true;
        for (int i = 0; i < local.length(); i += Character.charCount(local.codePointAt(i))) {
            int c = local.codePointAt(i);
            if (c == '.') {
                if (afterDot) {
                    return false;
                }
                afterDot = true;
            } else if (isAtomCharacter(c)) {
                afterDot = false;
            } else {
                return false;
            }
        }
        return !afterDot;
    }

    /** atext of RFC 5322 §3.2.3; beyond ASCII whatever is visible and assigned. */
    private static boolean isAtomCharacter(int c) {
        if (c < 0x80) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    private static boolean isLowerAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }

    /** What was typed, short and without controls, for an error text. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().limit(100).forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return clean.toString();
    }
}
