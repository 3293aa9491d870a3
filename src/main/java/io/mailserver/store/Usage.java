package io.mailserver.store;

/**
 * What an account holds.
 *
 * @param messages in all its mailboxes
 * @param bytes octets as stored; a file that several accounts share counts in full for each
 */
public record Usage(long messages, long bytes) {
    static final Usage NONE = new Usage(0, 0);

    Usage plus(long size) {
        return new Usage(messages + 1, bytes + size);
    }

    Usage plus(Usage other) {
        return new Usage(messages + other.messages, bytes + other.bytes);
    }
}
