package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommandParser;
import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.SearchKey;
import io.mailserver.imap.SequenceSet;
import io.mailserver.imap.StatusResponse;
import io.mailserver.search.Query;
import io.mailserver.store.Flag;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From the search keys of a client to a {@link Query}: what is relative to the session or to now becomes absolute. */
final class SearchQuery {
    /** Filters within filters. */
    private static final int MAX_FILTER_DEPTH = 5;

    private static final Query NOTHING = new Query.Or(List.of());

    /** Null where the search is not in the selected mailbox alone (RFC 7377 §2.1). */
    private final @Nullable SelectedMailbox selected;

    private final Mailboxes mailboxes;
    private final Instant now;
    private final String idSuffix;
    private final boolean uidOnly;
    private boolean byModSeq;
    private int filterDepth;
    /** Within how many FUZZY keys. */
    private int fuzzy;

    /** @param idSuffix behind ids of emails and threads in the mailbox that is searched */
    SearchQuery(@Nullable SelectedMailbox selected, SessionContext context, String idSuffix) {
        this.selected = selected;
        this.mailboxes = context.mailboxes();
        this.now = context.services().time().now().truncatedTo(ChronoUnit.SECONDS);
        this.uidOnly = context.has(Feature.UIDONLY);
        this.idSuffix = idSuffix;
    }

    /** Whether MODSEQ was asked for: then answers have it (RFC 7162 §3.1.5). */
    boolean byModSeq() {
        return byModSeq;
    }

    /** @throws ImapSyntaxException where a key means nothing here */
    Query of(SearchKey key) throws ImapSyntaxException, StoreException {
        return switch (key) {
            case SearchKey.Plain plain -> plain(plain);
            case SearchKey.And and -> new Query.And(all(and.keys()));
            case SearchKey.Or or -> new Query.Or(all(List.of(or.left(), or.right())));
            case SearchKey.Not not -> new Query.Not(of(not.key()));
            case SearchKey.Flag flag -> flag(flag);
            case SearchKey.InField field -> text(new Query.Header(field.field().name().toLowerCase(Locale.ROOT), field.text()));
            case SearchKey.Header header when header.text().isEmpty() ->
                new Query.Header(header.name().toLowerCase(Locale.ROOT), ""); // It is there at all.
            case SearchKey.Header header -> text(new Query.Header(header.name().toLowerCase(Locale.ROOT), header.text()));
            case SearchKey.Body body -> text(new Query.Body(body.text()));
            case SearchKey.Text text -> text(new Query.Text(text.text()));
            case SearchKey.Larger larger -> new Query.Larger(larger.octets());
            case SearchKey.Smaller smaller -> new Query.Smaller(smaller.octets());
            case SearchKey.Date date -> date(date);
            case SearchKey.Younger younger -> new Query.Internal(now.minusSeconds(younger.seconds()), null);
            case SearchKey.Older older -> new Query.Internal(null, now.minusSeconds(older.seconds()).plusSeconds(1)); // RFC 5032 §3
            case SearchKey.Sequence sequence when uidOnly && !sequence.numbers().isSavedResult() ->
                throw refused(Refusals.UID_REQUIRED); // RFC 9586 §3
            case SearchKey.Sequence sequence -> numbers(sequence.numbers(), false);
            case SearchKey.Uid uid -> uids(uid.uids());
            case SearchKey.ModSeq modSeq -> {
                byModSeq = true;
                yield new Query.ModSeq(modSeq.modSeq());
            }
            case SearchKey.EmailId email -> own(email.id()).<Query>map(Query.Email::new).orElse(NOTHING);
            case SearchKey.ThreadId thread -> own(thread.id()).<Query>map(Query.InThread::new).orElse(NOTHING);
            case SearchKey.Filter filter -> filter(filter.name());
            case SearchKey.Fuzzy fuzzily -> {
                fuzzy++;
                try {
                    yield of(fuzzily.key());
                } finally {
                    fuzzy--;
                }
            }
        };
    }

