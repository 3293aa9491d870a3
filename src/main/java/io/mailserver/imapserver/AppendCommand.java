package io.mailserver.imapserver;

import io.mailserver.base.Content;
import io.mailserver.imap.AppendMessage;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.SequenceSet;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.AppendOutcome;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** APPEND of one message or several, all or none (RFC 9051 §6.3.12, RFC 3502), and REPLACE (RFC 8508). */
final class AppendCommand {
    /** RFC 9051 §6.3.12: the client may create it and try again. */
    static final StatusResponse NO_SUCH_MAILBOX =
            StatusResponse.no(Plain.TRYCREATE, "There is no mailbox of that name; create it first");

    private static final int BUFFER_OCTETS = 32 << 10;

    private final SessionContext context;

    AppendCommand(SessionContext context) {
        this.context = context;
    }

    StatusResponse run(ImapCommand.Append command) throws StoreException, IOException {
        Optional<MailboxInfo> target = context.mailboxes().find(MailboxName.of(command.mailbox()));
        if (target.isEmpty()) {
            return NO_SUCH_MAILBOX;
        }
        for (AppendMessage message : command.messages()) {
            Optional<StatusResponse> refusal = refusal(message);
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        List<NewMessage> messages = new ArrayList<>();
        command.messages().forEach(message -> messages.add(newMessage(message)));
        Optional<StatusResponse> full = QuotaCommand.refusal(
                context, messages.size(), messages.stream().mapToLong(message -> message.content().size()).sum());
        if (full.isPresent()) {
            return full.get();
        }
        return StatusResponse.ok(append(target.get(), messages), "APPEND completed");
    }

    /**
     * APPEND of a new version and EXPUNGE of the old one in one command (RFC 8508 §3). When the power fails in between, both are there,
     * the old one with \Deleted.
     */
    StatusResponse replace(ImapCommand.Replace command) throws StoreException, IOException {
        SelectedMailbox selected = context.selected();
        Optional<UidSet> old = MessageSets.resolve(selected, SequenceSet.range(command.number(), command.number()), command.uid());
        if (old.isEmpty()) {
            return Refusals.NO_SUCH_NUMBER;
        }
        UidSet there = old.get().minus(selected.view().goneAmong(old.get()));
        if (there.isEmpty()) {
            return StatusResponse.no(Plain.NONEXISTENT, "There is no such message to replace");
        }
        Optional<MailboxInfo> target = context.mailboxes().find(MailboxName.of(command.mailbox()));
        if (target.isEmpty()) {
            return NO_SUCH_MAILBOX;
        }
        Optional<StatusResponse> refusal = refusal(command.message());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        NewMessage replacement = newMessage(command.message());
        Optional<StatusResponse> full = QuotaCommand.refusal(context, 1, replacement.content().size());
        if (full.isPresent()) {
            return full.get();
        }
        ResponseCode appended = append(target.get(), List.of(replacement));
        context.out().untagged(StatusResponse.ok(appended, "Replacement stored")); // RFC 8508 §3.3
        FlagChange deleted = new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED));
        selected.mailbox().store(there, deleted, OptionalLong.empty());
        selected.mailbox().expunge(Optional.of(there));
        return StatusResponse.ok("REPLACE completed");
    }

    private ResponseCode append(MailboxInfo target, List<NewMessage> messages) throws StoreException {
        AppendOutcome outcome = context.mail().mailbox(target.id()).append(messages);
        context.services().statistics().appended.add(messages.size());
        return new ResponseCode.AppendUid(Integer.toUnsignedLong(outcome.uidValidity()), outcome.uids().toString());
    }

    /** What keeps a message from being stored. */
    private static Optional<StatusResponse> refusal(AppendMessage message) throws IOException {
        if (Flags.parse(message.flags()).isEmpty()) {
            return Optional.of(StatusResponse.bad("One of these flags is no flag that a client can set"));
        }
        if (!(message.source() instanceof AppendMessage.Source.Literal literal)) {
            return Optional.of(Refusals.NOT_OFFERED);
        }
        if (literal.content().size() == 0) {
            return Optional.of(StatusResponse.no(Plain.CANNOT, "An empty message cannot be stored"));
        }
        if (literal.binary() && holdsNul(literal.content())) {
            // RFC 3516 §4.4
            return Optional.of(StatusResponse.no(Plain.UNKNOWN_CTE, "A message with NUL cannot be stored; encode it in base64"));
        }
        return Optional.empty();
    }

    private static boolean holdsNul(Content content) throws IOException {
        byte[] buffer = new byte[BUFFER_OCTETS];
        try (InputStream in = content.open()) {
            int read = in.read(buffer, 0, buffer.length);
            while (read >= 0) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == 0) {
                        return true;
                    }
                }
                read = in.read(buffer, 0, buffer.length);
            }
        }
        return false;
    }

    /** Of one that {@link #refusal} says nothing against. */
    private NewMessage newMessage(AppendMessage message) {
        Content content = ((AppendMessage.Source.Literal) message.source()).content();
        Instant date = message.internalDate().orElseGet(() -> context.services().time().now());
        return new NewMessage(content, Flags.parse(message.flags()).orElseThrow(), date.truncatedTo(ChronoUnit.SECONDS));
    }
}
