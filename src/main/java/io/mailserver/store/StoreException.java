package io.mailserver.store;

import org.jspecify.annotations.Nullable;

/** Why the store did not do something, in terms of no protocol. The text is for users: it names no paths and no other accounts. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of refusals and troubles. */
    public enum Cause {
        NO_SUCH_MAILBOX,
        ALREADY_EXISTS,
        /** A mailbox below stands in the way, or one above is missing. */
        HAS_CHILDREN,
        OVER_QUOTA,
        /** Too long, too many, too large. */
        LIMIT,
        NO_PERMISSION,
        /** The message is gone. */
        EXPUNGED,
        /** Not possible by its nature: deleting the INBOX, a second mailbox for a special use. */
        CANNOT,
        /** The disk has no room. */
        DISK_FULL,
        /** Trouble that may pass: the disk, too much load, a shutdown. */
        UNAVAILABLE,
        /** What is stored contradicts itself. */
        CORRUPT
    }

    private final Cause reason;

    /** A refusal by rule. */
    public StoreException(Cause reason, String text) {
        this(reason, text, null);
    }

    /** @param cause for the log */
    public StoreException(Cause reason, String text, @Nullable Throwable cause) {
        super(text, cause);
        this.reason = reason;
    }

    /** The kind. */
    public Cause reason() {
        return reason;
    }

    /** Whether the server has trouble, as opposed to a request that cannot be met. */
    public boolean trouble() {
        return switch (reason) {
            case UNAVAILABLE, CORRUPT, DISK_FULL -> true;
            default -> false;
        };
    }
}
