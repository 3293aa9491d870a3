package io.mailserver.smtpclient;

import io.mailserver.smtp.EnhancedStatus;
import java.util.Optional;

/**
 * What became of one recipient.
 *
 * @param kind whether to try again
 * @param stage where it was decided
 * @param reply the server's words, where it said any
 * @param text for people: the reply, or what went wrong
 * @param status the server's enhanced status, or ours where it gave none and one is known
 */
public record RecipientResult(
        Kind kind, Stage stage, Optional<ServerReply> reply, String text, Optional<EnhancedStatus> status) {
    /** What follows from it. */
    public enum Kind {
        DELIVERED,
        /** Try again later. */
        TEMPORARY,
        /** Trying again would be in vain. */
        PERMANENT
    }

    /** Where in the course of a delivery something was decided. */
    public enum Stage {
        CONNECT,
        GREETING,
        HELLO,
        TLS,
        AUTH,
        MAIL,
        RECIPIENT,
        DATA,
        /** The reply to the end of the message. */
        MESSAGE
    }

    static RecipientResult of(Stage stage, ServerReply reply) {
        Kind kind = reply.isPositive() ? Kind.DELIVERED : reply.isPermanent() ? Kind.PERMANENT : Kind.TEMPORARY;
        return new RecipientResult(kind, stage, Optional.of(reply), reply.toString(), reply.status());
    }

    /** Decided here, without a word of the server. */
    public static RecipientResult local(Kind kind, Stage stage, String text) {
        return new RecipientResult(kind, stage, Optional.empty(), text, Optional.empty());
    }

    /** The same with a status. */
    public static RecipientResult local(Kind kind, Stage stage, EnhancedStatus status, String text) {
        return new RecipientResult(kind, stage, Optional.empty(), text, Optional.of(status));
    }
}
