package io.mailserver.store;

/**
 * What is rendered once, when a message is stored, and served often.
 *
 * @param envelope IMAP ENVELOPE, octets as sent
 * @param bodyStructure IMAP BODYSTRUCTURE, octets as sent
 * @param body IMAP BODY (the structure without extension data), octets as sent; empty where the renderer derives it
 * @param headers the usual header fields as they stand in the message, each with its CRLF, unfolded nowhere
 * @param preview the first words of the text (RFC 8970), UTF-8
 * @param structure {@code mime.MimeStructure} encoded: where the parts lie
 */
public record EmailParts(byte[] envelope, byte[] bodyStructure, byte[] body, byte[] headers, byte[] preview, byte[] structure) {
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
