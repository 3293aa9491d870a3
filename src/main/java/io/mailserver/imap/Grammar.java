package io.mailserver.imap;

/** Which octets the grammar's elements are made of (RFC 9051 §9). */
final class Grammar {
    private Grammar() {}

    /** ATOM-CHAR: no CTL, 8-bit, blank, parenthesis, brace, wildcard, quote or {@code ]}. */
    static boolean isAtomOctet(byte octet) {
        return octet > ' ' && octet < 0x7f && switch (octet) {
            case '(', ')', '{', '%', '*', '"', '\\', ']' -> false;
            default -> true;
        };
    }

    /** ASTRING-CHAR. */
    static boolean isAstringOctet(byte octet) {
        return octet == ']' || isAtomOctet(octet);
    }

    /** list-char: ATOM-CHAR, a wildcard or {@code ]}. */
    static boolean isListOctet(byte octet) {
        return octet == '%' || octet == '*' || isAstringOctet(octet);
    }

    /** Of a tag: ASTRING-CHAR but {@code +}. */
    static boolean isTagOctet(byte octet) {
        return octet != '+' && isAstringOctet(octet);
    }
}
