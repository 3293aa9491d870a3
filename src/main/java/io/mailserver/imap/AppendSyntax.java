package io.mailserver.imap;

import io.mailserver.imap.AppendMessage.Piece;
import io.mailserver.imap.AppendMessage.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** APPEND (RFC 9051 §6.3.12, RFC 3502 §6.3.11, RFC 4469 §5, RFC 6855 §4) and REPLACE (RFC 8508 §3). */
final class AppendSyntax {
    /** All of them are held until the last one has come. */
    private static final int MAX_MESSAGES = 1000;

    private AppendSyntax() {}

    static ImapCommand append(ImapCursor cursor) throws ImapSyntaxException {
        String mailbox = cursor.mailbox();
        List<AppendMessage> messages = new ArrayList<>();
        do {
            cursor.space();
            messages.add(message(cursor));
            if (messages.size() > MAX_MESSAGES) {
                throw cursor.bad("APPEND takes at most " + MAX_MESSAGES + " messages");
            }
        } while (!cursor.atEnd());
        return new ImapCommand.Append(mailbox, messages);
    }

    static ImapCommand replace(boolean uid, ImapCursor cursor) throws ImapSyntaxException {
        long number = cursor.sequenceNumber();
        cursor.space();
        String mailbox = cursor.mailbox();
        cursor.space();
        return new ImapCommand.Replace(uid, number, mailbox, message(cursor));
    }

    private static AppendMessage message(ImapCursor cursor) throws ImapSyntaxException {
        List<String> flags = List.of();
        Optional<Instant> date = Optional.empty();
        if (cursor.peek() == '(') {
            flags = cursor.flagList();
            cursor.space();
        }
        if (cursor.peek() == '"') {
            date = Optional.of(DateSyntax.dateTime(cursor));
            cursor.space();
        }
        return new AppendMessage(flags, date, source(cursor));
    }

    private static Source source(ImapCursor cursor) throws ImapSyntaxException {
        if (cursor.tryWord("CATENATE")) {
            cursor.space();
            return new Source.Catenate(cursor.list(() -> piece(cursor)));
        }
        if (!cursor.tryWord("UTF8")) {
            boolean binary = cursor.tryOctet('~');
            return new Source.Literal(cursor.message(), binary, false);
        }
        if (!cursor.dialect().utf8()) {
            throw cursor.bad("APPEND with UTF8 needs ENABLE UTF8=ACCEPT first"); // RFC 6855 §4
        }
        cursor.space();
        cursor.octet('(');
        cursor.octet('~');
        Source source = new Source.Literal(cursor.message(), true, true);
        cursor.octet(')');
        return source;
    }

    private static Piece piece(ImapCursor cursor) throws ImapSyntaxException {
        if (cursor.tryWord("TEXT")) {
            cursor.space();
            cursor.tryOctet('~');
            return new Piece.Text(cursor.message());
        }
        if (!cursor.tryWord("URL")) {
            throw cursor.bad("CATENATE takes TEXT and a literal, or URL and an IMAP URL");
        }
        cursor.space();
        return new Piece.Url(cursor.astringText("a URL"));
    }
}
