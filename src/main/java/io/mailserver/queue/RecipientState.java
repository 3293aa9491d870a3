package io.mailserver.queue;

import java.time.Instant;

/**
 * What the queue knows about one recipient of a message at one time.
 *
 * @param status where it stands
 * @param attempts how often a server was asked to take the message, or could not be reached
 * @param due when it is tried next (PENDING), was held (HELD), or is forgotten (FAILED); to the second
 * @param delayNotified whether its sender was told of the delay
 * @param lastReply what the last attempt got: the server's reply or what went wrong; printable, at most {@value #MAX_REPLY} characters
 */
public record RecipientState(RecipientStatus status, int attempts, Instant due, boolean delayNotified, String lastReply) {
    /** Longer texts are cut. */
    public static final int MAX_REPLY = 1000;

    static final int MAX_ATTEMPTS = 0xffff;

    public RecipientState {
        attempts = Math.min(attempts, MAX_ATTEMPTS);
        due = Instant.ofEpochSecond(due.getEpochSecond());
        lastReply = printable(lastReply);
    }

    /** A recipient that nobody has tried yet. */
    public static RecipientState fresh(Instant due) {
        return new RecipientState(RecipientStatus.PENDING, 0, due, false, "");
    }

    /** This with another status from {@code at} on. */
    public RecipientState with(RecipientStatus newStatus, Instant at) {
        return new RecipientState(newStatus, attempts, at, delayNotified, lastReply);
    }

    /** This after one more attempt. */
    public RecipientState tried(RecipientStatus newStatus, Instant at, String reply) {
        return new RecipientState(newStatus, attempts + 1, at, delayNotified, reply);
    }

    /** This with its sender told of the delay. */
    public RecipientState notified() {
        return new RecipientState(status, attempts, due, true, lastReply);
    }

    private static String printable(String text) {
        String cut = text.length() > MAX_REPLY ? text.substring(0, MAX_REPLY) : text;
        StringBuilder clean = new StringBuilder(cut.length());
        cut.codePoints().forEach(c -> clean.appendCodePoint(
                Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || (c >= 0xd800 && c <= 0xdfff) ? '?' : c));
        return clean.toString();
    }
}
