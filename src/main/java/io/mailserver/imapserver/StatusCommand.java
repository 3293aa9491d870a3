package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusItem;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MailboxStatus;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** STATUS (RFC 9051 §6.3.11). */
final class StatusCommand {
    private final SessionContext context;
    private final ImapWriter out;

    StatusCommand(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    StatusResponse run(ImapCommand.Status command) throws StoreException, IOException {
        Optional<MailboxInfo> info = context.mailboxes().find(MailboxName.of(command.mailbox()));
        if (info.isEmpty()) {
            return StatusResponse.no(Plain.NONEXISTENT, "There is no mailbox of that name");
        }
        write(info.get(), command.items());
        return StatusResponse.ok("STATUS completed");
    }

    /** One STATUS response. */
    void write(MailboxInfo info, List<StatusItem> items) throws StoreException, IOException {
        if (items.contains(StatusItem.HIGHESTMODSEQ)) {
            context.enable(Feature.CONDSTORE); // RFC 7162 §3.1
        }
        writeItems(info, items);
    }

    /** The same where the client did not ask for it now. */
    void writeItems(MailboxInfo info, List<StatusItem> items) throws StoreException, IOException {
        MailboxStatus status = context.mailboxes().status(info.id());
        out.begin("STATUS").space().mailbox(info.name().text()).space().open();
        boolean first = true;
        for (StatusItem item : items) {
            if (!first) {
                out.space();
            }
            first = false;
            out.ascii(item.word()).space();
            write(item, info, status);
        }
        out.close().crlf();
    }

    /** RFC 9208 §4.1.4: what EXPUNGE would free. */
    private long deletedOctets(MailboxInfo info) throws StoreException {
        MessageList list = context.mail().mailbox(info.id()).messages();
        long octets = 0;
        for (int index = 0; index < list.size() && list.deleted() > 0; index++) {
            octets += (list.flags(index) & MessageList.DELETED) != 0 ? list.size(index) : 0;
        }
        return octets;
    }

    private void write(StatusItem item, MailboxInfo info, MailboxStatus status) throws StoreException, IOException {
        switch (item) {
            case MESSAGES -> out.number(status.messages());
            case RECENT -> out.number(status.recent());
            case UIDNEXT -> out.number(Integer.toUnsignedLong(status.uidNext()));
            case UIDVALIDITY -> out.number(Integer.toUnsignedLong(status.uidValidity()));
            case UNSEEN -> out.number(status.unseen());
            case DELETED -> out.number(status.deleted());
            case SIZE -> out.number(status.size());
            case HIGHESTMODSEQ -> out.number(Math.max(1, status.highestModSeq()));
            case APPENDLIMIT -> out.number(context.settings().limits().maxMessageSize().octets());
            case MAILBOXID -> out.open().ascii(info.id().toString()).close();
            case DELETED_STORAGE -> out.number(deletedOctets(info));
        }
    }
}
