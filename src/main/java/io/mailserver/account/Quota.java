package io.mailserver.account;

/**
 * How much an account may hold.
 *
 * @param messages 0 for no limit
 * @param bytes octets as stored; 0 for no limit
 */
public record Quota(long messages, long bytes) {
    public static final Quota NONE = new Quota(0, 0);

    public Quota {
        if (messages < 0 || bytes < 0) {
            throw new IllegalArgumentException("negative quota");
        }
    }

    /** Whether an account that holds {@code heldMessages} and {@code heldBytes} may take one more message of {@code size} octets. */
    public boolean allows(long heldMessages, long heldBytes, long size) {
        return (messages == 0 || heldMessages < messages) && (bytes == 0 || heldBytes + size <= bytes);
    }
}