    /** RFC 6203 §5: of flags, dates, sizes and numbers FUZZY changes nothing. */
    private Query text(Query exact) {
        return fuzzy > 0 ? new Query.Fuzzy(exact) : exact;
    }

    /** An id as the account that has the mailbox knows it; empty for one of another account. */
    private Optional<String> own(String id) {
        return id.endsWith(idSuffix) ? Optional.of(id.substring(0, id.length() - idSuffix.length())) : Optional.empty();
    }

    /** RFC 5466 §3.1: keys kept as an annotation of the account; one too deep in others counts as none. */
    private Query filter(String name) throws ImapSyntaxException, StoreException {
        Optional<byte[]> keys = Optional.empty();
        for (String root : List.of("/private/filters/values/", "/shared/filters/values/")) {
            String entry = root + name.toLowerCase(Locale.ROOT);
            if (keys.isEmpty()) {
                keys = Optional.ofNullable(mailboxes.metadata(Optional.empty(), entry).get(entry));
            }
        }
        if (keys.isEmpty() || name.indexOf('/') >= 0 || filterDepth >= MAX_FILTER_DEPTH) {
            throw refused(StatusResponse.no(new ResponseCode.UndefinedFilter(name), "There is no filter of that name"));
        }
        filterDepth++;
        try {
            return of(ImapCommandParser.searchKeys(keys.get()));
        } finally {
            filterDepth--;
        }
    }

    private List<Query> all(List<SearchKey> keys) throws ImapSyntaxException, StoreException {
        Query[] queries = new Query[keys.size()];
        for (int i = 0; i < queries.length; i++) {
            queries[i] = of(keys.get(i));
        }
        return List.of(queries);
    }

    private Query plain(SearchKey.Plain plain) {
        Query recent = selected == null ? NOTHING : new Query.Uids(selected.recent());
        return switch (plain) {
            case ALL, SAVEDATESUPPORTED -> new Query.All();
            case RECENT -> recent;
            case OLD -> new Query.Not(recent);
            case NEW -> new Query.And(List.of(recent, new Query.Not(new Query.HasFlag(Flag.SEEN))));
        };
    }

    private static Query flag(SearchKey.Flag key) {
        Optional<Flag> flag = Flag.parse(key.flag());
        Query has = flag.<Query>map(Query.HasFlag::new).orElse(NOTHING);
        return key.set() ? has : new Query.Not(has);
    }

    /** Days of INTERNALDATE and SAVEDATE are those that FETCH shows: UTC. */
    private static Query date(SearchKey.Date date) {
        LocalDate from = date.relation() == SearchKey.DateRelation.BEFORE ? null : date.day();
        LocalDate before = switch (date.relation()) {
            case BEFORE -> date.day();
            case ON -> date.day().plusDays(1);
            case SINCE -> null;
        };
        return switch (date.kind()) {
            case SENT -> new Query.Sent(from, before);
            case INTERNAL -> new Query.Internal(start(from), start(before));
            case SAVED -> new Query.Saved(start(from), start(before));
        };
    }

    private static @Nullable Instant start(@Nullable LocalDate day) {
        return day == null ? null : day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private Query uids(SequenceSet uids) throws ImapSyntaxException {
        if (selected != null || uids.isSavedResult()) {
            return numbers(uids, true);
        }
        UidSet.Builder all = new UidSet.Builder();
        // Of * nothing is known here; no mailbox has that many messages.
        uids.forEachRange(SequenceSet.MAX_NUMBER, (first, last) -> all.addRange((int) first, (int) last));
        return new Query.Uids(all.build());
    }

    private Query numbers(SequenceSet numbers, boolean uid) throws ImapSyntaxException {
        if (selected == null) {
            throw refused(StatusResponse.bad("Sequence numbers and $ mean nothing outside the selected mailbox"));
        }
        return new Query.Uids(MessageSets.resolve(selected, numbers, uid).orElseThrow(() -> refused(Refusals.NO_SUCH_NUMBER)));
    }

    private static ImapSyntaxException refused(StatusResponse response) {
        return new ImapSyntaxException(Optional.empty(), response);
    }
}
