package io.mailserver.store;

import java.util.Locale;
import java.util.Optional;

/** What a mailbox is for (RFC 6154 §2); at most one mailbox of an account has each. */
public enum SpecialUse {
    DRAFTS("\\Drafts", "Drafts"),
    SENT("\\Sent", "Sent"),
    JUNK("\\Junk", "Junk"),
    TRASH("\\Trash", "Trash"),
    ARCHIVE("\\Archive", "Archive"),
    /** Known, so that it can be refused by name: this server has no virtual mailboxes. */
    ALL("\\All", ""),
    FLAGGED("\\Flagged", ""),
    /** RFC 8457 §3 */
    IMPORTANT("\\Important", "");

    private final String attribute;
    private final String defaultName;

    SpecialUse(String attribute, String defaultName) {
        this.attribute = attribute;
        this.defaultName = defaultName;
    }

    /** The attribute of LIST, with its backslash. */
    public String attribute() {
        return attribute;
    }

    /** Whether a mailbox may have it. */
    public boolean assignable() {
        return !defaultName.isEmpty();
    }

    /** The name of the mailbox that every account gets for it where nothing else is configured; only for an {@link #assignable} use. */
    public String defaultName() {
        return defaultName;
    }

    /** By its attribute, in any case of letters. */
    public static Optional<SpecialUse> of(String attribute) {
        for (SpecialUse use : values()) {
            if (use.attribute.toLowerCase(Locale.ROOT).equals(attribute.toLowerCase(Locale.ROOT))) {
                return Optional.of(use);
            }
        }
        return Optional.empty();
    }
}
