package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapCommand.SetAcl.RightsChange;
import io.mailserver.imap.ImapVerb;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.AccessControl;
import io.mailserver.sharing.Rights;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** GETACL, SETACL, DELETEACL, LISTRIGHTS and MYRIGHTS (RFC 4314 §3), and MYRIGHTS of LIST (RFC 8440). */
final class AclCommand {
    /** What an account that is not the owner can be granted, each by itself (RFC 4314 §3.7), c and d among them (§2.1.1). */
    private static final String GRANTABLE = "l r s w i p k x t e a c d";

    private final SessionContext context;
    private final ImapWriter out;
    private final AccessControl control;

    AclCommand(SessionContext context) {
        this.context = context;
        this.out = context.out();
        this.control = context.mail().accessControl();
    }

    StatusResponse get(String mailbox) throws StoreException, IOException {
        MailboxInfo info = find(mailbox);
        Map<String, Rights> list = control.list(info.id());
        out.begin("ACL").space().mailbox(info.name().text());
        for (Map.Entry<String, Rights> entry : list.entrySet()) {
            out.space().astring(entry.getKey()).space().astring(entry.getValue().toString());
        }
        out.crlf();
        return StatusResponse.ok("GETACL completed");
    }

    StatusResponse set(ImapCommand.SetAcl command) throws StoreException {
        Optional<Rights> rights = Rights.parse(command.rights());
        if (rights.isEmpty()) {
            return StatusResponse.bad("Rights are some of the letters lrswipkxteacd"); // RFC 4314 §3.1
        }
        control.set(find(command.mailbox()).id(), command.identifier(), change(command.change()), rights.get());
        return StatusResponse.ok("SETACL completed");
    }

    private static AccessControl.Change change(RightsChange change) {
        return switch (change) {
            case REPLACE -> AccessControl.Change.REPLACE;
            case ADD -> AccessControl.Change.ADD;
            case REMOVE -> AccessControl.Change.REMOVE;
        };
    }

    StatusResponse ofIdentifier(ImapCommand.OfIdentifier command) throws StoreException, IOException {
        MailboxInfo info = find(command.mailbox());
        if (command.verb() == ImapVerb.DELETEACL) {
            control.delete(info.id(), command.identifier());
            return StatusResponse.ok("DELETEACL completed");
        }
        Rights always = control.always(info.id(), command.identifier());
        out.begin("LISTRIGHTS").space().mailbox(info.name().text()).space().astring(command.identifier());
        if (always.equals(Rights.ALL)) {
            out.space().astring(always.toString());
        } else {
            out.ascii(" \"\" ").ascii(GRANTABLE);
        }
        out.crlf();
        return StatusResponse.ok("LISTRIGHTS completed");
    }

    StatusResponse mine(String mailbox) throws StoreException, IOException {
        writeMine(find(mailbox));
        return StatusResponse.ok("MYRIGHTS completed");
    }

    void writeMine(MailboxInfo info) throws StoreException, IOException {
        MailboxId id = info.id();
        out.begin("MYRIGHTS").space().mailbox(info.name().text()).space().astring(context.mail().rights(id).toString()).crlf();
    }

    private MailboxInfo find(String mailbox) throws StoreException {
        return context.mailboxes().find(MailboxName.of(mailbox)).orElseThrow(() ->
                new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "There is no mailbox of that name"));
    }
}
