package io.mailserver.imapserver;

import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;

/** The mailbox a session has selected. Belongs to the session's thread. */
final class SelectedMailbox {
    private final MailboxInfo info;
    private final Mailbox mailbox;
    private final boolean readOnly;
    private final MailboxView view;
    /** What this session alone shows as \Recent (RFC 3501 §2.3.2). */
    private UidSet recent = UidSet.EMPTY;
    /** Messages whose flags the client has yet to be told: found to be changed as a command began, told with its answer. */
    private UidSet unsaid = UidSet.EMPTY;
    /** RFC 5182 §2.1: the result of the last search with SAVE. */
    private UidSet savedResult = UidSet.EMPTY;

    private final SearchContexts contexts = new SearchContexts();

    /** @param list what the client is told on selecting */
    SelectedMailbox(MailboxInfo info, Mailbox mailbox, boolean readOnly, MessageList list) {
        this.info = info;
        this.mailbox = mailbox;
        this.readOnly = readOnly;
        this.view = new MailboxView(list);
    }

    /** As it was when it was selected: it may have another name since. */
    MailboxInfo info() {
        return info;
    }

    /** Its messages in the store. */
    Mailbox mailbox() {
        return mailbox;
    }

    /** Whether it was opened by EXAMINE. */
    boolean readOnly() {
        return readOnly;
    }

    /** What the client knows of it. */
    MailboxView view() {
        return view;
    }

    /** Claims what nobody was told of before as recent for this session; to be called when messages came. */
    void claimRecent() throws StoreException {
        int from = mailbox.claimRecent(readOnly);
        int next = view.list().uidNext();
        if (Integer.compareUnsigned(from, next) < 0) {
            recent = recent.union(UidSet.range(from, next - 1));
        }
    }

    /** Whether the message is \Recent here. */
    boolean isRecent(int uid) {
        return recent.contains(uid);
    }

    /** The messages that are \Recent here, those expunged since among them. */
    UidSet recent() {
        return recent;
    }

    /** How many messages are \Recent here. */
    long recentCount() {
        return recent.isEmpty() ? 0 : view.list().select(recent).size();
    }

    /** {@code $}; what was expunged since is left out (RFC 5182 §2.1). */
    UidSet savedResult() {
        return savedResult;
    }

    void saveResult(UidSet result) {
        savedResult = result;
    }

    /** Searches that are kept up to date until another mailbox is selected (RFC 5267 §4.3). */
    SearchContexts contexts() {
        return contexts;
    }

    UidSet unsaid() {
        return unsaid;
    }

    void unsaid(UidSet changed) {
        unsaid = changed;
    }

    /** The client has just been told the flags of these. */
    void said(UidSet told) {
        if (!unsaid.isEmpty()) {
            unsaid = unsaid.minus(told);
        }
    }
}
