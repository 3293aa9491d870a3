package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.Qresync;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.ResponseCode.WithNumber.Name;
import io.mailserver.imap.SequenceSet;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.Right;
import io.mailserver.sharing.Rights;
import io.mailserver.store.Changes;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** SELECT and EXAMINE with CONDSTORE and QRESYNC (RFC 9051 §6.3.2, §6.3.3, RFC 7162 §3.1.8, §3.2.5). */
final class SelectCommand {
    private final SessionContext context;
    private final ImapWriter out;

    SelectCommand(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    StatusResponse run(ImapCommand.Select command) throws StoreException, IOException {
        if (command.qresync().isPresent() && !context.has(Feature.QRESYNC)) {
            return StatusResponse.bad("QRESYNC needs ENABLE QRESYNC first"); // RFC 7162 §3.2.5
        }
        if (context.has(Feature.UIDONLY) && command.qresync().flatMap(Qresync::known).isPresent()) {
            return Refusals.UID_REQUIRED;
        }
        if (context.isSelected()) {
            context.unselect(); // also where this SELECT fails (RFC 9051 §6.3.2)
            if (context.has(Feature.CONDSTORE) || context.has(Feature.IMAP4REV2)) {
                out.untagged(StatusResponse.ok(Plain.CLOSED, "The mailbox selected before is closed"));
            }
        }
        Optional<MailboxInfo> info = context.mailboxes().find(MailboxName.of(command.mailbox()));
        if (info.isEmpty()) {
            return StatusResponse.no(Plain.NONEXISTENT, "There is no mailbox of that name");
        }
        if (command.condstore()) {
            context.enable(Feature.CONDSTORE);
        }
        Mailbox mailbox = context.mail().mailbox(info.get().id());
        MessageList list = mailbox.messages();
        Rights rights = context.mail().rights(info.get().id());
        // RFC 4314 §5.2
        boolean readOnly = command.readOnly()
                || !rights.hasAny(Right.INSERT, Right.EXPUNGE, Right.SEEN, Right.WRITE, Right.DELETE_MESSAGES);
        SelectedMailbox selected = new SelectedMailbox(info.get(), mailbox, readOnly, list);
        selected.claimRecent();
        describe(selected, list, rights);
        context.select(selected);
        if (command.qresync().isPresent()) {
            resynchronize(selected, command.qresync().get());
        }
        return StatusResponse.ok(selected.readOnly() ? Plain.READ_ONLY : Plain.READ_WRITE, command.verb() + " completed");
    }

    private void describe(SelectedMailbox selected, MessageList list, Rights rights) throws IOException {
        Flags.writeKnown(out.begin("FLAGS").space(), list, false).crlf();
        out.numbered(list.size(), "EXISTS");
        if (!context.has(Feature.IMAP4REV2)) {
            out.numbered(selected.recentCount(), "RECENT");
            if (list.firstUnseen() >= 0 && !context.has(Feature.UIDONLY)) {
                number(Name.UNSEEN, list.firstUnseen() + 1L, "First unseen message");
            }
        }
        List<String> permanent = selected.readOnly() ? List.of() : Flags.changeable(list, rights);
        out.untagged(StatusResponse.ok(new ResponseCode.PermanentFlags(permanent), "Flags that stay"));
        number(Name.UIDVALIDITY, Integer.toUnsignedLong(list.uidValidity()), "UIDs are valid");
        number(Name.UIDNEXT, Integer.toUnsignedLong(list.uidNext()), "Next UID");
        number(Name.HIGHESTMODSEQ, Math.max(1, list.highestModSeq()), "Highest MODSEQ"); // RFC 7162 §3.1.2.1
        out.untagged(StatusResponse.ok(new ResponseCode.MailboxId(selected.info().id().toString()), "Mailbox id")); // RFC 8474 §4.2
        if (context.has(Feature.IMAP4REV2)) {
            out.begin("LIST () \"/\" ").mailbox(selected.info().name().text()).crlf(); // RFC 9051 §6.3.2
        }
    }

    private void number(Name name, long number, String text) throws IOException {
        out.untagged(StatusResponse.ok(new ResponseCode.WithNumber(name, number), text));
    }

    /** RFC 7162 §3.2.5.2: what went and what changed since the client was here. */
    private void resynchronize(SelectedMailbox selected, Qresync known) throws StoreException, IOException {
        MessageList list = selected.view().list();
        if (known.uidValidity() != Integer.toUnsignedLong(list.uidValidity())) {
            return; // What the client knows is of another mailbox: it sees that by UIDVALIDITY.
        }
        UidSet asked = known.knownUids().isPresent() ? uids(known.knownUids().get(), list) : UidSet.ALL;
        Changes changes = selected.mailbox().changesSince(known.modSeq());
        UidSet there = list.uids();
        UidSet vanished = changes.vanished().intersection(asked).minus(there);
        if (known.known().isPresent()) {
            vanished = vanished.minus(upTo(matching(known.known().get(), list)));
        }
        if (!vanished.isEmpty()) {
            out.begin("VANISHED (EARLIER)").space().ascii(vanished.toString()).crlf();
        }
        UidSet changed = list.changedSince(known.modSeq()).intersection(asked);
        if (!changed.isEmpty()) {
            new MailboxNews(context).flags(changed, true);
        }
    }

    private static UidSet uids(SequenceSet set, MessageList list) {
        long last = list.size() == 0 ? 0 : Integer.toUnsignedLong(list.uid(list.size() - 1));
        UidSet.Builder uids = new UidSet.Builder();
        set.forEachRange(last, (first, end) -> uids.addRange((int) first, (int) end));
        return uids.build();
    }

    /** The highest UID up to which the client's numbers are ours: nothing below it can have vanished unnoticed; 0 if there is none. */
    private static int matching(Qresync.KnownPairs pairs, MessageList list) {
        long[] numbers = pairs.numbers().resolve(0);
        long[] uids = pairs.uids().resolve(0);
        int matched = 0;
        int at = 0;
        long uid = uids.length == 0 ? 0 : uids[0];
        for (int range = 0; range < numbers.length; range += 2) {
            for (long number = numbers[range]; number <= numbers[range + 1] && at < uids.length; number++) {
                if (number > list.size() || Integer.toUnsignedLong(list.uid((int) number - 1)) != uid) {
                    return matched;
                }
                matched = (int) uid;
                if (uid < uids[at + 1]) {
                    uid++;
                } else {
                    at += 2;
                    uid = at < uids.length ? uids[at] : 0;
                }
            }
        }
        return matched;
    }

    private static UidSet upTo(int uid) {
        return uid == 0 ? UidSet.EMPTY : UidSet.range(1, uid);
    }
}
