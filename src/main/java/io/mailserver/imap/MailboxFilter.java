package io.mailserver.imap;

import java.util.List;

/** Which mailboxes NOTIFY or ESEARCH is about (RFC 5465 §6, RFC 7377 §2.2). Names are Unicode. */
public sealed interface MailboxFilter {
    /** Filters that are one word. */
    enum Plain implements MailboxFilter {
        /** The selected mailbox. */
        SELECTED,
        /** The selected mailbox, with EXPUNGE held back until it may be told (RFC 5465 §6.1). */
        SELECTED_DELAYED,
        /** Those that mail is delivered to. */
        INBOXES,
        /** All of the personal namespace. */
        PERSONAL,
        /** Those the user subscribed to. */
        SUBSCRIBED
    }

    /** These and all below them. */
    record Subtree(List<String> names) implements MailboxFilter {
        public Subtree {
            names = List.copyOf(names);
        }
    }

    /** These and those directly below them (RFC 7377 §2.2). */
    record SubtreeOne(List<String> names) implements MailboxFilter {
        public SubtreeOne {
            names = List.copyOf(names);
        }
    }

    /** These. */
    record Mailboxes(List<String> names) implements MailboxFilter {
        public Mailboxes {
            names = List.copyOf(names);
        }
    }
}
