package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ImapVerb;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.SearchKey;
import io.mailserver.imap.SearchReturn;
import io.mailserver.imap.SearchReturn.Option;
import io.mailserver.imap.SortKey;
import io.mailserver.imap.StatusResponse;
import io.mailserver.search.MailboxSearch;
import io.mailserver.search.Query;
import io.mailserver.search.SortOrder;
import io.mailserver.search.ThreadNode;
import io.mailserver.search.Threads;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/** SEARCH, SORT and THREAD in the selected mailbox (RFC 9051 §6.4.4, RFC 4731, RFC 5182, RFC 5256, RFC 9394). */
final class SearchCommand {
    private static final SearchReturn ALL = new SearchReturn(Set.of(Option.ALL), Optional.empty());

    private final SessionContext context;
    private final ImapWriter out;
    private final String tag;

    SearchCommand(SessionContext context, String tag) {
        this.context = context;
        this.out = context.out();
        this.tag = tag;
    }

    /** Does the work of one command, or says why not. */
    @FunctionalInterface
    private interface Work {
        StatusResponse answer() throws StoreException, IOException, ImapSyntaxException;
    }

    StatusResponse search(ImapCommand.Search command) throws StoreException, IOException {
        return guarded(command.returns(), () -> {
            Found found = find(command.key());
            // RFC 9051 §6.4.4: after ENABLE IMAP4rev2 there is no SEARCH response.
            Optional<SearchReturn> returns =
                    command.returns().or(() -> context.has(Feature.IMAP4REV2) ? Optional.of(ALL) : Optional.empty());
            tell(found.answer(uids(found.uids()), numbers(command.uid())), ImapVerb.SEARCH, command.uid(), returns, found);
            keep(command.returns(), new SearchContext.Asked(tag, command.uid(), found.query, Optional.empty()), uids(found.uids()), found);
            return StatusResponse.ok("SEARCH completed");
        });
    }

    StatusResponse sort(ImapCommand.Sort command) throws StoreException, IOException {
        return guarded(command.returns(), () -> {
            Found found = find(command.key());
            SortOrder order = new SortOrder(command.by().stream().map(SearchCommand::sortKey).toList());
            int[] sorted = order.sort(context.selected().mailbox(), found.list, found.uids(), found.hits.relevancy);
            tell(found.answer(sorted, numbers(command.uid())), ImapVerb.SORT, command.uid(), command.returns(), found);
            keep(command.returns(), new SearchContext.Asked(tag, command.uid(), found.query, Optional.of(order)), sorted, found);
            return StatusResponse.ok("SORT completed");
        });
    }

    /** RFC 5267 §4.3: where UPDATE was asked for, the result is kept up to date from now on. */
    private void keep(Optional<SearchReturn> returns, SearchContext.Asked asked, int[] result, Found found) throws IOException {
        if (!wantsUpdates(returns)) {
            return;
        }
        SearchContext search = new SearchContext(asked, result, found.list);
        if (asked.order().filter(SortOrder::byRelevancy).isPresent()) {
            SearchContexts.refuse(search, "What is sorted by relevancy is not kept up to date", context);
        } else {
            context.selected().contexts().keep(search, context);
        }
    }

    private static boolean wantsUpdates(Optional<SearchReturn> returns) {
        return returns.filter(wanted -> wanted.has(Option.UPDATE)).isPresent();
    }

    /** RFC 5267 §4.3.5. */
    StatusResponse cancelUpdate(ImapCommand.CancelUpdate command) {
        boolean all = true;
        for (String each : command.tags()) {
            all &= context.selected().contexts().cancel(each);
        }
        return all ? StatusResponse.ok("No further updates") : StatusResponse.bad("No search of such a tag is kept up to date");
    }

    private static SortOrder.Key sortKey(SortKey key) {
        SortOrder.By by = switch (key.by()) {
            case ARRIVAL -> SortOrder.By.ARRIVAL;
            case CC -> SortOrder.By.CC;
            case DATE -> SortOrder.By.DATE;
            case FROM -> SortOrder.By.FROM;
            case RELEVANCY -> SortOrder.By.RELEVANCY;
            case SIZE -> SortOrder.By.SIZE;
            case SUBJECT -> SortOrder.By.SUBJECT;
            case TO -> SortOrder.By.TO;
            case DISPLAYFROM -> SortOrder.By.DISPLAYFROM;
            case DISPLAYTO -> SortOrder.By.DISPLAYTO;
        };
        return new SortOrder.Key(by, key.reverse());
    }

