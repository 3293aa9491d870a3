package io.mailserver.imap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One command, framed, to a {@link TaggedCommand}: the grammar of RFC 9051 §9, of RFC 3501 §9 where it differs, and of the extensions.
 * Pure; safe for any thread.
 */
public final class ImapCommandParser {
    /** RFC 2971 §3.3: at most 30 fields; names of 30 octets, values of 1024. */
    private static final int MAX_ID_FIELDS = 30;

    private static final int MAX_ID_NAME = 30;
    private static final int MAX_ID_VALUE = 1024;

    /** RFC 4422 §3.1. */
    private static final int MAX_MECHANISM_LENGTH = 20;

    private static final Set<String> HTTP_METHODS = Set.of("GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS", "DELETE", "PATCH");

    private ImapCommandParser() {}

    /**
     * Parses a command. Messages in it stay with the frame, which must be open as long as they are used.
     *
     * @throws ImapSyntaxException with the response where it is no command
     */
    public static TaggedCommand parse(ImapFrame frame, Dialect dialect) throws ImapSyntaxException {
        ImapCursor cursor = new ImapCursor(frame, dialect);
        String tag = cursor.tag();
        if (!cursor.trySpace()) {
            throw cursor.bad("A command must follow the tag: " + printable(tag) + " NOOP");
        }
        String word = cursor.atom("a command");
        boolean uid = word.equalsIgnoreCase("UID") && cursor.trySpace();
        String name = uid ? cursor.atom("a command after UID") : word;
        ImapVerb verb = ImapVerb.named(name).orElseThrow(() -> unknown(cursor, tag, name));
        if (uid && !verb.is(ImapVerb.Rule.UID_VARIANT)) {
            throw cursor.bad("UID " + verb + " is not a command");
        }
        ImapCommand command = command(verb, uid, cursor);
        cursor.end();
        return new TaggedCommand(tag, command);
    }

    /**
     * Parses search keys that stand alone, in UTF-8: the value of a filter (RFC 5466 §3.1).
     *
     * @throws ImapSyntaxException where they are not complete keys
     */
    public static SearchKey searchKeys(byte[] octets) throws ImapSyntaxException {
        ImapCursor cursor = new ImapCursor(ImapFrame.of(octets), Dialect.PLAIN);
        SearchKey key = new SearchKeys(cursor, StandardCharsets.UTF_8).all();
        cursor.end();
        return key;
    }

    private static ImapSyntaxException unknown(ImapCursor cursor, String tag, String name) {
        if (HTTP_METHODS.contains(tag)) {
            // A browser made to talk to us: what follows in its request must not be taken for commands.
            return new ImapSyntaxException(Optional.empty(), StatusResponse.bye("This is a mail server, not a web server"));
        }
        return cursor.bad("There is no command " + printable(name.toUpperCase(Locale.ROOT)));
    }

    private static String printable(String word) {
        return word.length() <= 40 ? word : word.substring(0, 40) + "...";
    }

    private static ImapCommand command(ImapVerb verb, boolean uid, ImapCursor cursor) throws ImapSyntaxException {
        return switch (verb) {
            case CAPABILITY, NOOP, LOGOUT, STARTTLS, NAMESPACE, IDLE, UNAUTHENTICATE, CHECK, CLOSE, UNSELECT ->
                new ImapCommand.Simple(verb);
            case ID -> id(cursor);
            case AUTHENTICATE -> authenticate(cursor);
            case LOGIN -> login(cursor);
            case ENABLE -> new ImapCommand.Enable(words(cursor, "a capability"));
            case COMPRESS -> new ImapCommand.Compress(spaced(cursor).word("a mechanism"));
            case SELECT, EXAMINE -> SelectSyntax.select(verb, spaced(cursor));
            case CREATE -> MailboxSyntax.create(spaced(cursor));
            case DELETE, SUBSCRIBE, UNSUBSCRIBE, GETQUOTAROOT, GETACL, MYRIGHTS ->
                new ImapCommand.OfMailbox(verb, spaced(cursor).mailbox());
            case RENAME -> MailboxSyntax.rename(spaced(cursor));
            case LIST -> MailboxSyntax.list(spaced(cursor));
            case LSUB -> MailboxSyntax.lsub(spaced(cursor));
            case STATUS -> MailboxSyntax.status(spaced(cursor));
            case APPEND -> AppendSyntax.append(spaced(cursor));
            case REPLACE -> AppendSyntax.replace(uid, spaced(cursor));
            case GETQUOTA, SETQUOTA -> PropertySyntax.quota(verb, spaced(cursor));
            case GETMETADATA -> PropertySyntax.getMetadata(spaced(cursor));
            case SETMETADATA -> PropertySyntax.setMetadata(spaced(cursor));
            case SETACL -> PropertySyntax.setAcl(spaced(cursor));
            case DELETEACL, LISTRIGHTS -> PropertySyntax.ofIdentifier(verb, spaced(cursor));
            case NOTIFY -> NotifySyntax.notify(spaced(cursor));
            case ESEARCH -> SearchSyntax.multiSearch(spaced(cursor));
            case SEARCH -> SearchSyntax.search(uid, spaced(cursor));
            case SORT -> SearchSyntax.sort(uid, spaced(cursor));
            case THREAD -> SearchSyntax.thread(uid, spaced(cursor));
            case CANCELUPDATE -> new ImapCommand.CancelUpdate(strings(cursor, "a tag"));
            case UIDBATCHES -> uidBatches(spaced(cursor));
            case LANGUAGE -> new ImapCommand.Language(cursor.atEnd() ? List.of() : strings(cursor, "a language"));
            case GENURLAUTH, URLFETCH -> new ImapCommand.UrlAuth(verb, strings(cursor, "a URL"));
            case RESETKEY -> resetKey(cursor);
            case EXPUNGE -> new ImapCommand.Expunge(uid ? Optional.of(spaced(cursor).sequenceSet()) : Optional.empty());
            case FETCH -> FetchSyntax.fetch(uid, spaced(cursor));
            case STORE -> FetchSyntax.store(uid, spaced(cursor));
            case COPY, MOVE -> transfer(verb, uid, spaced(cursor));
        };
    }

