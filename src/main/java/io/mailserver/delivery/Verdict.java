package io.mailserver.delivery;

import io.mailserver.smtp.Reply;

/** What becomes of a message of a stranger for one recipient, or for all of them, and which rule says so. */
public sealed interface Verdict {
    /** The name of the rule: one of the configuration, or a word of {@link Policy}. */
    String rule();

    /** Why, for people: log, command line, reports. */
    String reason();

    /** The word for log, metrics and command line. */
    default String word() {
        return switch (this) {
            case Accept accept -> "accept";
            case Junk junk -> "junk";
            case Defer defer -> "defer";
            case Reject reject -> "reject";
        };
    }

    /** Into the INBOX. */
    record Accept(String rule, String reason) implements Verdict {}

    /** Into the Junk folder. */
    record Junk(String rule, String reason) implements Verdict {}

    /**
     * Not now.
     *
     * @param reply 4xx
     */
    record Defer(String rule, String reason, Reply reply) implements Verdict {}

    /**
     * Not at all.
     *
     * @param reply 5xx
     */
    record Reject(String rule, String reason, Reply reply) implements Verdict {}
}
