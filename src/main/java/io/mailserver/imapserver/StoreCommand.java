package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoreOutcome;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** STORE and UID STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3). */
final class StoreCommand {
    private final SessionContext context;
    private final SelectedMailbox selected;
    private final MailboxView view;

    StoreCommand(SessionContext context) {
        this.context = context;
        this.selected = context.selected();
        this.view = selected.view();
    }

    StatusResponse run(ImapCommand.Store command) throws StoreException, IOException {
        Optional<UidSet> resolved = MessageSets.resolve(selected, command.numbers(), command.uid());
        if (resolved.isEmpty()) {
            return Refusals.NO_SUCH_NUMBER;
        }
        Optional<Set<Flag>> flags = Flags.parse(command.flags());
        if (flags.isEmpty()) {
            return StatusResponse.bad("One of these flags is no flag that a client can set");
        }
        UidSet uids = resolved.get();
        boolean someGone = !command.uid() && !view.goneAmong(uids).isEmpty();
        if (someGone && command.unchangedSince().isEmpty() && uids.size() == view.goneAmong(uids).size()) {
            return Refusals.EXPUNGED;
        }
        if (command.unchangedSince().isPresent()) {
            context.enable(Feature.CONDSTORE); // RFC 7162 §3.1
        }
        FlagChange change = new FlagChange(kind(command.change()), flags.get());
        MessageList before = view.list();
        UidSet notToldYet = selected.unsaid();
        StoreOutcome outcome = selected.mailbox().store(uids, change, command.unchangedSince());
        tell(command, uids, change, new Known(before, notToldYet), outcome);
        if (!outcome.modified().isEmpty()) {
            // RFC 7162 §3.1.3: OK, with those that were left alone
            String numbers = command.uid() ? outcome.modified().toString() : view.numbersOf(outcome.modified());
            return StatusResponse.ok(new ResponseCode.Modified(numbers), "Conditional STORE left some messages alone");
        }
        return someGone ? Refusals.EXPUNGED : StatusResponse.ok("STORE completed");
    }

    private static FlagChange.Kind kind(ImapCommand.Store.Change change) {
        return switch (change) {
            case REPLACE -> FlagChange.Kind.REPLACE;
            case ADD -> FlagChange.Kind.ADD;
            case REMOVE -> FlagChange.Kind.REMOVE;
        };
    }

    /**
     * What the client knew of flags before.
     *
     * @param changedMeanwhile messages of which it knew older ones
     */
    private record Known(MessageList list, UidSet changedMeanwhile) {}

    private void tell(ImapCommand.Store command, UidSet uids, FlagChange change, Known known, StoreOutcome outcome)
            throws StoreException, IOException {
        new MailboxNews(context).look();
        UidSet own = uids.minus(outcome.modified());
        if (!command.silent()) {
            new MailboxNews(context).flags(own, command.uid());
            return;
        }
        // Not silent about what another session did to the same messages meanwhile (RFC 9051 §6.4.6).
        UidSet.Builder asExpected = new UidSet.Builder();
        MessageList before = known.list();
        MessageList now = view.list();
        outcome.changed().forEach(uid -> {
            int index = now.indexOf(uid);
            int indexBefore = before.indexOf(uid);
            if (index >= 0 && indexBefore >= 0 && expected(before.flags(indexBefore), now, change) == now.flags(index)) {
                asExpected.add(uid);
            }
        });
        UidSet quiet = asExpected.build().minus(known.changedMeanwhile());
        selected.said(quiet);
        if (context.has(Feature.CONDSTORE)) {
            modSeqs(quiet, command.uid());
        }
    }

    private static long expected(long before, MessageList list, FlagChange change) {
        long mask = 0;
        for (Flag flag : change.flags()) {
            mask |= list.bitOf(flag);
        }
        return switch (change.kind()) {
            case ADD -> before | mask;
            case REMOVE -> before & ~mask;
            case REPLACE -> mask;
        };
    }

    /** RFC 7162 §3.1.3: the new MODSEQ is told also where the flags are not. */
    private void modSeqs(UidSet uids, boolean withUid) throws IOException {
        ImapWriter out = context.out();
        MessageList list = view.list();
        boolean uid = !context.has(Feature.UIDONLY) && (withUid || context.has(Feature.QRESYNC));
        for (int range = 0; range < uids.ranges(); range++) {
            for (int index = list.indexFrom(uids.first(range));
                    index < list.size() && Integer.compareUnsigned(list.uid(index), uids.last(range)) <= 0;
                    index++) {
                context.beginFetch(index);
                if (uid) {
                    out.item("UID").number(Integer.toUnsignedLong(list.uid(index)));
                }
                out.item("MODSEQ").open().number(list.modSeq(index)).close();
                out.endFetch();
            }
        }
    }
}