    /** RFC 10022: a size, then perhaps the first and last batch wanted. */
    private static ImapCommand uidBatches(ImapCursor cursor) throws ImapSyntaxException {
        long size = cursor.nzNumber();
        if (cursor.atEnd()) {
            return new ImapCommand.UidBatches(size, 1, Long.MAX_VALUE);
        }
        cursor.space();
        long first = cursor.nzNumber();
        cursor.octet(':');
        long last = cursor.nzNumber();
        if (last < first) {
            throw cursor.bad("The last batch comes before the first");
        }
        return new ImapCommand.UidBatches(size, first, last);
    }

    private static ImapCommand resetKey(ImapCursor cursor) throws ImapSyntaxException {
        List<String> arguments = new ArrayList<>();
        if (!cursor.atEnd()) {
            arguments.add(spaced(cursor).mailbox());
            arguments.addAll(cursor.atEnd() ? List.of() : words(cursor, "a mechanism"));
        }
        return new ImapCommand.UrlAuth(ImapVerb.RESETKEY, arguments);
    }

    private static ImapCursor spaced(ImapCursor cursor) throws ImapSyntaxException {
        cursor.space();
        return cursor;
    }

    private static ImapCommand id(ImapCursor cursor) throws ImapSyntaxException {
        cursor.space();
        if (cursor.tryWord("NIL")) {
            return new ImapCommand.Id(List.of());
        }
        List<ImapCommand.Id.Field> fields = cursor.listOrNone(() -> {
            String name = idText(cursor.string("the name of an ID field"));
            cursor.space();
            Optional<String> value = cursor.nstring("the value of an ID field").map(ImapCommandParser::idText);
            if (name.length() > MAX_ID_NAME || value.filter(text -> text.length() > MAX_ID_VALUE).isPresent()) {
                throw cursor.bad("An ID field is too long");
            }
            return new ImapCommand.Id.Field(name, value);
        });
        if (fields.size() > MAX_ID_FIELDS) {
            throw cursor.bad("ID has more than " + MAX_ID_FIELDS + " fields");
        }
        return new ImapCommand.Id(fields);
    }

    /** Only for the log and for quirks: what is not printable is not worth a refusal. */
    private static String idText(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length);
        for (byte octet : octets) {
            text.append(octet >= ' ' && octet < 0x7f ? (char) octet : '?');
        }
        return text.toString();
    }

    private static ImapCommand authenticate(ImapCursor cursor) throws ImapSyntaxException {
        cursor.space();
        String mechanism = cursor.word("a mechanism");
        if (mechanism.length() > MAX_MECHANISM_LENGTH) {
            throw cursor.bad("The name of a mechanism has at most " + MAX_MECHANISM_LENGTH + " characters");
        }
        if (!cursor.trySpace()) {
            return new ImapCommand.Authenticate(mechanism, Optional.empty());
        }
        return new ImapCommand.Authenticate(mechanism, Optional.of(cursor.atom("the initial response in base64")));
    }

    private static ImapCommand login(ImapCursor cursor) throws ImapSyntaxException {
        cursor.space();
        String user = cursor.astringText("the user name");
        cursor.space();
        return new ImapCommand.Login(user, cursor.astringText("the password"));
    }

    private static ImapCommand transfer(ImapVerb verb, boolean uid, ImapCursor cursor) throws ImapSyntaxException {
        SequenceSet numbers = cursor.sequenceSet();
        cursor.space();
        return new ImapCommand.Transfer(verb, uid, numbers, cursor.mailbox());
    }

    /** Atoms in upper case, each after a space; at least one. */
    private static List<String> words(ImapCursor cursor, String what) throws ImapSyntaxException {
        List<String> words = new ArrayList<>();
        cursor.space();
        do {
            words.add(cursor.word(what));
            checkCount(cursor, words.size());
        } while (cursor.trySpace());
        return words;
    }

    /** Strings, each after a space; at least one. */
    private static List<String> strings(ImapCursor cursor, String what) throws ImapSyntaxException {
        List<String> strings = new ArrayList<>();
        cursor.space();
        do {
            strings.add(cursor.astringText(what));
            checkCount(cursor, strings.size());
        } while (cursor.trySpace());
        return strings;
    }

    private static void checkCount(ImapCursor cursor, int count) throws ImapSyntaxException {
        if (count > ImapCursor.MAX_LIST) {
            throw cursor.bad("More than " + ImapCursor.MAX_LIST + " arguments");
        }
    }
}
