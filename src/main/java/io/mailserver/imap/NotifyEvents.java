package io.mailserver.imap;

import java.util.List;
import java.util.Set;

/**
 * What a client wants to be told of some mailboxes (RFC 5465 §5).
 *
 * @param mailboxes which
 * @param events empty: nothing (NONE)
 * @param newMessageItems what to FETCH of each new message in the selected mailbox; empty: nothing
 */
public record NotifyEvents(MailboxFilter mailboxes, Set<Event> events, List<FetchItem> newMessageItems) {
    /** A kind of change. */
    public enum Event {
        MESSAGENEW("MessageNew"),
        MESSAGEEXPUNGE("MessageExpunge"),
        FLAGCHANGE("FlagChange"),
        ANNOTATIONCHANGE("AnnotationChange"),
        MAILBOXNAME("MailboxName"),
        SUBSCRIPTIONCHANGE("SubscriptionChange"),
        MAILBOXMETADATACHANGE("MailboxMetadataChange"),
        SERVERMETADATACHANGE("ServerMetadataChange");

        private final String word;

        Event(String word) {
            this.word = word;
        }

        /** As it is written in a BADEVENT response code. */
        public String word() {
            return word;
        }
    }

    public NotifyEvents {
        events = Set.copyOf(events);
        newMessageItems = List.copyOf(newMessageItems);
    }
}
