package io.mailserver.imap;

import java.util.Optional;

/** What STATUS can tell of a mailbox. */
public enum StatusItem {
    MESSAGES("MESSAGES"),
    /** RFC 3501 §6.3.10. */
    RECENT("RECENT"),
    UIDNEXT("UIDNEXT"),
    UIDVALIDITY("UIDVALIDITY"),
    UNSEEN("UNSEEN"),
    /** RFC 9051 §6.3.11. */
    DELETED("DELETED"),
    /** In octets (RFC 8438 §4). */
    SIZE("SIZE"),
    /** RFC 7162 §3.1.2. */
    HIGHESTMODSEQ("HIGHESTMODSEQ"),
    /** RFC 7889 §4. */
    APPENDLIMIT("APPENDLIMIT"),
    /** RFC 8474 §4.3. */
    MAILBOXID("MAILBOXID"),
    /** What EXPUNGE would free, in octets (RFC 9208 §4.4). */
    DELETED_STORAGE("DELETED-STORAGE");

    private final String word;

    StatusItem(String word) {
        this.word = word;
    }

    /** As it is written in command and response. */
    public String word() {
        return word;
    }

    static Optional<StatusItem> named(String word) {
        for (StatusItem item : values()) {
            if (item.word.equalsIgnoreCase(word)) {
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }
}
