package io.mailserver.imap;

import io.mailserver.imap.SearchKey.DateKind;
import io.mailserver.imap.SearchKey.DateRelation;
import io.mailserver.imap.SearchKey.Field;
import io.mailserver.imap.SearchKey.Plain;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/** The keys of one search (RFC 9051 §6.4.4 and extensions). */
final class SearchKeys {
    /** Parentheses, NOT, OR and FUZZY within one another. */
    private static final int MAX_DEPTH = 50;

    private static final int MAX_KEYS = 5000;

    private final ImapCursor cursor;
    private final Charset charset;
    private int count;

    SearchKeys(ImapCursor cursor, Charset charset) {
        this.cursor = cursor;
        this.charset = charset;
    }

    /** Keys up to the end of the command, of which all must hold. */
    SearchKey all() throws ImapSyntaxException {
        return together(0);
    }

    private SearchKey together(int depth) throws ImapSyntaxException {
        List<SearchKey> keys = new ArrayList<>();
        do {
            keys.add(key(depth));
        } while (cursor.trySpace() && !cursor.atEnd());
        return keys.size() == 1 ? keys.getFirst() : new SearchKey.And(keys);
    }

    private SearchKey key(int depth) throws ImapSyntaxException {
        if (depth > MAX_DEPTH) {
            throw cursor.bad("The search is nested more than " + MAX_DEPTH + " deep");
        }
        if (++count > MAX_KEYS) {
            throw cursor.bad("The search has more than " + MAX_KEYS + " keys");
        }
        if (cursor.tryOctet('(')) {
            SearchKey inner = together(depth + 1);
            cursor.octet(')');
            return inner;
        }
        if (cursor.atDigit() || cursor.peek() == '*' || cursor.peek() == '$') {
            return new SearchKey.Sequence(cursor.sequenceSet());
        }
        return named(cursor.word("a search key"), depth);
    }

    private SearchKey named(String word, int depth) throws ImapSyntaxException {
        return switch (word) {
            case "ALL" -> Plain.ALL;
            case "NEW" -> Plain.NEW;
            case "OLD" -> Plain.OLD;
            case "RECENT" -> Plain.RECENT;
            case "SAVEDATESUPPORTED" -> Plain.SAVEDATESUPPORTED;
            case "ANSWERED" -> new SearchKey.Flag("\\Answered", true);
            case "DELETED" -> new SearchKey.Flag("\\Deleted", true);
            case "DRAFT" -> new SearchKey.Flag("\\Draft", true);
            case "FLAGGED" -> new SearchKey.Flag("\\Flagged", true);
            case "SEEN" -> new SearchKey.Flag("\\Seen", true);
            case "UNANSWERED" -> new SearchKey.Flag("\\Answered", false);
            case "UNDELETED" -> new SearchKey.Flag("\\Deleted", false);
            case "UNDRAFT" -> new SearchKey.Flag("\\Draft", false);
            case "UNFLAGGED" -> new SearchKey.Flag("\\Flagged", false);
            case "UNSEEN" -> new SearchKey.Flag("\\Seen", false);
            case "NOT" -> new SearchKey.Not(inner(depth));
            case "OR" -> new SearchKey.Or(inner(depth), inner(depth));
            case "FUZZY" -> new SearchKey.Fuzzy(inner(depth));
            default -> withArgument(word);
        };
    }

    private SearchKey inner(int depth) throws ImapSyntaxException {
        cursor.space();
        return key(depth + 1);
    }

    private SearchKey withArgument(String word) throws ImapSyntaxException {
        return switch (word) {
            case "BCC" -> new SearchKey.InField(Field.BCC, text());
            case "CC" -> new SearchKey.InField(Field.CC, text());
            case "FROM" -> new SearchKey.InField(Field.FROM, text());
            case "SUBJECT" -> new SearchKey.InField(Field.SUBJECT, text());
            case "TO" -> new SearchKey.InField(Field.TO, text());
            case "BODY" -> new SearchKey.Body(text());
            case "TEXT" -> new SearchKey.Text(text());
            case "HEADER" -> header();
            case "KEYWORD" -> new SearchKey.Flag(spaced().atom("a keyword"), true);
            case "UNKEYWORD" -> new SearchKey.Flag(spaced().atom("a keyword"), false);
            case "BEFORE" -> date(DateKind.INTERNAL, DateRelation.BEFORE);
            case "ON" -> date(DateKind.INTERNAL, DateRelation.ON);
            case "SINCE" -> date(DateKind.INTERNAL, DateRelation.SINCE);
            case "SENTBEFORE" -> date(DateKind.SENT, DateRelation.BEFORE);
            case "SENTON" -> date(DateKind.SENT, DateRelation.ON);
            case "SENTSINCE" -> date(DateKind.SENT, DateRelation.SINCE);
            case "SAVEDBEFORE" -> date(DateKind.SAVED, DateRelation.BEFORE);
            case "SAVEDON" -> date(DateKind.SAVED, DateRelation.ON);
            case "SAVEDSINCE" -> date(DateKind.SAVED, DateRelation.SINCE);
            case "LARGER" -> new SearchKey.Larger(spaced().number64());
            case "SMALLER" -> new SearchKey.Smaller(spaced().number64());
            case "YOUNGER" -> new SearchKey.Younger(spaced().nzNumber());
            case "OLDER" -> new SearchKey.Older(spaced().nzNumber());
            case "UID" -> new SearchKey.Uid(spaced().sequenceSet());
            case "MODSEQ" -> modSeq();
            case "EMAILID" -> new SearchKey.EmailId(spaced().atom("an email id"));
            case "THREADID" -> new SearchKey.ThreadId(spaced().atom("a thread id"));
            case "FILTER" -> new SearchKey.Filter(spaced().atom("the name of a filter"));
            default -> throw cursor.bad("There is no search key " + (word.length() > 40 ? "of that name" : word));
        };
    }

    private ImapCursor spaced() throws ImapSyntaxException {
        cursor.space();
        return cursor;
    }

    private SearchKey date(DateKind kind, DateRelation relation) throws ImapSyntaxException {
        return new SearchKey.Date(kind, relation, DateSyntax.date(spaced()));
    }

    private SearchKey header() throws ImapSyntaxException {
        String name = FetchSyntax.fieldName(spaced());
        return new SearchKey.Header(name, text());
    }

    /** In the search's charset. */
    private String text() throws ImapSyntaxException {
        byte[] octets = spaced().astring("a string to look for");
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            throw cursor.bad("A string to look for is not valid in " + charset.name());
        }
    }

    /** RFC 7162 §3.1.5: the name and kind of one flag may come before the number. */
    private SearchKey modSeq() throws ImapSyntaxException {
        cursor.space();
        if (cursor.peek() == '"') {
            String entry = cursor.text(cursor.string("an entry"), "the entry");
            cursor.space();
            String type = cursor.word("priv, shared or all");
            if (!entry.startsWith("/flags/") || !(type.equals("PRIV") || type.equals("SHARED") || type.equals("ALL"))) {
                throw cursor.bad("The entry of MODSEQ is like \"/flags/\\\\Seen\" all");
            }
            cursor.space();
        }
        return new SearchKey.ModSeq(cursor.number64());
    }
}
