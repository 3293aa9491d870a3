package io.mailserver.mime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads address lists word by word; each character is looked at a bounded number of times. */
final class AddressParser {
    private final HeaderScanner in;
    private final List<MailAddress> entries = new ArrayList<>();
    private int mailboxes;

    /** The words before what decides what they are: a phrase before {@code <} or {@code :}, else an address. */
    private final StringBuilder phrase = new StringBuilder();
    private final StringBuilder address = new StringBuilder();
    private int localPartEnd = -1;
    private String comment = "";

    private @Nullable String group;
    private final List<MailAddress.Mailbox> members = new ArrayList<>();

    AddressParser(String value) {
        in = new HeaderScanner(value);
    }

    List<MailAddress> list() {
        while (!in.atEnd() && mailboxes < AddressList.MAX_MAILBOXES) {
            step();
        }
        finishMailbox();
        finishGroup();
        return entries;
    }

    private void step() {
        boolean spaced = skipSpace();
        char c = in.peek();
        switch (c) {
            case ',' -> {
                in.skip();
                finishMailbox();
            }
            case ';' -> {
                in.skip();
                finishMailbox();
                finishGroup();
            }
            case ':' -> colon();
            case '<' -> angle();
            case '@' -> {
                in.skip();
                localPartEnd = localPartEnd < 0 ? address.length() : localPartEnd;
                address.append('@');
                phrase.append('@');
            }
            case '"' -> word(in.quotedString(), spaced);
            case '[' -> word(literal(), spaced);
            case HeaderScanner.END -> {
                if (!in.atEnd()) {
                    in.skip();
                }
            }
            default -> word(atom(), spaced);
        }
    }

    /** Skips white space and comments, of which the last is kept: before there were phrases, names stood there. */
    private boolean skipSpace() {
        int start = in.position();
        in.skipBlanks();
        while (in.peek() == '(') {
            comment = in.comment().strip();
            in.skipBlanks();
        }
        return in.position() > start;
    }

    private String atom() {
        String atom = in.until(",;:<>@\"([ \t\r\n");
        if (atom.isEmpty()) {
            in.skip(); // A lone closing bracket.
        }
        return atom;
    }

    private String literal() {
        int start = in.position();
        in.until("]");
        in.take(']');
        return in.from(start);
    }

    private void word(String word, boolean spaced) {
        if (spaced && !phrase.isEmpty()) {
            phrase.append(' ');
        }
        phrase.append(word);
        address.append(word); // RFC 5322 §4.4: white space around dots and at signs says nothing.
    }

    private void colon() {
        in.skip();
        if (group == null && localPartEnd < 0) {
            group = phrase.toString();
            clearMailbox();
        } else {
            word(":", false);
        }
    }

    private void finishGroup() {
        if (group != null) {
            entries.add(new MailAddress.Group(group, members));
            group = null;
            members.clear();
        }
    }

    /** An address in angle brackets; the bracket may lack. */
    private void angle() {
        in.skip();
        String name = phrase.toString();
        StringBuilder text = new StringBuilder();
        int at = -1;
        String route = "";
        boolean open = true;
        while (open && !in.atEnd()) {
            in.skipSpace();
            switch (in.peek()) {
                case '>' -> {
                    in.skip();
                    open = false;
                }
                case '"' -> text.append(in.quotedString());
                case '[' -> text.append(literal());
                case '<' -> in.skip();
                case '@' -> {
                    in.skip();
                    at = text.length();
                    text.append('@');
                }
                case ':' -> { // Ends a source route: <@a,@b:user@host>.
                    in.skip();
                    boolean isRoute = !text.isEmpty() && text.charAt(0) == '@';
                    route = isRoute ? text.toString() : route;
                    at = isRoute ? -1 : at;
                    if (isRoute) {
                        text.setLength(0);
                    } else {
                        text.append(':');
                    }
                }
                case ',' -> {
                    boolean inRoute = !text.isEmpty() && text.charAt(0) == '@';
                    if (inRoute) {
                        in.skip();
                        text.append(',');
                    } else {
                        open = false; // The bracket was never closed.
                    }
                }
                default -> angleWord(text);
            }
        }
        clearMailbox();
        add(mailbox(name, route, text.toString(), at));
    }

    private void angleWord(StringBuilder text) {
        String word = in.until(",<>@\"([: \t\r\n");
        if (word.isEmpty() && !in.atEnd()) {
            in.skip();
        }
        text.append(word);
    }

    /** What stood before a comma or the end without angle brackets. */
    private void finishMailbox() {
        if (!address.isEmpty()) {
            String name = comment;
            add(mailbox(name, "", address.toString(), localPartEnd));
        } else if (!phrase.isEmpty()) {
            add(new MailAddress.Mailbox(phrase.toString(), "", "", ""));
        }
        clearMailbox();
    }

    private void clearMailbox() {
        phrase.setLength(0);
        address.setLength(0);
        localPartEnd = -1;
        comment = "";
    }

    private void add(MailAddress.Mailbox mailbox) {
        mailboxes++;
        if (group == null) {
            entries.add(mailbox);
        } else {
            members.add(mailbox);
        }
    }

    private static MailAddress.Mailbox mailbox(String name, String route, String text, int at) {
        return at < 0
                ? new MailAddress.Mailbox(name, route, text, "")
                : new MailAddress.Mailbox(name, route, text.substring(0, at), text.substring(at + 1));
    }
}
