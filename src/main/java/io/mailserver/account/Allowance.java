package io.mailserver.account;

/**
 * How much mail for other servers: what one message takes, what an account sent, or what it may send within 24 hours.
 *
 * @param messages how many
 * @param recipients of all of them together, at other servers
 * @param firstTime those of the recipients to whom the account had never written before
 */
public record Allowance(int messages, int recipients, int firstTime) {
    /** Nothing. */
    public static final Allowance NONE = new Allowance(0, 0, 0);

    /** The value of what is not limited. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** What one message to so many takes. */
    public static Allowance ofMessage(int recipients, int firstTime) {
        return new Allowance(1, recipients, firstTime);
    }

    Allowance plus(Allowance other) {
        return new Allowance(messages + other.messages, recipients + other.recipients, firstTime + other.firstTime);
    }

    /** Never less than nothing. */
    Allowance minus(Allowance other) {
        return new Allowance(Math.max(0, messages - other.messages), Math.max(0, recipients - other.recipients),
                Math.max(0, firstTime - other.firstTime));
    }
}
