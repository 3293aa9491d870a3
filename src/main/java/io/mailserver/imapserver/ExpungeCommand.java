package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.Right;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.util.Optional;

/** EXPUNGE, UID EXPUNGE and CLOSE's silent one (RFC 9051 §6.4.3, §6.4.9, §6.4.1). What is gone the session tells afterwards. */
final class ExpungeCommand {
    private final SessionContext context;

    ExpungeCommand(SessionContext context) {
        this.context = context;
    }

    StatusResponse run(ImapCommand.Expunge command) throws StoreException {
        SelectedMailbox selected = context.selected();
        Optional<UidSet> uids = command.uids().flatMap(set -> MessageSets.resolve(selected, set, true));
        boolean some = !selected.mailbox().expunge(uids).isEmpty();
        String text = (command.uid() ? "UID " : "") + "EXPUNGE completed";
        if (some && context.has(Feature.QRESYNC)) {
            // RFC 7162 §3.2.7; not with CLOSE (§3.2.8)
            return StatusResponse.ok(
                    new ResponseCode.WithNumber(
                            ResponseCode.WithNumber.Name.HIGHESTMODSEQ, selected.mailbox().messages().highestModSeq()),
                    text);
        }
        return StatusResponse.ok(text);
    }

    /** CLOSE: nothing is told; a mailbox that was opened by EXAMINE is left as it is. */
    StatusResponse close() throws StoreException {
        SelectedMailbox selected = context.selected();
        boolean may = !selected.readOnly() && context.mail().may(selected.info().id(), Right.EXPUNGE); // RFC 4314 §4
        if (may && selected.mailbox().messages().deleted() > 0) {
            selected.mailbox().expunge(Optional.empty());
        }
        context.unselect();
        return StatusResponse.ok("CLOSE completed");
    }
}
