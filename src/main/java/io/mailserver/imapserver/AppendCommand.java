package io.mailserver.imapserver;

import io.mailserver.imap.AppendMessage;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.AppendOutcome;
import io.mailserver.store.Flag;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** APPEND of one message or several, all or none (RFC 9051 §6.3.12, RFC 3502). */
final class AppendCommand {
    /** RFC 9051 §6.3.12: the client may create it and try again. */
    static final StatusResponse NO_SUCH_MAILBOX =
            StatusResponse.no(Plain.TRYCREATE, "There is no mailbox of that name; create it first");

    private final SessionContext context;

    AppendCommand(SessionContext context) {
        this.context = context;
    }

    StatusResponse run(ImapCommand.Append command) throws StoreException {
        Optional<MailboxInfo> target = context.mailboxes().find(MailboxName.of(command.mailbox()));
        if (target.isEmpty()) {
            return NO_SUCH_MAILBOX;
        }
        List<NewMessage> messages = new ArrayList<>();
        for (AppendMessage message : command.messages()) {
            Optional<Set<Flag>> flags = Flags.parse(message.flags());
            if (flags.isEmpty()) {
                return StatusResponse.bad("One of these flags is no flag that a client can set");
            }
            if (!(message.source() instanceof AppendMessage.Source.Literal literal) || literal.binary() || literal.utf8()) {
                return Refusals.NOT_OFFERED;
            }
            if (literal.content().size() == 0) {
                return StatusResponse.no(Plain.CANNOT, "An empty message cannot be stored");
            }
            Instant date = message.internalDate().orElseGet(() -> context.services().time().now());
            messages.add(new NewMessage(literal.content(), flags.get(), date.truncatedTo(ChronoUnit.SECONDS)));
        }
        AppendOutcome outcome = context.mail().mailbox(target.get().id()).append(messages);
        context.services().statistics().appended.add(messages.size());
        return StatusResponse.ok(
                new ResponseCode.AppendUid(Integer.toUnsignedLong(outcome.uidValidity()), outcome.uids().toString()),
                "APPEND completed");
    }
}
