package io.mailserver.imapserver;

import io.mailserver.imap.FetchItem.Attribute;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.SearchReturn;
import io.mailserver.imap.SequenceSet;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.Right;
import io.mailserver.store.Changes;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * FETCH and UID FETCH (RFC 9051 §6.4.5). Answers stream: a message is written as it is read, so that memory does not grow with their
 * number or size.
 */
final class FetchCommand {
    /** Messages that become \Seen together, before they are sent: few enough that a client that goes away has seen most of them. */
    private static final int SEEN_AT_ONCE = 50;

    private final SessionContext context;
    private final SelectedMailbox selected;
    private final MailboxView view;

    FetchCommand(SessionContext context) {
        this.context = context;
        this.selected = context.selected();
        this.view = selected.view();
    }

    StatusResponse run(ImapCommand.Fetch command) throws StoreException, IOException {
        Optional<UidSet> resolved = MessageSets.resolve(selected, command.numbers(), command.uid());
        if (resolved.isEmpty()) {
            return Refusals.NO_SUCH_NUMBER;
        }
        if (command.vanished() && !context.has(Feature.QRESYNC)) {
            return StatusResponse.bad("VANISHED needs ENABLE QRESYNC"); // RFC 7162 §3.2.6
        }
        if (command.changedSince().isPresent() || command.items().contains(Attribute.MODSEQ)) {
            context.enable(Feature.CONDSTORE); // RFC 7162 §3.1
        }
        UidSet gone = view.goneAmong(resolved.get());
        UidSet uids = limited(command, resolved.get().minus(gone));
        if (command.vanished()) {
            vanished(command.numbers(), command.changedSince().orElse(0));
        }
        boolean withUid = command.uid() && !context.has(Feature.UIDONLY); // UIDFETCH begins with it.
        FetchPlan plan = FetchPlan.of(command.items(), withUid, command.changedSince().isPresent(), !maySetSeen());
        FetchWriter writer = new FetchWriter(context, plan);
        if (plan.setsSeen()) {
            writeAndMarkSeen(uids, writer);
        } else {
            writer.write(uids, UidSet.EMPTY);
        }
        context.services().statistics().fetched.add(writer.written());
        Optional<StatusResponse> trouble = writer.trouble();
        if (trouble.isPresent()) {
            return trouble.get();
        }
        // RFC 5530 §3; by UID, messages that are not there are no error (RFC 9051 §6.4.9).
        boolean someGone = !command.uid() && (!gone.isEmpty() || writer.someGone());
        return someGone ? Refusals.EXPUNGED : StatusResponse.ok("FETCH completed");
    }

    /** RFC 4314 §4: without the right, messages are read and stay unseen. */
    private boolean maySetSeen() throws StoreException {
        return !selected.readOnly() && context.mail().may(selected.info().id(), Right.SEEN);
    }

    /** Those of {@code uids} that CHANGEDSINCE and PARTIAL leave. */
    private UidSet limited(ImapCommand.Fetch command, UidSet uids) {
        UidSet left = uids;
        OptionalLong since = command.changedSince();
        if (since.isPresent()) {
            left = left.intersection(view.list().changedSince(since.getAsLong()));
        }
        return command.partial().isPresent() ? partial(left, command.partial().get()) : left;
    }

    /** RFC 9394 §3.1: positions in the result, from its end where they are negative. */
    static UidSet partial(UidSet uids, SearchReturn.Partial partial) {
        long size = uids.size();
        long a = partial.first() > 0 ? partial.first() : size + 1 + partial.first();
        long b = partial.last() > 0 ? partial.last() : size + 1 + partial.last();
        long first = Math.min(a, b);
        long last = Math.max(a, b);
        UidSet.Builder chosen = new UidSet.Builder();
        long[] position = {0};
        uids.forEach(uid -> {
            position[0]++;
            if (position[0] >= first && position[0] <= last) {
                chosen.add(uid);
            }
        });
        return chosen.build();
    }

    private void writeAndMarkSeen(UidSet uids, FetchWriter writer) throws StoreException, IOException {
        UidSet.Builder slice = new UidSet.Builder();
        int count = 0;
        int last = view.lastUid();
        for (int range = 0; range < uids.ranges(); range++) {
            int uid = uids.first(range);
            while (true) {
                slice.add(uid);
                if (++count == SEEN_AT_ONCE) {
                    writeSeen(slice.build(), writer);
                    slice = new UidSet.Builder();
                    count = 0;
                }
                if (uid == uids.last(range) || uid == last) {
                    break;
                }
                uid++;
            }
        }
        writeSeen(slice.build(), writer);
    }

    private void writeSeen(UidSet slice, FetchWriter writer) throws StoreException, IOException {
        MessageList list = view.list();
        UidSet.Builder unseen = new UidSet.Builder();
        list.select(slice).forEach(uid -> {
            if ((list.flags(list.indexOf(uid)) & MessageList.SEEN) == 0) {
                unseen.add(uid);
            }
        });
        UidSet changed = unseen.build();
        if (!changed.isEmpty()) {
            FlagChange seen = new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.SEEN));
            selected.mailbox().store(changed, seen, OptionalLong.empty());
            new MailboxNews(context).look();
        }
        writer.write(slice, changed);
    }

    /** RFC 7162 §3.2.6: also of UIDs that no message of this view has. */
    private void vanished(SequenceSet numbers, long since) throws StoreException, IOException {
        Changes changes = selected.mailbox().changesSince(since);
        UidSet.Builder asked = new UidSet.Builder();
        numbers.forEachRange(Integer.toUnsignedLong(view.lastUid()), (first, last) -> asked.addRange((int) first, (int) last));
        UidSet vanished = changes.vanished().intersection(asked.build()).minus(view.list().uids());
        if (!vanished.isEmpty()) {
            context.out().begin("VANISHED (EARLIER)").space().ascii(vanished.toString()).crlf();
        }
    }
}
