package io.mailserver.store;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of a mailbox as users see it: Unicode in NFC, levels separated by {@code /}. The first level INBOX in any case of letters is
 * INBOX (RFC 9051 §5.1).
 */
public final class MailboxName implements Comparable<MailboxName> {
    /** The mailbox that every account has. */
    public static final MailboxName INBOX = new MailboxName("INBOX");

    /** Between levels. */
    public static final char SEPARATOR = '/';

    /** UTF-8 octets of a whole name. */
    public static final int MAX_OCTETS = 500;

    /** How deep mailboxes nest. */
    public static final int MAX_LEVELS = 30;

    private final String text;

    private MailboxName(String text) {
        this.text = text;
    }

    /**
     * Checks a name that came from outside; a separator at the end is left out (RFC 9051 §6.3.4).
     *
     * @throws StoreException LIMIT if it is too long or too deep, CANNOT if it holds control characters or empty levels
     */
    public static MailboxName of(String name) throws StoreException {
        String text = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        if (text.length() > MAX_OCTETS) {
            throw tooLong();
        }
        // RFC 9051 §5.1
        text = Normalizer.normalize(text, Normalizer.Form.NFC);
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
            throw tooLong();
        }
        String[] levels = text.split("/", -1);
        if (levels.length > MAX_LEVELS) {
            throw new StoreException(StoreException.Cause.LIMIT, "Mailboxes nest at most " + MAX_LEVELS + " levels deep");
        }
        for (String level : levels) {
            checkLevel(level);
        }
        levels[0] = levels[0].toUpperCase(Locale.ROOT).equals("INBOX") ? "INBOX" : levels[0];
        return new MailboxName(String.join("/", levels));
    }

    private static void checkLevel(String level) throws StoreException {
        if (level.isEmpty()) {
            throw new StoreException(StoreException.Cause.CANNOT, "A mailbox name has an empty level");
        }
        for (int i = 0; i < level.length(); i++) {
            char c = level.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < level.length() && Character.isLowSurrogate(level.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                throw new StoreException(StoreException.Cause.CANNOT, "A mailbox name has a control character");
            }
        }
    }

    private static StoreException tooLong() {
        return new StoreException(StoreException.Cause.LIMIT, "A mailbox name has at most " + MAX_OCTETS + " octets");
    }

    /** The whole name. */
    public String text() {
        return text;
    }

    /** From the top down; at least one. */
    public List<String> levels() {
        return List.of(text.split("/", -1));
    }

    /** The mailbox it is in; empty at the top. */
    public Optional<MailboxName> parent() {
        int last = text.lastIndexOf(SEPARATOR);
        return last < 0 ? Optional.empty() : Optional.of(new MailboxName(text.substring(0, last)));
    }

    /** Whether this is below {@code other}, at any depth. */
    public boolean isBelow(MailboxName other) {
        return text.length() > other.text.length() + 1
                && text.startsWith(other.text)
                && text.charAt(other.text.length()) == SEPARATOR;
    }

    /** What this name, equal to or below {@code from}, becomes when {@code from} is renamed to {@code to}. */
    MailboxName moved(MailboxName from, MailboxName to) throws StoreException {
        return of(to.text + text.substring(from.text.length()));
    }

    public boolean isInbox() {
        return text.equals("INBOX");
    }

    @Override
    public int compareTo(MailboxName other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MailboxName name && name.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
