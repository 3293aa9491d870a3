package io.mailserver.delivery;

import io.mailserver.account.Resolution;

/**
 * What is known when RCPT TO asks.
 *
 * @param resolution who gets the mail
 * @param authenticated whether the client logged in
 * @param sending whether this server sends to others
 * @param nullSender whether the reverse-path is the null one
 * @param room whether the accounts' quotas let it in
 */
record RecipientFacts(Resolution resolution, boolean authenticated, boolean sending, boolean nullSender, Room room) {
    /** What the quotas say. */
    enum Room {
        /**
         * At least one of the accounts has room, or there are none. Then the message goes to all: nobody could bring it to the full
         * ones later, and one full mailbox must not hold up the mail of everybody behind an alias.
         */
        ENOUGH,
        NONE,
        /** The accounts' mail cannot be counted. */
        UNKNOWN
    }

    /** Decides, without looking anywhere else. */
    Decision decide() {
        return switch (resolution) {
            case Resolution.Local local -> switch (room) {
                case ENOUGH -> Decision.ACCEPT;
                // RFC 3463 §3.3: 4.2.2, as room can be made.
                case NONE -> Decision.refuse(452, "4.2.2", "The mailbox is full; try again later", "over-quota");
                case UNKNOWN -> Decision.refuse(451, "4.3.0", "The mailbox cannot be reached now; try again later", "usage-unknown");
            };
            case Resolution.Reports reports -> Decision.ACCEPT;
            // Notices alone: anything else would make us a relay to the sender of any message that we forwarded.
            case Resolution.Returned returned -> nullSender
                    ? Decision.ACCEPT
                    : Decision.refuse(550, "5.7.1", "This return address takes delivery notices only", "not-a-notice");
            case Resolution.UnknownUser unknown ->
                Decision.refuse(550, "5.1.1", "No such user here", "unknown-user");
            case Resolution.Disabled disabled ->
                Decision.refuse(550, "5.2.1", "This mailbox takes no mail", "disabled");
            case Resolution.Unavailable unavailable ->
                Decision.refuse(451, "4.3.0", "Addresses cannot be looked up now; try again later", "directory-unavailable");
            // No open relay: only who has logged in sends to others.
            case Resolution.NotLocal notLocal -> !authenticated
                    ? Decision.refuse(550, "5.7.1", "Relaying denied: that domain is not hosted here", "relaying")
                    : sending
                            ? Decision.ACCEPT
                            : Decision.refuse(550, "5.7.1", "This server sends no mail to other servers", "not-sending");
        };
    }
}
