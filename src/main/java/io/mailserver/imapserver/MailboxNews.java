package io.mailserver.imapserver;

import io.mailserver.imap.ImapWriter;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;

/** Tells a client what happened in its mailbox that it did not ask for (RFC 9051 §7.5). */
final class MailboxNews {
    private final SessionContext context;
    private final ImapWriter out;

    MailboxNews(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    /**
     * To be called as a command begins that looks at messages, so that it sees them as they are. New messages are told at once; changed
     * flags after the command's own results, because simple clients take the first FETCH response for what they asked.
     */
    void look() throws StoreException, IOException {
        SelectedMailbox selected = context.selected();
        MailboxView.Update update = selected.view().advance(selected.mailbox().messages(), false);
        if (!update.isEmpty()) {
            numbers(selected, update);
            selected.unsaid(selected.unsaid().union(update.changed()));
        }
    }

    /**
     * Tells everything there is to tell.
     *
     * @param expunges whether the client may hear of those now
     * @param withUid whether FETCH responses must name the UID: those of UID commands (RFC 9051 §6.4.9)
     */
    void tell(boolean expunges, boolean withUid) throws StoreException, IOException {
        SelectedMailbox selected = context.selected();
        MailboxView.Update update = selected.view().advance(selected.mailbox().messages(), expunges);
        UidSet changed = selected.unsaid();
        if (!update.isEmpty()) {
            numbers(selected, update);
            changed = changed.union(update.changed());
        }
        if (!changed.isEmpty()) {
            selected.unsaid(UidSet.EMPTY);
            flags(changed, withUid);
        }
    }

    /** Keywords, expunges, the number of messages, and what all this does to searches that are kept up to date. */
    private void numbers(SelectedMailbox selected, MailboxView.Update update) throws StoreException, IOException {
        if (update.keywordsGrew()) {
            Flags.writeKnown(out.begin("FLAGS").space(), selected.view().list(), false).crlf();
        }
        expunged(selected, update);
        if (update.exists().isPresent()) {
            selected.claimRecent();
            out.numbered(update.exists().getAsInt(), "EXISTS");
            if (!context.has(Feature.IMAP4REV2)) {
                out.numbered(selected.recentCount(), "RECENT");
            }
        }
        selected.contexts().look(context, update.changed());
    }

    private void expunged(SelectedMailbox selected, MailboxView.Update update) throws IOException {
        if (update.expunged().isEmpty()) {
            return;
        }
        selected.contexts().expunged(update, context);
        if (context.tellsVanished()) {
            out.begin("VANISHED").space().ascii(update.expunged().toString()).crlf(); // RFC 7162 §3.2.10, RFC 9586 §3.2
            return;
        }
        int[] numbers = update.expungedNumbers();
        for (int i = numbers.length - 1; i >= 0; i--) {
            out.numbered(numbers[i], "EXPUNGE"); // from the last, so that no number moves before it is told
        }
    }

    /** A FETCH response with the flags of each of these messages that is there. */
    void flags(UidSet uids, boolean withUid) throws IOException {
        SelectedMailbox selected = context.selected();
        MailboxView view = selected.view();
        MessageList list = view.list();
        // RFC 7162 §3.2.4, RFC 9051 §7.5.2, RFC 5465 §5.1
        boolean wanted = withUid
                || context.notifications().isPresent()
                || context.has(Feature.QRESYNC)
                || context.has(Feature.IMAP4REV2);
        boolean uid = wanted && !context.has(Feature.UIDONLY);
        boolean modSeq = context.has(Feature.CONDSTORE);
        for (int range = 0; range < uids.ranges(); range++) {
            int last = uids.last(range);
            for (int index = list.indexFrom(uids.first(range));
                    index < list.size() && Integer.compareUnsigned(list.uid(index), last) <= 0;
                    index++) {
                context.beginFetch(index);
                if (uid) {
                    out.item("UID").number(Integer.toUnsignedLong(list.uid(index)));
                }
                Flags.write(out.item("FLAGS"), list, list.flags(index), selected.isRecent(list.uid(index)));
                if (modSeq) {
                    out.item("MODSEQ").open().number(list.modSeq(index)).close();
                }
                out.endFetch();
            }
        }
        selected.said(uids);
    }
}
