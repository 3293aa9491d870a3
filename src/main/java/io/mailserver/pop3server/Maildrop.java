package io.mailserver.pop3server;

import io.mailserver.store.AccountMail;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The INBOX as one session sees it: the messages of its login, in order, and which of them are to be removed (RFC 1939 §5). */
final class Maildrop {
    private final Mailbox inbox;
    private final MessageList messages;
    private UidSet marked = UidSet.EMPTY;
    private UidSet retrieved = UidSet.EMPTY;

    private Maildrop(Mailbox inbox, MessageList messages) {
        this.inbox = inbox;
        this.messages = messages;
    }

    static Maildrop of(AccountMail mail) throws StoreException {
        MailboxInfo info = mail.mailboxes().find(MailboxName.INBOX)
                .orElseThrow(() -> new StoreException(StoreException.Cause.UNAVAILABLE, "There is no INBOX"));
        Mailbox inbox = mail.mailbox(info.id());
        return new Maildrop(inbox, inbox.messages());
    }

    /** The highest number. */
    int last() {
        return messages.size();
    }

    /** Whether a number is that of a message that is not marked. */
    boolean has(int number) {
        return number >= 1 && number <= last() && !marked.contains(messages.uid(number - 1));
    }

    /** Octets with CRLF (RFC 1939 §11). */
    long size(int number) {
        return messages.size(number - 1);
    }

    int count() {
        return (int) (last() - marked.size());
    }

    long octets() {
        long octets = 0;
        for (int number = 1; number <= last(); number++) {
            octets += has(number) ? size(number) : 0;
        }
        return octets;
    }

    /** RFC 1939 §7, UIDL: as Dovecot writes it by default, so that clients know what they have when the server changes. */
    String uniqueId(int number) {
        return String.format(Locale.ROOT, "%08x%08x", messages.uid(number - 1), messages.uidValidity());
    }

    /** @throws StoreException EXPUNGED where another session removed it */
    MessageContent content(int number) throws StoreException {
        return inbox.content(messages.uid(number - 1));
    }

    void retrieved(int number) {
        retrieved = retrieved.union(UidSet.of(messages.uid(number - 1)));
    }

    void mark(int number) {
        marked = marked.union(UidSet.of(messages.uid(number - 1)));
    }

    void unmarkAll() {
        marked = UidSet.EMPTY;
    }

    /**
     * RFC 1939 §6: removes what is marked; what else was retrieved is \Seen for other programs.
     *
     * @return how many are gone by it
     */
    long update() throws StoreException {
        UidSet seen = retrieved.minus(marked);
        if (!seen.isEmpty()) {
            inbox.store(seen, new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.SEEN)), OptionalLong.empty());
        }
        if (marked.isEmpty()) {
            return 0;
        }
        inbox.store(marked, new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
        return inbox.expunge(Optional.of(marked)).size();
    }
}
