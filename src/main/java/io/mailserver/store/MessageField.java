package io.mailserver.store;

/** What {@link Mailbox#read} can read of a message besides what {@link MessageList} knows. */
public enum MessageField {
    THREAD_ID,
    SAVE_DATE,
    /** Envelope, structures, header fields and preview, all that {@link EmailParts} holds. */
    PARTS
}
