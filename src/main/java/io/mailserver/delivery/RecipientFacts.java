package io.mailserver.delivery;

import io.mailserver.account.Resolution;
import io.mailserver.account.Suppression;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Reply;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * What is known when RCPT TO asks.
 *
 * @param resolution who gets the mail
 * @param authenticated whether the client logged in
 * @param sending whether this server sends to others
 * @param nullSender whether the reverse-path is the null one
 * @param room whether the accounts' quotas let it in
 * @param suppressed that the client's account does not send there any more, and why
 */
record RecipientFacts(
        Resolution resolution, boolean authenticated, boolean sending, boolean nullSender, Room room, Optional<Suppression> suppressed) {
    /** Those of an address that nothing is known against. */
    RecipientFacts(Resolution resolution, boolean authenticated, boolean sending, boolean nullSender, Room room) {
        this(resolution, authenticated, sending, nullSender, room, Optional.empty());
    }

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

    /** RFC 3463 §3.2: as the other server would say. How to have it lifted comes last. */
    private static Decision suppressed(Suppression entry) {
        return new Decision.Refuse(new Reply(550, new EnhancedStatus(5, 1, 1), List.of(
                entry.address() + " does not exist: its server said so on " + day(entry.since()) + ", and is not asked again before "
                        + day(entry.until()),
                "It said: " + entry.reason(),
                "If it exists now, have your postmaster run: ./mailserver suppression remove " + entry.account() + " " + entry.address()),
                false), "suppressed");
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
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
                            ? suppressed.map(RecipientFacts::suppressed).orElse(Decision.ACCEPT)
                            : Decision.refuse(550, "5.7.1", "This server sends no mail to other servers", "not-sending");
        };
    }
}
