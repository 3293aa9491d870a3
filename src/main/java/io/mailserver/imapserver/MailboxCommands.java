package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.4 to §6.3.8). */
final class MailboxCommands {
    private final SessionContext context;

    MailboxCommands(SessionContext context) {
        this.context = context;
    }

    StatusResponse create(ImapCommand.Create command) throws StoreException {
        Set<SpecialUse> uses = EnumSet.noneOf(SpecialUse.class);
        for (String attribute : command.uses()) {
            Optional<SpecialUse> use = SpecialUse.of(attribute).filter(SpecialUse::assignable);
            if (use.isEmpty()) {
                return StatusResponse.no(Plain.USEATTR, "This server has no mailboxes for that use"); // RFC 6154 §3
            }
            uses.add(use.get());
        }
        for (SpecialUse use : uses) {
            if (context.mailboxes().find(use).isPresent()) {
                return StatusResponse.no(Plain.USEATTR, "Another mailbox is for that use already");
            }
        }
        MailboxInfo made = context.mailboxes().create(MailboxName.of(command.mailbox()), uses);
        return StatusResponse.ok(new ResponseCode.MailboxId(made.id().toString()), "CREATE completed"); // RFC 8474 §4.1
    }

    StatusResponse delete(String mailbox) throws StoreException, IOException {
        MailboxName name = MailboxName.of(mailbox);
        Optional<MailboxInfo> doomed = context.mailboxes().find(name);
        context.mailboxes().delete(name);
        if (context.isSelected() && doomed.filter(info -> info.id().equals(context.selected().info().id())).isPresent()) {
            context.unselect();
            context.out().untagged(StatusResponse.ok(Plain.CLOSED, "The selected mailbox was deleted"));
        }
        return StatusResponse.ok("DELETE completed");
    }

    StatusResponse rename(ImapCommand.Rename command) throws StoreException {
        context.mailboxes().rename(MailboxName.of(command.from()), MailboxName.of(command.to()));
        return StatusResponse.ok("RENAME completed");
    }

    StatusResponse subscribe(String mailbox, boolean subscribed) throws StoreException {
        context.mailboxes().subscribe(MailboxName.of(mailbox), subscribed);
        return StatusResponse.ok((subscribed ? "SUBSCRIBE" : "UNSUBSCRIBE") + " completed");
    }
}
