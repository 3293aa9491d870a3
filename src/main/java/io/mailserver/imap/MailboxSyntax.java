package io.mailserver.imap;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** CREATE, RENAME, LIST, LSUB and STATUS (RFC 9051 §6.3). */
final class MailboxSyntax {
    private MailboxSyntax() {}

    static ImapCommand create(ImapCursor cursor) throws ImapSyntaxException {
        String mailbox = cursor.mailbox();
        if (!cursor.trySpace() || cursor.atEnd()) {
            return new ImapCommand.Create(mailbox, List.of());
        }
        cursor.octet('('); // RFC 6154 §3
        if (!cursor.tryWord("USE")) {
            throw cursor.bad("The one parameter of CREATE is USE: CREATE Sent (USE (\\Sent))");
        }
        cursor.space();
        List<String> uses = cursor.listOrNone(() -> {
            cursor.octet('\\');
            return "\\" + cursor.atom("a special use");
        });
        cursor.octet(')');
        return new ImapCommand.Create(mailbox, uses);
    }

    static ImapCommand rename(ImapCursor cursor) throws ImapSyntaxException {
        String from = cursor.mailbox();
        cursor.space();
        return new ImapCommand.Rename(from, cursor.mailbox());
    }

    static ImapCommand lsub(ImapCursor cursor) throws ImapSyntaxException {
        String reference = cursor.mailbox();
        cursor.space();
        return new ImapCommand.Lsub(reference, cursor.listMailbox());
    }

    static ImapCommand status(ImapCursor cursor) throws ImapSyntaxException {
        String mailbox = cursor.mailbox();
        cursor.space();
        return new ImapCommand.Status(mailbox, statusItems(cursor));
    }

    private static List<StatusItem> statusItems(ImapCursor cursor) throws ImapSyntaxException {
        List<StatusItem> items = cursor.list(() -> {
            String word = cursor.word("a status item");
            return StatusItem.named(word).orElseThrow(() -> cursor.bad("There is no status item " + word));
        });
        return List.copyOf(new LinkedHashSet<>(items));
    }

    static ImapCommand list(ImapCursor cursor) throws ImapSyntaxException {
        Set<ListOptions.Select> select = EnumSet.noneOf(ListOptions.Select.class);
        boolean extended = cursor.peek() == '(';
        if (extended) {
            cursor.listOrNone(() -> select.add(selectOption(cursor)));
            cursor.space();
            if (!ListOptions.areValid(select)) {
                throw cursor.bad("RECURSIVEMATCH needs SUBSCRIBED beside it"); // RFC 9051 §6.3.9.1
            }
        }
        String reference = cursor.mailbox();
        cursor.space();
        List<String> patterns;
        if (cursor.peek() == '(') {
            extended = true;
            patterns = cursor.list(cursor::listMailbox);
        } else {
            patterns = List.of(cursor.listMailbox());
        }
        Returns returns = new Returns();
        if (cursor.trySpace() && !cursor.atEnd()) {
            extended = true;
            if (!cursor.tryWord("RETURN")) {
                throw cursor.bad("Expected RETURN");
            }
            cursor.space();
            cursor.listOrNone(() -> returns.add(cursor));
        }
        return new ImapCommand.ListMailboxes(
                extended, select, reference, patterns, returns.words, returns.status, returns.metadata);
    }

    private static ListOptions.Select selectOption(ImapCursor cursor) throws ImapSyntaxException {
        String word = cursor.word("a selection option");
        return find(ListOptions.Select.values(), ListOptions.Select::word, word)
                .orElseThrow(() -> cursor.bad("There is no selection option " + word));
    }

    /** What RETURN asks for. */
    private static final class Returns {
        final Set<ListOptions.Return> words = EnumSet.noneOf(ListOptions.Return.class);
        List<StatusItem> status = List.of();
        List<String> metadata = List.of();

        boolean add(ImapCursor cursor) throws ImapSyntaxException {
            if (cursor.tryWord("STATUS")) { // RFC 5819 §2
                cursor.space();
                status = statusItems(cursor);
                return true;
            }
            if (cursor.tryWord("METADATA")) { // RFC 9590 §3
                cursor.space();
                metadata = cursor.list(() -> PropertySyntax.entryName(cursor));
                return true;
            }
            String word = cursor.word("a return option");
            return words.add(find(ListOptions.Return.values(), ListOptions.Return::word, word)
                    .orElseThrow(() -> cursor.bad("There is no return option " + word)));
        }
    }

    private static <E extends Enum<E>> Optional<E> find(E[] values, Function<E, String> name, String word) {
        for (E value : values) {
            if (name.apply(value).equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** One mailbox, or several in parentheses (RFC 5465 §8). */
    static List<String> mailboxes(ImapCursor cursor) throws ImapSyntaxException {
        return cursor.peek() == '(' ? cursor.list(cursor::mailbox) : List.of(cursor.mailbox());
    }

    /** RFC 5465 §8, filter-mailboxes. */
    static MailboxFilter filter(ImapCursor cursor) throws ImapSyntaxException {
        String word = cursor.word("which mailboxes");
        return switch (word) {
            case "SELECTED" -> MailboxFilter.Plain.SELECTED;
            case "SELECTED-DELAYED" -> MailboxFilter.Plain.SELECTED_DELAYED;
            case "INBOXES" -> MailboxFilter.Plain.INBOXES;
            case "PERSONAL" -> MailboxFilter.Plain.PERSONAL;
            case "SUBSCRIBED" -> MailboxFilter.Plain.SUBSCRIBED;
            case "SUBTREE" -> {
                cursor.space();
                yield new MailboxFilter.Subtree(mailboxes(cursor));
            }
            case "SUBTREE-ONE" -> {
                cursor.space();
                yield new MailboxFilter.SubtreeOne(mailboxes(cursor));
            }
            case "MAILBOXES" -> {
                cursor.space();
                yield new MailboxFilter.Mailboxes(mailboxes(cursor));
            }
            default -> throw cursor.bad("There is no mailbox filter " + word);
        };
    }
}
