package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.MailboxFilter;
import io.mailserver.imap.SearchReturn.Option;
import io.mailserver.imap.StatusResponse;
import io.mailserver.search.Query;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ESEARCH: one search in several mailboxes, each answered for itself and by UIDs (RFC 7377). */
final class MultiSearchCommand {
    private final SessionContext context;
    private final ImapWriter out;
    private final String tag;

    MultiSearchCommand(SessionContext context, String tag) {
        this.context = context;
        this.out = context.out();
        this.tag = tag;
    }

    StatusResponse run(ImapCommand.MultiSearch command) throws StoreException, IOException {
        boolean selectedOnly = command.in().isEmpty() || command.in().equals(List.of(MailboxFilter.Plain.SELECTED));
        if ((selectedOnly || command.in().contains(MailboxFilter.Plain.SELECTED)) && !context.isSelected()) {
            return Refusals.SELECT_FIRST; // RFC 7377 §2.2
        }
        if (command.returns().has(Option.SAVE) && !selectedOnly) {
            return StatusResponse.bad("SAVE is for a search in the selected mailbox alone");
        }
        if (command.returns().has(Option.UPDATE)) {
            return StatusResponse.bad("UPDATE is for SEARCH and SORT"); // RFC 7377 §2.2 has it for the selected mailbox alone
        }
        @Nullable SelectedMailbox selected = selectedOnly ? context.selected() : null;
        try {
            new SearchQuery(selected, context, "").of(command.key()); // refused also where nothing is searched
            List<MailboxFilter> filters = selectedOnly ? List.of(MailboxFilter.Plain.SELECTED) : command.in();
            Set<MailboxInfo> mailboxes = FilteredMailboxes.of(filters, context);
            for (MailboxInfo info : mailboxes) {
                SearchQuery keys = new SearchQuery(selected, context, info.id().idSuffix());
                search(command, info, keys.of(command.key()), keys.byModSeq());
            }
        } catch (ImapSyntaxException e) {
            return e.response();
        }
        return StatusResponse.ok("ESEARCH completed");
    }

    private void search(ImapCommand.MultiSearch command, MailboxInfo info, Query query, boolean modSeq)
            throws StoreException, IOException, ImapSyntaxException {
        Mailbox mailbox = context.mail().mailbox(info.id());
        boolean isSelected = context.isSelected() && context.selected().info().id().equals(info.id());
        MessageList list = isSelected ? context.selected().view().list() : mailbox.messages();
        SearchCommand.Hits hits = SearchCommand.find(context, tag, mailbox, list, query);
        UidSet found = hits.uids();
        SearchAnswer answer = new SearchAnswer(SearchCommand.uids(found), list, Integer::toUnsignedLong, hits.relevancy());
        if (command.returns().has(Option.SAVE)) {
            context.selected().saveResult(answer.saved(command.returns()));
        }
        if (found.isEmpty() || SearchAnswer.isOnlySaved(command.returns())) {
            return; // RFC 7377 §2.1, RFC 5182 §2.1
        }
        out.begin("ESEARCH (TAG ").string(tag).ascii(" MAILBOX ").mailbox(info.name().text());
        out.ascii(" UIDVALIDITY ").number(Integer.toUnsignedLong(info.uidValidity())).ascii(") UID");
        answer.writeReturns(command.returns(), modSeq, out);
        out.crlf();
    }
}
