package io.mailserver.sharing;

import io.mailserver.store.AppendOutcome;
import io.mailserver.store.Changes;
import io.mailserver.store.CopyOutcome;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageContents;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoreOutcome;
import io.mailserver.store.UidSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The messages of one mailbox, as far as one account has the rights to them (RFC 4314 §4); of its own it has all. */
final class SharedMailbox implements Mailbox {
    private final SharedMail mail;
    private final Mailbox inner;
    private final MailboxId id;

    SharedMailbox(SharedMail mail, Mailbox inner, MailboxId id) {
        this.mail = mail;
        this.inner = inner;
        this.id = id;
    }

    /** The same without rights. */
    Mailbox inner() {
        return inner;
    }

    @Override
    public MailboxId id() {
        return id;
    }

    private boolean isOwn() {
        return SharedMail.isOwn(id);
    }

    private void require(Right right) throws StoreException {
        if (!isOwn()) {
            mail.require(id, right);
        }
    }

    @Override
    public MessageList messages() throws StoreException {
        require(Right.READ);
        return inner.messages();
    }

    @Override
    public MessageList known() throws StoreException {
        require(Right.READ);
        return inner.known();
    }

    /** Of another's mailbox one by one, the right asked for each time. */
    @Override
    public MessageContents contents(MessageList list, UidSet uids) {
        return isOwn() ? inner.contents(list, uids) : MessageContents.oneByOne(this);
    }

    @Override
    public <X extends Exception> void read(MessageList list, UidSet uids, Set<MessageField> fields, RowConsumer<X> consumer)
            throws StoreException, X {
        require(Right.READ);
        inner.read(list, uids, fields, consumer);
    }

    @Override
    public MessageContent content(int uid) throws StoreException {
        require(Right.READ);
        return inner.content(uid);
    }

    /**
     * Of several flags those are changed that may be.
     *
     * @throws StoreException NO_PERMISSION where none of them may
     */
    @Override
    public StoreOutcome store(UidSet uids, FlagChange change, OptionalLong unchangedSince) throws StoreException {
        if (isOwn()) {
            return inner.store(uids, change, unchangedSince);
        }
        Rights mine = mail.require(id, Right.READ);
        boolean all = mine.has(Right.SEEN) && mine.has(Right.WRITE) && mine.has(Right.DELETE_MESSAGES);
        if (all) {
            return inner.store(uids, change, unchangedSince);
        }
        if (change.kind() == FlagChange.Kind.REPLACE) {
            return replace(uids, change.flags(), unchangedSince, mine);
        }
        Set<Flag> allowed = allowed(change.flags(), mine);
        if (allowed.isEmpty() && !change.flags().isEmpty()) {
            throw SharedMail.noPermission(rightFor(change.flags().iterator().next()));
        }
        return inner.store(uids, new FlagChange(change.kind(), allowed), unchangedSince);
    }

    /** Flags that may not be changed stay as they are (RFC 4314 §4). */
    private StoreOutcome replace(UidSet uids, Set<Flag> wanted, OptionalLong unchangedSince, Rights mine) throws StoreException {
        if (!mine.hasAny(Right.SEEN, Right.WRITE, Right.DELETE_MESSAGES)) {
            throw SharedMail.noPermission(Right.WRITE);
        }
        Set<Flag> known = new LinkedHashSet<>(Flag.SYSTEM);
        known.addAll(inner.messages().keywords());
        Set<Flag> unwanted = allowed(known, mine);
        unwanted.removeAll(wanted);
        StoreOutcome added = inner.store(uids, new FlagChange(FlagChange.Kind.ADD, allowed(wanted, mine)), unchangedSince);
        UidSet left = uids.minus(added.modified());
        StoreOutcome removed = inner.store(left, new FlagChange(FlagChange.Kind.REMOVE, unwanted), OptionalLong.empty());
        return new StoreOutcome(added.changed().union(removed.changed()), added.modified(), Math.max(added.modSeq(), removed.modSeq()));
    }

    private static Set<Flag> allowed(Set<Flag> flags, Rights rights) {
        Set<Flag> allowed = new LinkedHashSet<>(flags);
        allowed.removeIf(flag -> !rights.has(rightFor(flag)));
        return allowed;
    }

    private static Right rightFor(Flag flag) {
        if (flag.equals(Flag.SEEN)) {
            return Right.SEEN;
        }
        return flag.equals(Flag.DELETED) ? Right.DELETE_MESSAGES : Right.WRITE;
    }

    @Override
    public UidSet expunge(Optional<UidSet> uids) throws StoreException {
        require(Right.EXPUNGE);
        return inner.expunge(uids);
    }

    /** With those flags that may be set (RFC 4314 §4, APPEND). */
    @Override
    public AppendOutcome append(List<NewMessage> messages) throws StoreException {
        if (isOwn()) {
            return inner.append(messages);
        }
        Rights mine = mail.require(id, Right.INSERT);
        return inner.append(messages.stream()
                .map(message -> new NewMessage(message.content(), allowed(message.flags(), mine), message.date()))
                .toList());
    }

    @Override
    public CopyOutcome copy(UidSet uids, MailboxId target) throws StoreException {
        return transfer(uids, target, false);
    }

    /** RFC 6851 §3.3: as COPY, then what \Deleted and EXPUNGE need. */
    @Override
    public CopyOutcome move(UidSet uids, MailboxId target) throws StoreException {
        require(Right.DELETE_MESSAGES);
        require(Right.EXPUNGE);
        return transfer(uids, target, true);
    }

    private CopyOutcome transfer(UidSet uids, MailboxId target, boolean move) throws StoreException {
        require(Right.READ);
        Rights there = mail.require(target, Right.INSERT);
        boolean flagsStay = there.has(Right.SEEN) && there.has(Right.WRITE) && there.has(Right.DELETE_MESSAGES);
        if (target.sharer() == id.sharer() && flagsStay) {
            MailboxId within = new MailboxId(target.number());
            return move ? inner.move(uids, within) : inner.copy(uids, within);
        }
        return new CopyAcross(inner, mail.shared(target), mail.spool()).run(uids, move);
    }

    @Override
    public Changes changesSince(long modSeq) throws StoreException {
        require(Right.READ);
        return inner.changesSince(modSeq);
    }

    @Override
    public int claimRecent(boolean examine) throws StoreException {
        // Who may not mark messages as seen takes nothing of their newness from others either.
        return inner.claimRecent(examine || !(isOwn() || mail.require(id, Right.READ).has(Right.SEEN)));
    }
}
