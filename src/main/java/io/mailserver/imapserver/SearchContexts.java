package io.mailserver.imapserver;

import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The searches of the selected mailbox whose results are kept up to date (RFC 5267 §4.3). Belongs to the session's thread. */
final class SearchContexts {
    private static final String UNREADABLE = "Some messages cannot be read now; search again later";

    private final List<SearchContext> kept = new ArrayList<>();

    /** Whether a command of that tag is kept. */
    boolean has(String tag) {
        return kept.stream().anyMatch(each -> each.tag().equals(tag));
    }

    /** Keeps a search, or tells the client why not (RFC 5267 §4.3.1). */
    void keep(SearchContext search, SessionContext context) throws IOException {
        if (kept.size() >= context.settings().limits().searchContexts()) {
            refuse(search, "Enough searches are kept up to date; say CANCELUPDATE for one of them", context);
        } else if (isTooLarge(search, context)) {
            refuse(search, "So large a result is not kept sorted; SEARCH is kept up to date", context);
        } else {
            kept.add(search);
        }
    }

    private static boolean isTooLarge(SearchContext search, SessionContext context) {
        return search.isSorted() && search.size() > context.settings().limits().sortedContextSize();
    }

    /** Tells the client that a search is not kept up to date. */
    static void refuse(SearchContext search, String why, SessionContext context) throws IOException {
        context.out().untagged(StatusResponse.no(new ResponseCode.NoUpdate(search.tag()), why));
    }

    /** Whether it was kept. */
    boolean cancel(String tag) {
        return kept.removeIf(each -> each.tag().equals(tag));
    }

    /** Before the client hears that messages are gone. */
    void expunged(MailboxView.Update update, SessionContext context) throws IOException {
        for (SearchContext each : kept) {
            each.expunged(update, context.out());
        }
    }

    /** After the client heard of new messages. */
    void look(SessionContext context, UidSet changed) throws IOException {
        for (SearchContext each : List.copyOf(kept)) {
            try {
                each.look(context, changed);
            } catch (ImapSyntaxException e) {
                end(each, UNREADABLE, context); // It is in the log already.
                continue;
            } catch (StoreException e) {
                context.services().log().error("imap.store-trouble", e, "verb", "UPDATE");
                end(each, UNREADABLE, context);
                continue;
            }
            if (isTooLarge(each, context)) {
                end(each, "The result became too large to be kept sorted", context);
            }
        }
    }

    /** What the client has would be silently wrong from now on. */
    private void end(SearchContext search, String why, SessionContext context) throws IOException {
        kept.remove(search);
        refuse(search, why, context);
    }
}
