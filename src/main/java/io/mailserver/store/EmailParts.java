package io.mailserver.store;

import java.util.Set;

/**
 * What is rendered once, when a message is stored, and served often.
 *
 * @param envelope IMAP ENVELOPE, octets as sent
 * @param bodyStructure IMAP BODYSTRUCTURE, octets as sent
 * @param body IMAP BODY (the structure without extension data), octets as sent; empty where the renderer derives it
 * @param headers those of {@link #HEADER_FIELDS} that the message has, all of them, as they stand there, each with its CRLF, unfolded
 *     nowhere
 * @param preview the first words of the text (RFC 8970), UTF-8
 * @param structure {@code mime.MimeStructure} encoded: where the parts lie
 */
// Octets that nobody compares and nobody changes.
@SuppressWarnings("ArrayRecordComponent")
public record EmailParts(byte[] envelope, byte[] bodyStructure, byte[] body, byte[] headers, byte[] preview, byte[] structure) {
    /** What mail programs ask for to show a list of messages; in lower case. */
    public static final Set<String> HEADER_FIELDS = Set.of(
            "date",
            "subject",
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "message-id",
            "in-reply-to",
            "references",
            "newsgroups",
            "content-type",
            "mime-version",
            "importance",
            "priority",
            "x-priority",
            "x-mailer",
            "user-agent",
            "list-id",
            "list-post",
            "list-unsubscribe",
            "disposition-notification-to");

    // Compared by nobody; the arrays are never changed after they were put in here.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
