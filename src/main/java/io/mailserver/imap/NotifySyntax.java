package io.mailserver.imap;

import io.mailserver.imap.NotifyEvents.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** NOTIFY (RFC 5465 §8). */
final class NotifySyntax {
    /** Groups of mailboxes that one client can ask for. */
    private static final int MAX_GROUPS = 100;

    private NotifySyntax() {}

    static ImapCommand notify(ImapCursor cursor) throws ImapSyntaxException {
        if (cursor.tryWord("NONE")) {
            return new ImapCommand.Notify(false, List.of());
        }
        if (!cursor.tryWord("SET")) {
            throw cursor.bad("Write NOTIFY NONE or NOTIFY SET and groups of mailboxes and events");
        }
        cursor.space();
        boolean status = cursor.tryWord("STATUS");
        if (status) {
            cursor.space();
        }
        List<NotifyEvents> groups = new ArrayList<>();
        do {
            groups.add(group(cursor));
            if (groups.size() > MAX_GROUPS) {
                throw cursor.bad("NOTIFY takes at most " + MAX_GROUPS + " groups");
            }
        } while (cursor.trySpace());
        return new ImapCommand.Notify(status, groups);
    }

    private static NotifyEvents group(ImapCursor cursor) throws ImapSyntaxException {
        cursor.octet('(');
        MailboxFilter filter = MailboxSyntax.filter(cursor);
        cursor.space();
        Set<Event> events = EnumSet.noneOf(Event.class);
        List<FetchItem> items = new ArrayList<>();
        if (!cursor.tryWord("NONE")) {
            cursor.list(() -> events.add(event(cursor, items)));
        }
        cursor.octet(')');
        checkTogether(cursor, events);
        return new NotifyEvents(filter, events, items);
    }

    private static Event event(ImapCursor cursor, List<FetchItem> items) throws ImapSyntaxException {
        String word = cursor.word("an event");
        Event event = Arrays.stream(Event.values())
                .filter(known -> known.name().equals(word))
                .findFirst()
                .orElseThrow(() -> cursor.refuse(StatusResponse.no(
                        new ResponseCode.BadEvent(Arrays.stream(Event.values()).map(Event::word).toList()),
                        "There is no event " + word)));
        if (event == Event.MESSAGENEW) {
            int start = cursor.position();
            if (cursor.trySpace() && cursor.peek() == '(') {
                items.addAll(FetchSyntax.items(cursor));
            } else {
                cursor.reset(start);
            }
        }
        return event;
    }

    /** RFC 5465 §5.2, §5.3: a client that hears of only some of these would count wrong. */
    private static void checkTogether(ImapCursor cursor, Set<Event> events) throws ImapSyntaxException {
        boolean arrivals = events.contains(Event.MESSAGENEW);
        boolean removals = events.contains(Event.MESSAGEEXPUNGE);
        boolean changes = events.contains(Event.FLAGCHANGE) || events.contains(Event.ANNOTATIONCHANGE);
        if (arrivals != removals || (changes && !arrivals)) {
            throw cursor.bad("MessageNew and MessageExpunge come together, and FlagChange needs both");
        }
    }
}
