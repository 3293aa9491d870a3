package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapVerb;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.CopyOutcome;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.Optional;

/** COPY and MOVE, by numbers or UIDs (RFC 9051 §6.4.7, §6.4.8, RFC 6851, RFC 4315 §3), answered with COPYUID (RFC 4315 §3). */
final class TransferCommand {
    private static final StatusResponse NO_TARGET =
            StatusResponse.no(Plain.TRYCREATE, "There is no mailbox of that name; create it first");

    private final SessionContext context;
    private final SelectedMailbox selected;

    TransferCommand(SessionContext context) {
        this.context = context;
        this.selected = context.selected();
    }

    StatusResponse run(ImapCommand.Transfer command) throws StoreException, IOException {
        Optional<UidSet> uids = MessageSets.resolve(selected, command.numbers(), command.uid());
        if (uids.isEmpty()) {
            return Refusals.NO_SUCH_NUMBER;
        }
        Optional<MailboxInfo> target = context.mailboxes().find(MailboxName.of(command.mailbox()));
        if (target.isEmpty()) {
            return NO_TARGET;
        }
        boolean move = command.verb() == ImapVerb.MOVE;
        String name = (command.uid() ? "UID " : "") + command.verb();
        UidSet there = uids.get().minus(selected.view().goneAmong(uids.get()));
        if (!command.uid() && there.isEmpty() && !uids.get().isEmpty()) {
            return Refusals.EXPUNGED;
        }
        if (there.isEmpty()) {
            return StatusResponse.ok(name + " found no messages"); // RFC 9051 §6.4.9: UIDs that do not exist are no error
        }
        Optional<StatusResponse> full =
                move ? Optional.empty() : QuotaCommand.refusal(context, target.get().id(), there.size(), octets(there));
        if (full.isPresent()) {
            return full.get();
        }
        CopyOutcome outcome = move
                ? selected.mailbox().move(there, target.get().id())
                : selected.mailbox().copy(there, target.get().id());
        boolean all = outcome.source().size() == uids.get().size();
        if (outcome.source().isEmpty()) {
            return command.uid() ? StatusResponse.ok(name + " found no messages") : Refusals.EXPUNGED;
        }
        ResponseCode code = new ResponseCode.CopyUid(
                Integer.toUnsignedLong(outcome.uidValidity()), outcome.source().toString(), outcome.target().toString());
        if (move) {
            // RFC 9051 §6.4.8: before the EXPUNGE responses, which the session tells next.
            context.out().untagged(StatusResponse.ok(code, "Moved"));
            return command.uid() || all ? StatusResponse.ok(name + " completed") : Refusals.EXPUNGED;
        }
        return StatusResponse.ok(code, name + (all ? " completed" : " completed; some messages were gone"));
    }

    private long octets(UidSet uids) {
        MessageList list = selected.view().list();
        long[] octets = {0};
        list.select(uids).forEach(uid -> octets[0] += list.size(list.indexOf(uid)));
        return octets[0];
    }
}