    StatusResponse thread(ImapCommand.ThreadMessages command) throws StoreException, IOException {
        return guarded(Optional.empty(), () -> {
            Optional<Threads.Algorithm> algorithm = switch (command.algorithm()) {
                case "ORDEREDSUBJECT" -> Optional.of(Threads.Algorithm.ORDEREDSUBJECT);
                case "REFERENCES" -> Optional.of(Threads.Algorithm.REFERENCES);
                default -> Optional.empty();
            };
            if (algorithm.isEmpty()) {
                return StatusResponse.bad("The algorithms of THREAD are ORDEREDSUBJECT and REFERENCES");
            }
            Found found = find(command.key());
            List<ThreadNode> threads = Threads.of(algorithm.get(), context.selected().mailbox(), found.list, found.uids());
            IntToLongFunction number = numbers(command.uid());
            StringBuilder text = new StringBuilder();
            threads.forEach(thread -> thread.write(text, uid -> (int) number.applyAsLong(uid)));
            out.begin("THREAD").ascii(text.isEmpty() ? "" : " ").ascii(text.toString()).crlf();
            return StatusResponse.ok("THREAD completed");
        });
    }

    /** RFC 5182 §2.1: a search that fails with NO leaves nothing in {@code $}, one that is BAD leaves it as it is. */
    private StatusResponse guarded(Optional<SearchReturn> returns, Work work) throws StoreException, IOException {
        StatusResponse answer;
        if (wantsUpdates(returns) && context.selected().contexts().has(tag)) {
            return StatusResponse.bad("The search of this tag is still kept up to date; use another tag"); // RFC 5267 §4.3
        }
        try {
            answer = work.answer();
        } catch (ImapSyntaxException e) {
            answer = e.response();
        }
        if (answer.kind() == StatusResponse.Kind.NO && returns.filter(wanted -> wanted.has(Option.SAVE)).isPresent()) {
            context.selected().saveResult(UidSet.EMPTY);
        }
        return answer;
    }

    /** @param modSeq whether the keys asked for MODSEQ */
    private record Found(MessageList list, Query query, Hits hits, boolean modSeq) {
        UidSet uids() {
            return hits.uids;
        }

        SearchAnswer answer(int[] ordered, IntToLongFunction number) {
            return new SearchAnswer(ordered, list, number, hits.relevancy);
        }
    }

    /** The messages that a search found, and how well each fits. */
    record Hits(UidSet uids, IntUnaryOperator relevancy) {}

    private Found find(SearchKey key) throws StoreException, ImapSyntaxException {
        SelectedMailbox selected = context.selected();
        SearchQuery keys = new SearchQuery(
                selected,
                context,
                selected.info().id().idSuffix());
        Query query = keys.of(key);
        if (keys.byModSeq()) {
            context.enable(Feature.CONDSTORE); // RFC 7162 §3.1
        }
        MessageList list = selected.view().list();
        return new Found(list, query, find(context, tag, selected.mailbox(), list, query), keys.byModSeq());
    }

    /** The messages of a mailbox that a query describes; trouble in reading them is NO. */
    static Hits find(SessionContext context, String tag, Mailbox mailbox, MessageList list, Query query)
            throws StoreException, ImapSyntaxException {
        try {
            MailboxSearch search = new MailboxSearch(
                    mailbox,
                    list,
                    context.services().searchIndexes().of(context.mail().owner(mailbox.id())),
                    new SearchProgress(context, tag));
            return new Hits(search.find(query), search::relevancy);
        } catch (IOException e) {
            context.services().log().error("imap.search-failed", e);
            throw new ImapSyntaxException(
                    Optional.empty(), StatusResponse.no(Plain.UNAVAILABLE, "Some messages cannot be read now; try again later"));
        }
    }

    private void tell(SearchAnswer answer, ImapVerb verb, boolean uid, Optional<SearchReturn> returns, Found found) throws IOException {
        if (returns.isEmpty()) {
            answer.writePlain(verb.name(), found.modSeq, out);
            return;
        }
        SearchReturn wanted = returns.get();
        if (wanted.has(Option.SAVE)) {
            context.selected().saveResult(answer.saved(wanted));
        }
        if (SearchAnswer.isOnlySaved(wanted)) {
            return; // RFC 5182 §2.1
        }
        out.begin("ESEARCH (TAG ").string(tag).close();
        if (uid) {
            out.ascii(" UID");
        }
        answer.writeReturns(wanted, found.modSeq, out);
        out.crlf();
    }

    private IntToLongFunction numbers(boolean uid) {
        MailboxView view = context.selected().view();
        return uid ? Integer::toUnsignedLong : view::numberOf;
    }

    static int[] uids(UidSet set) {
        int[] uids = new int[(int) set.size()];
        int[] next = {0};
        set.forEach(uid -> uids[next[0]++] = uid);
        return uids;
    }
}
