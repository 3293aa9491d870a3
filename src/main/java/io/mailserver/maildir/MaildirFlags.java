package io.mailserver.maildir;

/**
 * The flag letters of a Maildir name as a set: {@code A} to {@code Z} are system flags (six of them have a meaning), {@code a} to
 * {@code z} keywords, named per mailbox by {@link DovecotKeywords}.
 *
 * @param letters bit 0 is {@code A}, bit 26 is {@code a}
 */
public record MaildirFlags(long letters) {
    /** No flags. */
    public static final MaildirFlags NONE = new MaildirFlags(0);

    public static final char DRAFT = 'D';
    public static final char FLAGGED = 'F';
    /** Forwarded, resent or bounced: the keyword {@code $Forwarded}. */
    public static final char PASSED = 'P';

    public static final char REPLIED = 'R';
    public static final char SEEN = 'S';
    /** Marked for deletion: {@code \Deleted}. */
    public static final char TRASHED = 'T';

    /** How many keywords have letters. */
    public static final int KEYWORD_LETTERS = 26;

    private static final int ALL = 2 * KEYWORD_LETTERS;

    public MaildirFlags {
        letters &= (1L << ALL) - 1;
    }

    /** The letters in {@code text}; other characters are passed over. */
    public static MaildirFlags of(String text) {
        long letters = 0;
        for (int i = 0; i < text.length(); i++) {
            letters |= bit(text.charAt(i));
        }
        return new MaildirFlags(letters);
    }

    public boolean has(char letter) {
        return (letters & bit(letter)) != 0;
    }

    public MaildirFlags with(char letter) {
        return new MaildirFlags(letters | bit(letter));
    }

    /** These letters and those. */
    public MaildirFlags and(MaildirFlags others) {
        return new MaildirFlags(letters | others.letters);
    }

    /** These letters, but none of those. */
    public MaildirFlags without(MaildirFlags others) {
        return new MaildirFlags(letters & ~others.letters);
    }

    /** The letter of keyword {@code index}, from 0 to 25. */
    public static char keywordLetter(int index) {
        if (index < 0 || index >= KEYWORD_LETTERS) {
            throw new IllegalArgumentException("keyword " + index + " has no letter");
        }
        return (char) ('a' + index);
    }

    /** The letters in the order of ASCII, as Maildir wants them. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ALL; i++) {
            if ((letters & (1L << i)) != 0) {
                text.append((char) (i < KEYWORD_LETTERS ? 'A' + i : 'a' + i - KEYWORD_LETTERS));
            }
        }
        return text.toString();
    }

    private static long bit(char letter) {
        if (letter >= 'A' && letter <= 'Z') {
            return 1L << (letter - 'A');
        }
        if (letter >= 'a' && letter <= 'z') {
            return 1L << (letter - 'a' + KEYWORD_LETTERS);
        }
        return 0;
    }
}
