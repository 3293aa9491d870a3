package io.mailserver.imapserver;

import io.mailserver.base.Content;
import io.mailserver.imap.AppendMessage;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.SequenceSet;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.Right;
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
        try (MessageAssembly assembly = new MessageAssembly(context)) {
            List<NewMessage> messages = new ArrayList<>();
            for (AppendMessage message : command.messages()) {
                messages.add(newMessage(message, assembly));
            }
            return StatusResponse.ok(append(target.get(), messages), "APPEND completed");
        } catch (ImapSyntaxException e) {
            return e.response();
        }
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
        context.mail().requireAll(selected.info().id(), Right.DELETE_MESSAGES, Right.EXPUNGE); // before anything is done
        Optional<MailboxInfo> target = context.mailboxes().find(MailboxName.of(command.mailbox()));
        if (target.isEmpty()) {
            return NO_SUCH_MAILBOX;
        }
        ResponseCode appended;
        try (MessageAssembly assembly = new MessageAssembly(context)) {
            appended = append(target.get(), List.of(newMessage(command.message(), assembly)));
        } catch (ImapSyntaxException e) {
            return e.response();
        }
        context.out().untagged(StatusResponse.ok(appended, "Replacement stored")); // RFC 8508 §3.3
        FlagChange deleted = new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED));
        selected.mailbox().store(there, deleted, OptionalLong.empty());
        selected.mailbox().expunge(Optional.of(there));
        return StatusResponse.ok("REPLACE completed");
    }

    private ResponseCode append(MailboxInfo target, List<NewMessage> messages) throws StoreException, ImapSyntaxException {
        long octets = messages.stream().mapToLong(message -> message.content().size()).sum();
        Optional<StatusResponse> full = QuotaCommand.refusal(context, target.id(), messages.size(), octets);
        if (full.isPresent()) {
            throw refused(full.get());
        }
        AppendOutcome outcome = context.mail().mailbox(target.id()).append(messages);
        context.services().statistics().appended.add(messages.size());
        return new ResponseCode.AppendUid(Integer.toUnsignedLong(outcome.uidValidity()), outcome.uids().toString());
    }

    private NewMessage newMessage(AppendMessage message, MessageAssembly assembly)
            throws ImapSyntaxException, StoreException, IOException {
        Set<Flag> flags = Flags.parse(message.flags())
                .orElseThrow(() -> refused(StatusResponse.bad("One of these flags is no flag that a client can set")));
        Content content = assembly.content(message.source());
        if (content.size() == 0) {
            throw refused(StatusResponse.no(Plain.CANNOT, "An empty message cannot be stored"));
        }
        if (message.source() instanceof AppendMessage.Source.Literal literal && literal.binary() && holdsNul(content)) {
            // RFC 3516 §4.4
            throw refused(StatusResponse.no(Plain.UNKNOWN_CTE, "A message with NUL cannot be stored; encode it in base64"));
        }
        Instant date = message.internalDate().orElseGet(() -> context.services().time().now());
        return new NewMessage(content, flags, date.truncatedTo(ChronoUnit.SECONDS));
    }

    private static ImapSyntaxException refused(StatusResponse response) {
        return new ImapSyntaxException(Optional.empty(), response);
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
}
