package io.mailserver.dsn;

import io.mailserver.smtp.EnhancedStatus;

/** What a status means for somebody who is no postmaster (RFC 3463 §3). */
final class Explanation {
    private Explanation() {}

    static String of(RecipientNotice notice) {
        EnhancedStatus status = notice.status();
        return switch (status.subject() + "." + status.detail()) {
            case "1.1" -> "There is no such mailbox. Check the address for typing errors.";
            case "1.2", "1.10" -> "The domain behind the @ takes no mail or does not exist. Check it for typing errors.";
            case "1.3" -> "The address is not written in a way that the other server understands.";
            case "1.6" -> "The mailbox has moved and left no new address.";
            case "1.7", "1.8" -> "The other server does not accept your own address as sender.";
            case "2.1" -> "The mailbox is switched off.";
            case "2.2" -> "The mailbox is full. Its owner has to make room.";
            case "2.3", "3.4" -> "The message is too large for the other side. Send it smaller, or as a link.";
            case "4.1", "4.4" -> "The other server could not be reached.";
            case "4.3" -> "The name servers of the other side do not answer.";
            case "4.6" -> "The message goes round in circles between servers. Tell the postmaster of the other side.";
            case "4.7" -> "The other server did not take the message in all this time.";
            case "6.3", "6.7" -> "The other server is too old for this message.";
            case "7.10", "7.30" -> "You asked for the message to go over verified encryption only (REQUIRETLS), which the other side "
                    + "does not offer. It was not sent.";
            default -> switch (status.subject()) {
                case 7 -> "The other server refuses the message for reasons of its policy, as it may with what it takes for unwanted mail.";
                case 4 -> "The way to the other server is disturbed.";
                case 6 -> "The other server cannot take the contents of the message.";
                case 3 -> "The other server is in trouble.";
                default -> notice.action() == RecipientNotice.Action.FAILED
                        ? "The other server refused the message; its words are below."
                        : "The other server did not take the message yet; its words are below.";
            };
        };
    }
}
