package io.mailserver.sharing;

import io.mailserver.account.AccountRef;
import io.mailserver.base.ContentSpool;
import io.mailserver.log.EventLog;
import io.mailserver.store.AccountEmails;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.Change;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.StoreException;
import io.mailserver.store.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What one account sees: its own mail, and below {@code Other Users/<address>/} the mailboxes of others that it may look up. Every call
 * on those is checked against the rights of this moment.
 *
 * <p>Accounts that share something are opened when they are looked at and stay open until this is closed.
 *
 * <p>Belongs to one thread at a time; listeners of {@link #watch} are called by others.
 */
public final class SharedMail implements AccountMail {
    /** Accounts whose mailboxes are listed, each of which is open then; those of others are found by name. */
    private static final int MAX_LISTED = 500;

    private final AccountMail own;
    private final AccountRef self;
    private final Parts parts;
    private final Map<Long, Other> others = new HashMap<>();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final SharedMailboxes mailboxes;

    private SharedMail(AccountMail own, AccountRef self, Parts parts) {
        this.own = own;
        this.self = self;
        this.parts = parts;
        this.mailboxes = new SharedMailboxes(this);
    }

    /** Opens the mail of one account, without that of others. */
    @FunctionalInterface
    public interface Opener {
        AccountMail open(AccountKey account) throws StoreException;
    }

    /**
     * What all that accounts see stands on.
     *
     * @param spool holds messages on their way from one account to another
     */
    public record Parts(Opener opener, SharingDirectory directory, ContentSpool spool, EventLog log) {}

    /** The open mail of another account. */
    record Other(AccountRef owner, AccountMail mail, Watch watch) {
        MailboxId seen(MailboxId inner) {
            return new MailboxId(inner.number(), owner.id());
        }

        /** Whether the store still serves it; its index may have been rebuilt under it. */
        private boolean isUsable() {
            try {
                return mail.mailboxes().find(MailboxName.INBOX).isPresent();
            } catch (StoreException e) {
                return false;
            }
        }

        private void close() {
            watch.close();
            mail.close();
        }
    }

    /**
     * Opens what an account sees.
     *
     * @return closed by the caller
     */
    public static SharedMail open(AccountKey account, Parts parts) throws StoreException {
        AccountRef self = parts.directory().account(account.toString())
                .filter(found -> key(found).equals(account))
                .orElseThrow(() -> new StoreException(StoreException.Cause.UNAVAILABLE, "The account can no longer be used"));
        return new SharedMail(parts.opener().open(account), self, parts);
    }

    private static AccountKey key(AccountRef account) {
        return new AccountKey(account.domain(), account.localPart());
    }

    // ---- for the classes of this package

    AccountMail own() {
        return own;
    }

    AccountRef self() {
        return self;
    }

    SharingDirectory directory() {
        return parts.directory();
    }

    ContentSpool spool() {
        return parts.spool();
    }

    static boolean isOwn(MailboxId id) {
        return id.sharer() == 0;
    }

    /** Another account's open mail. */
    Other other(AccountRef owner) throws StoreException {
        Other known = others.get(owner.id());
        if (known != null && known.isUsable()) {
            return known;
        }
        if (known != null) {
            others.remove(owner.id());
            known.close();
        }
        AccountMail mail = parts.opener().open(key(owner));
        Other opened = new Other(owner, mail, mail.watch(change -> tell(owner.id(), change)));
        others.put(owner.id(), opened);
        return opened;
    }

    private void tell(long owner, Change change) {
        Change seen = change instanceof Change.Messages messages
                ? new Change.Messages(new MailboxId(messages.mailbox().number(), owner), messages.modSeq())
                : change;
        listeners.forEach(listener -> listener.accept(seen));
    }

    /** All accounts that may share something with this one; of those in trouble, nothing is seen now. */
    List<Other> sharers() throws StoreException {
        List<Other> open = new ArrayList<>();
        List<AccountRef> sharers = parts.directory().sharers(self);
        for (AccountRef sharer : sharers.subList(0, Math.min(MAX_LISTED, sharers.size()))) {
            try {
                open.add(other(sharer));
            } catch (StoreException e) {
                parts.log().error("sharing.account-unavailable", e, "account", sharer.address());
            }
        }
        return open;
    }

    /** Whether an account may share something with this one: others are not opened for whoever guesses their names. */
    boolean isSharer(AccountRef owner) throws StoreException {
        return parts.directory().sharers(self).stream().anyMatch(sharer -> sharer.id() == owner.id());
    }

    /** The account whose mailbox it is. Removed and disabled accounts share nothing. */
    Other holder(MailboxId id) throws StoreException {
        Other known = others.get(id.sharer());
        boolean there = known != null
                && parts.directory().account(known.owner().address().toString()).filter(found -> found.id() == id.sharer()).isPresent();
        if (known == null || !there) {
            throw noSuchMailbox();
        }
        return known;
    }

    static StoreException noSuchMailbox() {
        return new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "There is no such mailbox");
    }

    static StoreException noPermission(Right right) {
        return new StoreException(
                StoreException.Cause.NO_PERMISSION, "The owner of the mailbox has not given you this right (" + right.letter() + ")");
    }

    /**
     * This account's rights, provided that it has this one.
     *
     * @throws StoreException NO_SUCH_MAILBOX also where it may not know of the mailbox; NO_PERMISSION
     */
    Rights require(MailboxId id, Right right) throws StoreException {
        Rights mine = rights(id);
        if (!mine.has(right)) {
            throw noPermission(right);
        }
        return mine;
    }

    // ---- for all

    /**
     * What this account may do with a mailbox now.
     *
     * @throws StoreException NO_SUCH_MAILBOX where it may not look it up
     */
    public Rights rights(MailboxId id) throws StoreException {
        if (isOwn(id)) {
            return Rights.ALL;
        }
        Other other = holder(id);
        Rights mine = AccessList.of(other.mail().mailboxes().acl(new MailboxId(id.number()))).of(self, other.owner());
        if (!mine.has(Right.LOOKUP)) {
            throw noSuchMailbox();
        }
        return mine;
    }

    /**
     * Refuses where one of these rights is missing.
     *
     * @throws StoreException NO_SUCH_MAILBOX, NO_PERMISSION
     */
    public void requireAll(MailboxId id, Right... rights) throws StoreException {
        for (Right right : rights) {
            require(id, right);
        }
    }

    /** Whether this account has a right now; false also for a mailbox that is not there. */
    public boolean may(MailboxId id, Right right) throws StoreException {
        try {
            return rights(id).has(right);
        } catch (StoreException e) {
            if (e.reason() == StoreException.Cause.NO_SUCH_MAILBOX) {
                return false;
            }
            throw e;
        }
    }

    /** The lists of rights, to be read and changed. */
    public AccessControl accessControl() {
        return new AccessControl(this);
    }

    /** Whose mailbox it is: that account's quota and indexes count. */
    public AccountKey owner(MailboxId id) throws StoreException {
        return isOwn(id) ? own.account() : key(holder(id).owner());
    }

    /** What the account holds whose mailbox it is. */
    public Usage usage(MailboxId id) throws StoreException {
        return isOwn(id) ? own.usage() : holder(id).mail().usage();
    }

    /** Where mailboxes of others are: the prefix of their names, with a separator at its end (RFC 2342 §5). */
    public static String prefix() {
        return SharedMailboxes.PREFIX + MailboxName.SEPARATOR;
    }

    /** Where the mailboxes are of the account that has this one; empty for this account itself. */
    public Optional<String> placeOf(MailboxInfo info) {
        List<String> levels = info.name().levels();
        return isOwn(info.id()) ? Optional.empty() : Optional.of(levels.get(0) + MailboxName.SEPARATOR + levels.get(1));
    }

    @Override
    public AccountKey account() {
        return own.account();
    }

    /** Of this account's own. */
    @Override
    public AccountEmails emails() {
        return own.emails();
    }

    @Override
    public Mailboxes mailboxes() {
        return mailboxes;
    }

    @Override
    public Mailbox mailbox(MailboxId id) throws StoreException {
        return shared(id);
    }

    SharedMailbox shared(MailboxId id) throws StoreException {
        if (isOwn(id)) {
            return new SharedMailbox(this, own.mailbox(id), id);
        }
        rights(id);
        return new SharedMailbox(this, holder(id).mail().mailbox(new MailboxId(id.number())), id);
    }

    /** Also of what others share that has been looked at: those mailboxes have their {@link MailboxId#sharer}. */
    @Override
    public Watch watch(Consumer<Change> listener) {
        Watch ofOwn = own.watch(listener);
        listeners.add(listener);
        return () -> {
            ofOwn.close();
            listeners.remove(listener);
        };
    }

    @Override
    public Usage usage() throws StoreException {
        return own.usage();
    }

    @Override
    public long highestModSeq() throws StoreException {
        return own.highestModSeq();
    }

    @Override
    public void close() {
        others.values().forEach(Other::close);
        others.clear();
        own.close();
    }
}
