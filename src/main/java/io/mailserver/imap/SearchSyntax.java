package io.mailserver.imap;

import io.mailserver.imap.SearchReturn.Option;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** SEARCH, SORT, THREAD and ESEARCH: all but their keys (RFC 9051 §6.4.4, RFC 5256 §5, RFC 7377 §2, RFC 9394 §4). */
final class SearchSyntax {
    private static final Set<Option> RESULTS = Set.of(Option.MIN, Option.MAX, Option.ALL, Option.COUNT, Option.SAVE);

    private SearchSyntax() {}

    static ImapCommand search(boolean uid, ImapCursor cursor) throws ImapSyntaxException {
        Optional<SearchReturn> returns = returns(cursor);
        SearchKey key = program(cursor);
        checkRelevancy(returns, List.of(), key, cursor);
        return new ImapCommand.Search(uid, returns, key);
    }

    static ImapCommand sort(boolean uid, ImapCursor cursor) throws ImapSyntaxException {
        Optional<SearchReturn> returns = returns(cursor);
        List<SortKey> by = cursor.list(() -> sortKey(cursor));
        cursor.space();
        SearchKey key = keysInCharset(cursor);
        checkRelevancy(returns, by, key, cursor);
        return new ImapCommand.Sort(uid, returns, by, key);
    }

    /** RFC 6203 §4, §6. */
    private static void checkRelevancy(Optional<SearchReturn> returns, List<SortKey> by, SearchKey key, ImapCursor cursor)
            throws ImapSyntaxException {
        boolean asked = returns.filter(wanted -> wanted.has(Option.RELEVANCY)).isPresent()
                || by.stream().anyMatch(each -> each.by() == SortKey.By.RELEVANCY);
        if (asked && !key.mayBeFuzzy()) {
            throw cursor.bad("RELEVANCY needs a FUZZY search key");
        }
    }

    static ImapCommand thread(boolean uid, ImapCursor cursor) throws ImapSyntaxException {
        String algorithm = cursor.word("a threading algorithm");
        cursor.space();
        return new ImapCommand.ThreadMessages(uid, algorithm, keysInCharset(cursor));
    }

    static ImapCommand multiSearch(ImapCursor cursor) throws ImapSyntaxException {
        List<MailboxFilter> in = List.of();
        if (cursor.tryWord("IN")) {
            cursor.space();
            in = cursor.list(() -> source(cursor));
            cursor.space();
        }
        SearchReturn returns = returns(cursor).orElse(new SearchReturn(Set.of(Option.ALL), Optional.empty()));
        SearchKey key = program(cursor);
        checkRelevancy(Optional.of(returns), List.of(), key, cursor);
        return new ImapCommand.MultiSearch(in, returns, key);
    }

    private static MailboxFilter source(ImapCursor cursor) throws ImapSyntaxException {
        if (cursor.peek() == '(') {
            throw cursor.bad("There are no scope options"); // RFC 7377 §2.2 defines none
        }
        MailboxFilter filter = MailboxSyntax.filter(cursor);
        if (filter == MailboxFilter.Plain.SELECTED_DELAYED) {
            throw cursor.bad("SELECTED-DELAYED is for NOTIFY"); // RFC 7377 §2.2
        }
        return filter;
    }

    private static Optional<SearchReturn> returns(ImapCursor cursor) throws ImapSyntaxException {
        if (!cursor.tryWord("RETURN")) {
            return Optional.empty();
        }
        cursor.space();
        ReturnOptions found = new ReturnOptions();
        cursor.listOrNone(() -> found.add(cursor));
        cursor.space();
        return Optional.of(found.complete(cursor));
    }

    /** Words of RETURN as they come. */
    private static final class ReturnOptions {
        private final Set<Option> options = EnumSet.noneOf(Option.class);
        private Optional<SearchReturn.Partial> partial = Optional.empty();

        boolean add(ImapCursor cursor) throws ImapSyntaxException {
            String word = cursor.word("a return option");
            if (word.equals("PARTIAL")) {
                cursor.space();
                partial = Optional.of(partial(cursor));
                return true;
            }
            for (Option option : Option.values()) {
                if (option.name().equals(word)) {
                    return options.add(option);
                }
            }
            throw cursor.bad("There is no return option " + (word.length() > 40 ? "of that name" : word));
        }

        SearchReturn complete(ImapCursor cursor) throws ImapSyntaxException {
            if (partial.isPresent() && options.contains(Option.ALL)) {
                throw cursor.bad("RETURN takes ALL or PARTIAL, not both"); // RFC 9394 §3.1
            }
            if (partial.isEmpty() && options.stream().noneMatch(RESULTS::contains)) {
                options.add(Option.ALL); // RFC 9051 §6.4.4
            }
            return new SearchReturn(options, partial);
        }
    }

    /** {@code 1:100}, or {@code -1:-100} from the end. */
    static SearchReturn.Partial partial(ImapCursor cursor) throws ImapSyntaxException {
        long a = partialEnd(cursor);
        cursor.octet(':');
        long b = partialEnd(cursor);
        if ((a < 0) != (b < 0)) {
            throw cursor.bad("Both ends of PARTIAL count from the same side");
        }
        return Math.abs(a) <= Math.abs(b) ? new SearchReturn.Partial(a, b) : new SearchReturn.Partial(b, a);
    }

    private static long partialEnd(ImapCursor cursor) throws ImapSyntaxException {
        return cursor.tryOctet('-') ? -cursor.nzNumber() : cursor.nzNumber();
    }

    private static SortKey sortKey(ImapCursor cursor) throws ImapSyntaxException {
        boolean reverse = cursor.tryWord("REVERSE");
        if (reverse) {
            cursor.space();
        }
        String word = cursor.word("a sort key");
        for (SortKey.By by : SortKey.By.values()) {
            if (by.name().equals(word)) {
                return new SortKey(by, reverse);
            }
        }
        throw cursor.bad("There is no sort key " + (word.length() > 40 ? "of that name" : word));
    }

    /** Keys, perhaps with CHARSET before them. */
    private static SearchKey program(ImapCursor cursor) throws ImapSyntaxException {
        Charset charset = StandardCharsets.UTF_8;
        if (cursor.tryWord("CHARSET")) {
            if (cursor.dialect().utf8()) {
                throw cursor.bad("After ENABLE UTF8=ACCEPT a search has no CHARSET"); // RFC 6855 §3
            }
            cursor.space();
            charset = charset(cursor);
            cursor.space();
        }
        return new SearchKeys(cursor, charset).all();
    }

    /** SORT and THREAD always name the charset (RFC 5256 §3). */
    private static SearchKey keysInCharset(ImapCursor cursor) throws ImapSyntaxException {
        Charset charset = charset(cursor);
        cursor.space();
        return new SearchKeys(cursor, charset).all();
    }

    private static Charset charset(ImapCursor cursor) throws ImapSyntaxException {
        String name = cursor.astringText("a charset");
        try {
            Charset charset = Charset.forName(name);
            // Nobody's mail program writes US-ASCII and means that other octets are wrong.
            return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw cursor.refuse(StatusResponse.no(
                    new ResponseCode.BadCharset(List.of("US-ASCII", "UTF-8")),
                    "The charset " + name.toUpperCase(Locale.ROOT) + " is not known"));
        }
    }
}
