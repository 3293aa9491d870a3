package io.mailserver.search;

/**
 * Characters of texts of {@link UnicodeCasemap} form without what distinguishes letters of one kind: accents are left out, and letters
 * that Unicode does not decompose become those that people write who do not have them.
 */
final class FoldedCharacters {
    /** What ends a word. */
    static final int NO_LETTER = -1;

    /** What belongs to the character before. */
    static final int MARK = -2;

    /** Octets that are the rest of a character count as a mark. */
    private static final int MARK_OF_REST = 0x300;

    private FoldedCharacters() {}

    /** How many octets the character has that begins with this octet; 1 of one that begins none. */
    static int octets(byte first) {
        int octet = first & 0xff;
        if (octet < 0xc0) {
            return 1;
        }
        return octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4;
    }

    /** The letter or digit at a place of UTF-8, in upper case, or {@link #NO_LETTER}, or {@link #MARK}. */
    static int at(byte[] text, int at, int to) {
        int c = codePoint(text, at, to);
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> MARK;
            case Character.COMBINING_SPACING_MARK -> c; // Vowels of Indic scripts.
            default -> Character.isLetterOrDigit(c) ? Character.toUpperCase(c) : NO_LETTER;
        };
    }

    private static int codePoint(byte[] text, int at, int to) {
        int first = text[at];
        int octets = octets(text[at]);
        if (first >= 0 || octets == 1 || at + octets > to) {
            return first >= 0 ? first : MARK_OF_REST;
        }
        int c = first & (0xff >> (octets + 1));
        for (int i = 1; i < octets; i++) {
            c = (c << 6) | (text[at + i] & 0x3f);
        }
        return Math.min(c, Character.MAX_CODE_POINT);
    }

    /** Adds a letter, as one character or two; returns the new length. */
    static int append(int c, char[] to, int length) {
        String several = switch (c) {
            case 'ß', 'ẞ' -> "SS";
            case 'Æ' -> "AE";
            case 'Œ' -> "OE";
            case 'Þ' -> "TH";
            default -> "";
        };
        if (!several.isEmpty()) {
            to[length] = several.charAt(0);
            to[length + 1] = several.charAt(1);
            return length + 2;
        }
        char single = switch (c) {
            case 'Ø' -> 'O';
            case 'Ł' -> 'L';
            case 'Đ', 'Ð' -> 'D';
            case 'Ħ' -> 'H';
            case 'ı' -> 'I';
            default -> Character.isBmpCodePoint(c) ? (char) c : 0;
        };
        if (single != 0) {
            to[length] = single;
            return length + 1;
        }
        return length + Character.toChars(c, to, length);
    }
}
